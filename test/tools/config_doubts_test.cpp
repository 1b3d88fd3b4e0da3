// What operators get wrong, seen from the host: a table for each check.
#include "tools/config/daemon_files.hpp"
#include "tools/config/doubts.hpp"
#include "tools/config/faults.hpp"
#include "tools/sample_host.hpp"

#include <algorithm>
#include <map>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

using namespace sekisho;
using namespace sekisho::tools;
using Catch::Contains;

TEST_CASE("the authserv-id is the mail server's name, or that of its house", "[tools]") {
  const auto [authserv_id, is_doubted] = GENERATE(table<std::string, bool>({
      {"mx.example.org", false},
      {"MX.Example.ORG", false},
      {"example.org", false},
      {"xample.org", true},
      {"localhost", true},
      {"mx", true},
      {"mx2.example.org", true},
  }));
  CAPTURE(authserv_id);
  config::Options options;
  options.authserv_id = authserv_id;
  CHECK(doubt_name(options, host_with(postfix_with(""))).has_value() == is_doubted);
  CHECK(doubt_name(options, Host{}).has_value() == !authserv_id.contains('.'));
}

TEST_CASE("a Postfix that cannot be asked is told", "[tools]") {
  Host host;
  CHECK_FALSE(doubt_postfix(host));
  host.postfix_problem = "postconf: fatal: bad string length 0 < 1: setgid_group =";
  CHECK_THAT(doubt_postfix(host).value_or(""),
             Contains("not checked: postconf: fatal: bad string"));
}

TEST_CASE("a socket is one that Postfix names, sees and may write to", "[tools]") {
  struct Case {
    std::string socket;
    std::string milters;
    const char* services;
    std::string doubt;  // empty: none
  };
  const std::string spool = "unix:/var/spool/postfix/sekisho/s";
  const Case cases[] = {
      {"inet:8891@127.0.0.1", "inet:127.0.0.1:8891", debian_services, ""},
      {"inet:8891@127.0.0.1", "inet:localhost:8891", debian_services, ""},
      {"inet:8891@127.0.0.1", "inet:127.0.0.1:8892", debian_services, "inet:127.0.0.1:8891"},
      {"inet6:8891@::1", "inet:[::1]:8891", debian_services, ""},
      {"inet:8891@0.0.0.0", "inet:mx.example.org:8891", debian_services, "every address"},
      {"inet6:8891@::", "inet:127.0.0.1:8891", debian_services, "every address"},
      {"inet:8891@0.0.0.0", "inet:127.0.0.1:18891", debian_services, "inet:127.0.0.1:8891"},
      {spool, "unix:sekisho/s", debian_services, ""},
      {spool, "local:/sekisho/s", debian_services, ""},
      {spool, "", debian_services, "smtpd_milters should have unix:sekisho/s"},
      {"unix:/run/sekisho/s", "unix:/run/sekisho/s", debian_services, "chrooted"},
      {"unix:/run/sekisho/s", "unix:/run/sekisho/s", open_services, ""},
      {"fd:3", "", debian_services, ""},
  };
  for (const Case& each : cases) {
    DYNAMIC_SECTION(each.socket << " for " << each.milters << ", " << each.doubt) {
      config::Options options;
      options.socket = each.socket;
      const auto doubts =
          doubt_socket(options, host_with(postfix_with(each.milters, each.services),
                                          {{"/var/spool/postfix/sekisho", {200, 100, 02750}},
                                           {"/run/sekisho", {200, 100, 02750}}}));
      CHECK(doubts.empty() == each.doubt.empty());
      CHECK_THAT(joined(doubts), Contains(each.doubt));
    }
  }
}

TEST_CASE("what keeps Postfix from its socket is told", "[tools]") {
  static const std::string folder = "/var/spool/postfix/sekisho";
  const auto [name, files, culprit] =
      GENERATE(table<std::string, std::map<std::string, FileState>, std::string>({
          {"group of the folder",
           {{folder, {200, 100, 02750}}, {folder + "/s", {200, 100, 0660}}},
           ""},
          {"folder closed", {{folder, {200, 200, 0750}}}, folder},
          {"socket closed",
           {{folder, {200, 100, 02750}}, {folder + "/s", {200, 200, 0660}}},
           folder + "/s"},
      }));
  CAPTURE(name);
  config::Options options;
  options.socket = "unix:" + folder + "/s";
  const auto doubts = doubt_socket(options, host_with(postfix_with("unix:sekisho/s"), files));
  CHECK(doubts.empty() == culprit.empty());
  CHECK_THAT(joined(doubts), Contains(culprit.empty() ? "" : "for " + culprit + " keeps it out"));
}

TEST_CASE("a socket that is not there yet is one that Postfix will be able to write to",
          "[tools]") {
  struct Case {
    std::string what;
    FileState folder;
    std::string mode;
    std::string group;
    std::string owner;
    std::string doubt;  // empty: none
  };
  const Case cases[] = {
      {"group of the folder", {200, 100, 02750}, "0660", "", "", ""},
      {"group of the daemon", {200, 100, 0755}, "0660", "", "", "which will have the mode 0660"},
      {"socket_group", {200, 200, 0755}, "0660", "postfix", "", ""},
      {"another socket_group",
       {200, 100, 02755},
       "0660",
       "adm",
       "",
       "which will have the mode 0660"},
      {"a group that nobody knows", {200, 100, 02755}, "0660", "nobody-here", "", ""},
      {"for everybody", {200, 200, 0755}, "0666", "", "", ""},
      {"UMask 022 of OpenDKIM", {200, 100, 02750}, "0644", "", "", "socket_mode is 0644"},
      {"its owner alone", {200, 100, 02750}, "0600", "", "", "socket_mode is 0600"},
      {"its owner alone, who is Postfix", {200, 100, 02750}, "0600", "", "postfix", ""},
      {"group may not write", {200, 100, 02755}, "0642", "", "", "which will have the mode 0642"},
  };
  for (const Case& each : cases) {
    DYNAMIC_SECTION(each.what) {
      config::Options options;
      options.socket = "unix:/var/spool/postfix/sekisho/s";
      options.socket_mode = each.mode;
      options.socket_group = each.group;
      options.socket_owner = each.owner;
      Host host =
          host_with(postfix_with("unix:sekisho/s"), {{"/var/spool/postfix/sekisho", each.folder}});
      host.group_of = [](const std::string& name) -> std::optional<gid_t> {
        const std::map<std::string, gid_t> groups{{"postfix", 100}, {"adm", 4}};
        const auto found = groups.find(name);
        return found == groups.end() ? std::nullopt : std::optional(found->second);
      };
      const auto doubts = doubt_socket(options, host);
      CHECK(doubts.empty() == each.doubt.empty());
      CHECK_THAT(joined(doubts), Contains(each.doubt));
    }
  }
}

TEST_CASE("signing that was asked for without a key is told", "[tools]") {
  config::Options options;
  CHECK_FALSE(doubt_signing(options));
  const auto ask = GENERATE(0, 1, 2, 3);
  if (ask == 0) {
    options.signing.login_map = "/etc/logins";
  } else if (ask == 1) {
    options.signing.origin.internal_networks = {};
  } else if (ask == 2) {
    options.signing.signature.signed_fields = {"From"};
  } else {
    options.signing.origin.daemons = {"X"};
  }
  CHECK(doubt_signing(options));
  options.signing.keys.entries.push_back({"example.org", "a", "/keys/a.pem", ""});
  CHECK_FALSE(doubt_signing(options));
}

TEST_CASE("a syslog that is not there is told", "[tools]") {
  config::Options options;
  Host host;
  host.files = [](const std::string&) { return std::nullopt; };
  CHECK_FALSE(doubt_log(options, host));
  options.log_target = config::LogTarget::syslog;
  CHECK(doubt_log(options, host));
  host.files = [](const std::string& path) {
    return path == "/dev/log" ? std::optional(FileState{}) : std::nullopt;
  };
  CHECK_FALSE(doubt_log(options, host));
}

TEST_CASE("a key that the daemon cannot read is told", "[tools]") {
  const auto [name, files, doubt] =
      GENERATE(table<std::string, std::map<std::string, FileState>, std::string>({
          {"its own", {{"/keys/a.pem", {200, 200, 0600}}}, ""},
          {"root's", {{"/keys/a.pem", {0, 0, 0600}}}, "; chown sekisho /keys/a.pem"},
          {"in a folder of root's",
           {{"/keys", {0, 0, 0700}}, {"/keys/a.pem", {200, 200, 0600}}},
           "for /keys keeps it out; move the file to where sekisho may go"},
          {"in a folder of OpenDKIM's",
           {{"/keys", {300, 300, 0700}}, {"/keys/a.pem", {300, 300, 0600}}},
           "for /keys keeps it out; chown -R sekisho /keys"},
          {"its group's", {{"/keys/a.pem", {0, 200, 0640}}}, ""},
      }));
  CAPTURE(name);
  const auto doubts = doubt_files({"/keys/a.pem"}, host_with(postfix_with(""), files));
  CHECK(doubts.empty() == doubt.empty());
  CHECK_THAT(joined(doubts), Contains(doubt));
}

TEST_CASE("users and groups that are not there are told", "[tools]") {
  config::Options options;
  Host host = host_with(postfix_with(""));
  host.person_of = [](const std::string& name) {
    return name == "postfix" ? std::optional(Person{name, 100, {100}}) : std::nullopt;
  };
  host.group_of = [](const std::string& name) {
    return name == "postfix" ? std::optional<gid_t>(100) : std::nullopt;
  };
  options.socket_owner = "postfix";
  options.socket_group = "postfix";
  CHECK(find_identity_faults(options, host).empty());
  host.daemon.reset();
  CHECK(find_identity_faults(options, host).empty());  // whoever starts it
  options.user = options.socket_owner = options.socket_group = "nobody-here";
  const auto faults = find_identity_faults(options, host);
  REQUIRE(faults.size() == 3);
  CHECK(faults[0].option == "user");
  CHECK(faults[1].option == "socket_owner");
  CHECK(faults[2].option == "socket_group");
  CHECK_THAT(faults[2].what, Contains("there is no group nobody-here on this host"));
}

TEST_CASE("a folder in which the daemon cannot make its socket is told", "[tools]") {
  const std::string folder = "/var/spool/postfix/private";
  config::Options options;
  options.socket = "unix:" + folder + "/s";
  const Host host = host_with(postfix_with("unix:private/s"), {{folder, {100, 0, 0700}}});
  CHECK_THAT(joined(doubt_socket(options, host)), Contains("cannot make it in " + folder));
  options.user = "sekisho";  // root makes it
  options.socket_mode = "0666";
  CHECK(doubt_socket(options, host).empty());
}

TEST_CASE("the daemon's files are the configuration, the keys and the tables", "[tools]") {
  config::Options options;
  options.signing.keys.entries.push_back({"example.org", "a", "/keys/a.pem", ""});
  options.signing.keys.key_table =
      "csl:a=example.org:a:/keys/a.pem,b=example.net:b:/keys/b.pem,c=%:c:/keys/%.pem";
  options.signing.keys.signing_table = "refile:/etc/signing";
  options.arc.key_file = "/keys/not_asked_for.pem";
  CHECK(
      files_of_daemon("/etc/sekisho.toml", options) ==
      std::vector<std::string>{"/etc/sekisho.toml", "/etc/signing", "/keys/a.pem", "/keys/b.pem"});
}

TEST_CASE("a service of master.cf may have milters of its own", "[tools]") {
  config::Options options;
  options.socket = "inet:8892@127.0.0.1";
  const auto* const settings_of_submission =
      "submission/inet/syslog_name = postfix/submission\n"
      "submission/inet/smtpd_milters = inet:127.0.0.1:8892\n";
  CHECK_FALSE(doubt_socket(options, host_with(postfix_with("inet:127.0.0.1:8891"))).empty());
  CHECK(doubt_socket(options, host_with(postfix_with("inet:127.0.0.1:8891", debian_services,
                                                     settings_of_submission)))
            .empty());
}

TEST_CASE("a resolver that strips is told", "[tools]") {
  struct Case {
    std::string name;
    dns::Answer answer;
    bool wants_authentic;
    std::string doubt;
  };
  using enum dns::Status;
  const Case cases[] = {
      {"whole", {found, true, {}, nullptr}, true, ""},
      {"no AD, none wanted", {found, false, {}, nullptr}, false, ""},
      {"no AD", {found, false, {}, nullptr}, true, "AD bit"},
      {"no TXT", {no_data, true, {}, nullptr}, false, "gives none"},
      {"no answer", {timeout, false, {}, nullptr}, false, "no answer"},
  };
  for (const Case& each : cases) {
    DYNAMIC_SECTION(each.name) {
      const auto doubts = doubt_resolver(each.answer, each.wants_authentic);
      CHECK(doubts.empty() == each.doubt.empty());
      CHECK_THAT(joined(doubts), Contains(each.doubt));
    }
  }
}
