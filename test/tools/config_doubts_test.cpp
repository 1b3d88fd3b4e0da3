// What operators get wrong, seen from the host: a table for each check.
#include "tools/config/daemon_files.hpp"
#include "tools/config/doubts.hpp"
#include "tools/config/wiring_doubts.hpp"

#include <algorithm>
#include <map>

#include <catch2/catch.hpp>

using namespace sekisho;
using namespace sekisho::tools;
using Catch::Contains;

namespace {

constexpr auto settings =
    "myhostname = mx.example.org\nqueue_directory = /var/spool/postfix\nsmtpd_milters = {}\n";
constexpr auto debian_services =
    "smtp       inet  n       -       y       -       -       smtpd\n"
    "pickup     unix  n       -       y       60      1       pickup\n";
constexpr auto open_services =
    "smtp       inet  n       -       n       -       -       smtpd\n"
    "pickup     unix  n       -       y       60      1       pickup\n";

Postfix postfix_with(const std::string& milters, const char* services = debian_services,
                     const char* service_settings = "") {
  std::string text = settings;
  text.replace(text.find("{}"), 2, milters);
  return parse_postfix(text, services, service_settings);
}

/// Files by path; folders that are not named are everybody's, and a socket is not there.
Files files_of(std::map<std::string, FileState> files) {
  return [files = std::move(files)](const std::string& path) -> std::optional<FileState> {
    const auto found = files.find(path);
    if (found != files.end()) {
      return found->second;
    }
    return path.ends_with("/s") ? std::nullopt : std::optional(FileState{0, 0, 0755});
  };
}

Host host_with(Postfix postfix, std::map<std::string, FileState> files = {}) {
  Host host;
  host.postfix = std::move(postfix);
  host.mail_server = Person{"postfix", 100, {100}};
  host.daemon = Person{"sekisho", 200, {200}};
  host.files = files_of(std::move(files));
  return host;
}

std::string joined(const std::vector<std::string>& doubts) {
  std::string text;
  for (const std::string& doubt : doubts) {
    text += doubt + "\n";
  }
  return text;
}

}  // namespace

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

TEST_CASE("a user that is not there is told", "[tools]") {
  config::Options options;
  Host host = host_with(postfix_with(""));
  host.daemon.reset();
  CHECK_FALSE(doubt_user(options, host));
  options.user = "nobody-here";
  CHECK(doubt_user(options, host));
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
