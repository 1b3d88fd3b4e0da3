#include "tools/config/host.hpp"

#include "tools/config/milter_names.hpp"
#include "tools/sample_host.hpp"

#include <string>
#include <vector>

#include <catch2/catch.hpp>

using namespace sekisho;
using namespace sekisho::tools;
using Catch::Contains;

TEST_CASE("postconf is understood", "[tools]") {
  const Postfix postfix = postfix_with(
      "inet:127.0.0.1:8891, { unix:rspamd/milter.sock, connect_timeout=10s } local:a/b");
  CHECK(postfix.host_name == "mx.example.org");
  CHECK(postfix.queue_directory == "/var/spool/postfix");
  CHECK(postfix.smtpd_milters ==
        std::vector<std::string>{"inet:127.0.0.1:8891", "unix:rspamd/milter.sock", "local:a/b"});
  CHECK(postfix.is_smtpd_chrooted);
  CHECK_FALSE(postfix_with("", open_services).is_smtpd_chrooted);
  CHECK(postfix_with("").smtpd_milters.empty());
}

TEST_CASE("opendkim.conf is understood", "[tools]") {
  const OpenDkim opendkim =
      parse_opendkim("# Mode v\nmode\t\tv # verify\r\nSocket local:/run/opendkim/opendkim.sock\n");
  CHECK(opendkim.mode == "v");
  CHECK(opendkim.socket == "local:/run/opendkim/opendkim.sock");
  CHECK(parse_opendkim("Syslog yes\n").mode == "sv");
}

TEST_CASE("a service that was stopped and disabled is out of use", "[tools]") {
  const auto [states, is_out] = GENERATE(table<std::string, bool>({
      {"active\nenabled\n", false},
      {"active\ndisabled\n", false},
      {"inactive\nenabled\n", false},
      {"inactive\ndisabled\n", true},
      {"failed\nmasked\n", true},
      {"inactive\n", true},  // there is no such unit
      {"enabled\n", false},  // systemd does not run here
      {"disabled\n", false},
      {"", false},
  }));
  CAPTURE(states);
  CHECK(is_out_of_use(states) == is_out);
}
