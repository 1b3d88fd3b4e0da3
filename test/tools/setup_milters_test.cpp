#include "tools/setup/milter_list.hpp"
#include "tools/setup/other_milters.hpp"

#include <map>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

using namespace sekisho::tools::setup;

namespace {

const std::string wanted = "unix:sekisho/sekisho.sock";
const std::vector<std::string> ours{"inet:127.0.0.1:8891", "inet:localhost:8891"};

}  // namespace

TEST_CASE("a milter is added once, before the others", "[setup]") {
  const auto [before, after] = GENERATE(table<std::string, std::string>({
      {"", "unix:sekisho/sekisho.sock"},
      {"unix:sekisho/sekisho.sock", "unix:sekisho/sekisho.sock"},
      {"inet:localhost:11332", "unix:sekisho/sekisho.sock, inet:localhost:11332"},
      {"a:1,\n\tb:2", "unix:sekisho/sekisho.sock, a:1,\n\tb:2"},
      {"a:1, unix:sekisho/sekisho.sock", "a:1, unix:sekisho/sekisho.sock"},
      {"inet:127.0.0.1:8891", "unix:sekisho/sekisho.sock"},
      {"a:1, inet:localhost:8891 b:2", "a:1, unix:sekisho/sekisho.sock b:2"},
      {"{ inet:127.0.0.1:8891, default_action=accept }",
       "{ unix:sekisho/sekisho.sock, default_action=accept }"},
      // Another port, and another host.
      {"inet:127.0.0.1:88910", "unix:sekisho/sekisho.sock, inet:127.0.0.1:88910"},
      {"xinet:127.0.0.1:8891", "unix:sekisho/sekisho.sock, xinet:127.0.0.1:8891"},
      {"$rspamd", "unix:sekisho/sekisho.sock, $rspamd"},
  }));
  CAPTURE(before);
  CHECK(add_milter(before, wanted, ours) == after);
}

TEST_CASE("milters are removed with their settings, and the others stay", "[setup]") {
  const auto [before, after] = GENERATE(table<std::string, std::string>({
      {"", ""},
      {"inet:127.0.0.1:8891", ""},
      {"inet:127.0.0.1:8891, inet:localhost:11332", "inet:localhost:11332"},
      {"a:1 inet:localhost:8891 b:2", "a:1, b:2"},
      {"a:1,inet:localhost:8891", "a:1"},
      {"a:1, { inet:localhost:8891, connect_timeout=10s }, { b:2, x=y }", "a:1, { b:2, x=y }"},
      {"inet:localhost:8891, inet:127.0.0.1:8891", ""},
      {"inet:127.0.0.1:88910", "inet:127.0.0.1:88910"},
  }));
  CAPTURE(before);
  CHECK(remove_milters(before, ours) == after);
}

TEST_CASE("other milters are known by their sockets or usual names", "[setup]") {
  const OtherSockets sockets{true, "inet:8891@localhost", true,
                             "local:/var/spool/postfix/opendmarc/x.sock"};
  const auto [milter, program] = GENERATE(table<std::string, OtherProgram>({
      {"inet:127.0.0.1:8891", OtherProgram::opendkim},
      {"unix:opendmarc/x.sock", OtherProgram::opendmarc},
      {"inet:localhost:11332", OtherProgram::rspamd},
      {"unix:opendkim/opendkim.sock", OtherProgram::opendkim},
      {"inet:localhost:8893", OtherProgram::opendmarc},
      {"unix:openarc/openarc.sock", OtherProgram::openarc},
      {"unix:clamav/clamav.sock", OtherProgram::unknown},
  }));
  CAPTURE(milter);
  CHECK(program_at(milter, sockets) == program);
  CHECK(is_taken("inet:127.0.0.1:8891", sockets));
  CHECK_FALSE(is_taken("inet:localhost:8893", sockets));
}

TEST_CASE("milters beside Sekisho are found in the lists and among the services", "[setup]") {
  const auto run = [](const sekisho::tools::Words& command) {
    const bool active = command.back() == "opendmarc" && command[1] == "is-active";
    return sekisho::tools::CommandResult{active ? 0 : 3, active ? "active\n" : "inactive\n", ""};
  };
  const std::map<std::string, std::string> files{{"/etc/opendkim.conf", "Socket inet:8892@::1\n"},
                                                 {"/etc/opendmarc.conf", "# nothing\n"}};
  const auto read = [&](const std::string& path) {
    const auto found = files.find(path);
    return found == files.end() ? std::nullopt : std::optional(found->second);
  };
  const OtherSockets sockets = gather_other_sockets(run, read);
  CHECK_FALSE(sockets.has_opendkim);
  const auto others = find_other_milters(
      {{"inet:127.0.0.1:8891", "inet:localhost:11332"}, {"inet:localhost:11332"}}, ours, sockets);
  REQUIRE(others.size() == 2);
  CHECK(others[0].program == OtherProgram::rspamd);
  CHECK(others[0].name == "inet:localhost:11332");
  CHECK(others[1].program == OtherProgram::opendmarc);
  CHECK(others[1].name.empty());
}
