// Other mail programs of the host that get in the way.
#include "tools/config/wiring_doubts.hpp"

#include "tools/sample_host.hpp"

#include <string>
#include <vector>

#include <catch2/catch.hpp>

using namespace sekisho;
using namespace sekisho::tools;
using Catch::Contains;

TEST_CASE("a proxy filter whose mail comes back to us from loopback is told", "[tools]") {
  constexpr auto services =
      "smtp             inet  n  -  y  -  -   smtpd\n"
      "submission       inet  n  -  y  -  -   smtpd\n"
      "127.0.0.1:10025  inet  n  -  y  -  10  smtpd\n"
      "reinject         inet  n  -  y  -  10  smtpd\n"
      "pickup           unix  n  -  y  60 1   pickup\n";
  constexpr auto postscreen =
      "smtp             inet  n  -  y  -  1   postscreen\n"
      "smtpd            pass  -  -  y  -  -   smtpd\n"
      "[::1]:10025      inet  n  -  y  -  10  smtpd\n";
  struct Case {
    std::string what;
    const char* main;
    const char* services;
    std::string service_settings;
    std::string doubted;  // the service; empty: none
  };
  const std::string back = "127.0.0.1:10025/inet/";
  const Case cases[] = {
      {"no filter", "", services, "", ""},
      {"of one service", "", services, "smtp/inet/smtpd_proxy_filter = 127.0.0.1:10024\n",
       "127.0.0.1:10025"},
      {"of main.cf", "smtpd_proxy_filter = 127.0.0.1:10024\n", services,
       back + "smtpd_proxy_filter = \n", "127.0.0.1:10025"},
      {"behind postscreen", "", postscreen, "smtpd/pass/smtpd_proxy_filter = 127.0.0.1:10024\n",
       "[::1]:10025"},
      {"no_milters", "", services,
       "smtp/inet/smtpd_proxy_filter = x:1\n" + back +
           "receive_override_options = no_unknown_recipient_checks,no_milters\n",
       ""},
      {"other overrides", "", services,
       "smtp/inet/smtpd_proxy_filter = x:1\n" + back +
           "receive_override_options = no_address_mappings\n",
       "127.0.0.1:10025"},
      {"no_milters in main.cf", "receive_override_options = no_milters\n", services,
       "smtp/inet/smtpd_proxy_filter = x:1\n", ""},
      {"smtpd_milters without us", "", services,
       "smtp/inet/smtpd_proxy_filter = x:1\n" + back + "smtpd_milters = \n", ""},
      {"by name, with XFORWARD", "", services,
       "smtp/inet/smtpd_proxy_filter = x:1\n" + back +
           "smtpd_milters = \n"
           "reinject/inet/smtpd_authorized_xforward_hosts = 127.0.0.0/8\n",
       "reinject"},
      {"by name, from loopback alone", "", services,
       "smtp/inet/smtpd_proxy_filter = x:1\n" + back +
           "smtpd_milters = \n"
           "reinject/inet/mynetworks = 127.0.0.0/8\n",
       "reinject"},
      {"behind the queue", "content_filter = amavis:[127.0.0.1]:10024\n", services, "", ""},
  };
  for (const Case& each : cases) {
    DYNAMIC_SECTION(each.what) {
      config::Options options;
      options.socket = "inet:8891@127.0.0.1";
      Host host;
      host.postfix =
          parse_postfix("myhostname = mx.example.org\nsmtpd_milters = inet:127.0.0.1:8891\n" +
                            std::string(each.main),
                        each.services, each.service_settings);
      const auto doubts = doubt_proxy_filter(options, host);
      CHECK(doubts.size() == (each.doubted.empty() ? 0 : 1));
      CHECK_THAT(joined(doubts),
                 Contains(each.doubted.empty() ? "" : "smtpd " + each.doubted + " takes back") &&
                     Contains(each.doubted.empty() ? "" : "no_milters"));
    }
  }
}

TEST_CASE("two milters that sign are told", "[tools]") {
  config::Options options;
  options.socket = "inet:8891@127.0.0.1";
  Host host = host_with(postfix_with("inet:127.0.0.1:8891 unix:opendkim/opendkim.sock"));
  host.opendkim = OpenDkim{};
  CHECK(doubt_opendkim(options, host).empty());  // we do not sign
  options.signing.keys.entries.push_back({"example.org", "a", "/keys/a.pem", ""});
  CHECK_THAT(joined(doubt_opendkim(options, host)),
             Contains("two milters sign") && Contains("Mode sv"));
  for (const char* const asked : {"local:/var/spool/postfix/opendkim/opendkim.sock",
                                  "/var/spool/postfix/opendkim/opendkim.sock"}) {
    host.opendkim->socket = asked;
    CHECK_FALSE(doubt_opendkim(options, host).empty());
  }
  for (const char* const other : {"local:/var/spool/postfix/other.sock", "inet:8892@localhost"}) {
    host.opendkim->socket = other;
    CHECK(doubt_opendkim(options, host).empty());
  }
  host.opendkim->socket.clear();
  host.opendkim->mode = "v";
  CHECK(doubt_opendkim(options, host).empty());
  for (const char* const same : {"inet:8891@127.0.0.1", "inet:8891@localhost"}) {
    host.opendkim->socket = same;
    CHECK_THAT(joined(doubt_opendkim(options, host)), Contains("OpenDKIM has the same"));
  }
  options.socket = "inet:8891@0.0.0.0";
  host.opendkim->socket = "inet:8891";
  CHECK_THAT(joined(doubt_opendkim(options, host)), Contains("OpenDKIM has the same"));
}

TEST_CASE("a service for users that nothing marks is told", "[tools]") {
  constexpr auto services =
      "smtp             inet  n  -  n  -  -  smtpd\n"
      "submission       inet  n  -  n  -  -  smtpd\n"
      "127.0.0.1:465    inet  n  -  n  -  -  smtpd\n";
  const std::string marked = "/inet/milter_macro_daemon_name = ORIGINATING\n";
  struct Case {
    std::string service_settings;
    const char* role;
    std::string doubted;
  };
  const Case cases[] = {
      {"", "both", "submission 127.0.0.1:465"},
      {"submission" + marked, "both", "127.0.0.1:465"},
      {"submission" + marked + "127.0.0.1:465" + marked, "both", ""},
      {"submission/inet/smtpd_milters = \n127.0.0.1:465" + marked, "both", ""},
      {"submission/inet/receive_override_options = no_milters\n127.0.0.1:465" + marked, "both", ""},
      {"", "inbound", ""},
  };
  for (const Case& each : cases) {
    CAPTURE(each.service_settings, each.role);
    config::Options options;
    options.socket = "inet:8891@127.0.0.1";
    options.policy.role =
        std::string(each.role) == "inbound" ? policy::Role::inbound : policy::Role::both;
    const Host host =
        host_with(postfix_with("inet:127.0.0.1:8891", services, each.service_settings.c_str()));
    const std::string told = joined(doubt_submission(options, host));
    for (const std::string service : {"submission", "127.0.0.1:465"}) {
      CHECK((each.doubted.contains(service)) == told.contains("the smtpd " + service + ","));
    }
  }
}
