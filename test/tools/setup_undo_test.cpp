#include "test/tools/setup_facts.hpp"
#include "tools/setup/test_message.hpp"
#include "tools/setup/undo_plan.hpp"

#include <string>
#include <vector>

#include <catch2/catch.hpp>

using namespace sekisho;
using namespace sekisho::tools::setup;
using Catch::Contains;

namespace {

const std::string wanted = "unix:sekisho/sekisho.sock";
const std::string main_cf = "/etc/postfix/main.cf";
const std::string master_cf = "/etc/postfix/master.cf";
const std::string drop_in = "/etc/sekisho/conf.d/50-setup.toml";

// Two runs: the second added submission.
Notes two_runs() {
  return {{.drop_ins = {{drop_in, std::nullopt, "socket"}},
           .postfix_files = {{main_cf, "old", "new"}, {master_cf, "services", "services"}},
           .parameters = {{"", "smtpd_milters", "inet:h:1", wanted + ", inet:h:1"},
                          {"", "message_reject_characters", std::nullopt, "\\0"}},
           .services = {}},
          {.drop_ins = {},
           .postfix_files = {{main_cf, "new", "new"}, {master_cf, "services", "more"}},
           .parameters = {},
           .services = {"submission/inet"}}};
}

std::string text_of(const UndoPlan& plan) {
  std::string text;
  Facts facts;
  for (const Change& change : plan.changes) {
    text += describe_change(change, facts) + "\n";
  }
  for (const std::string& line : plan.kept) {
    text += "kept: " + line + "\n";
  }
  return text;
}

}  // namespace

TEST_CASE("files that nobody has changed get their old text", "[setup]") {
  const UndoPlan plan =
      undo_postfix(two_runs(), {{main_cf, "new"}, {master_cf, "more"}}, postfix_facts(), {wanted});
  CHECK(text_of(plan) ==
        "write /etc/postfix/main.cf\n  old\n"
        "write /etc/postfix/master.cf\n  services\n");
}

TEST_CASE("in files that were changed, setup's parameters go back", "[setup]") {
  struct Row {
    const char* what;
    Postconf postconf;
    const char* expected;
  };
  const auto row = GENERATE(values<Row>({
      {"all as setup left them",
       {.milters = "unix:sekisho/sekisho.sock, inet:h:1",
        .main = "message_reject_characters = \\0\n"},
       "postconf -X message_reject_characters\npostconf -e smtpd_milters=inet:h:1\n"},
      {"the list was changed: only Sekisho goes",
       {.milters = "unix:sekisho/sekisho.sock, inet:h:2",
        .main = "message_reject_characters = \\0\n"},
       "postconf -X message_reject_characters\npostconf -e smtpd_milters=inet:h:2\n"},
      {"another value was changed: it stays",
       {.milters = "unix:sekisho/sekisho.sock", .main = "message_reject_characters = \\1\n"},
       "postconf -X smtpd_milters\n"
       "kept: message_reject_characters was changed since, and stays: \\1\n"},
      {"taken back by hand", {.milters = "inet:h:1", .main = ""}, ""},
  }));
  CAPTURE(row.what);
  const UndoPlan plan = undo_postfix(two_runs(), {{main_cf, "edited"}, {master_cf, "more"}},
                                     postfix_facts(row.postconf), {wanted});
  std::string text = text_of(plan);
  const std::string master = "write /etc/postfix/master.cf\n  services\n";
  const auto place = text.find(master);
  REQUIRE(place != std::string::npos);
  CHECK(text.erase(place, master.size()) == row.expected);
}

TEST_CASE("a service that setup added goes", "[setup]") {
  Postconf postconf;
  postconf.services += "submission inet n - y - - smtpd\n";
  const UndoPlan plan = undo_postfix(two_runs(), {{main_cf, "new"}, {master_cf, "edited"}},
                                     postfix_facts(postconf), {wanted});
  CHECK_THAT(text_of(plan), Contains("postconf -MX submission/inet\n"));
}

TEST_CASE("for a removal, every list lets go of Sekisho", "[setup]") {
  Postconf postconf{.milters = "inet:127.0.0.1:8891, inet:h:1"};
  postconf.main = "non_smtpd_milters = inet:127.0.0.1:8891\n";
  postconf.services += "submission inet n - y - - smtpd\n";
  postconf.service_parameters = "submission/inet/smtpd_milters = inet:127.0.0.1:8891\n";
  CHECK(text_of(release_postfix(postfix_facts(postconf), {"inet:127.0.0.1:8891"})) ==
        "postconf -X non_smtpd_milters\n"
        "postconf -e smtpd_milters=inet:h:1\n"
        "postconf -P submission/inet/smtpd_milters=\n");
  CHECK(release_postfix(postfix_facts({.milters = "inet:h:1"}), {wanted}).changes.empty());
}

TEST_CASE("drop-ins go unless they were changed", "[setup]") {
  CHECK(text_of(undo_drop_ins(two_runs(), {{drop_in, "socket"}})) == "remove " + drop_in + "\n");
  CHECK(text_of(undo_drop_ins(two_runs(), {{drop_in, "mine"}})) ==
        "kept: " + drop_in + " was changed since, and stays\n");
  CHECK(text_of(undo_drop_ins(two_runs(), {})).empty());
}

TEST_CASE("notes are read as they were written", "[setup]") {
  const auto notes = parse_notes(format_notes(two_runs()));
  REQUIRE(notes);
  CHECK(*notes == two_runs());
  CHECK_FALSE(parse_notes("{\"runs\": [{}]}"));
  CHECK_FALSE(parse_notes("never"));
  CHECK(notes_file("/etc/sekisho/sekisho.toml") == "/etc/sekisho/setup.json");
}

TEST_CASE("a test message is followed through reply and log", "[setup]") {
  CHECK(queue_id_in("250 2.0.0 Ok: queued as 4XyZ") == "4XyZ");
  CHECK(queue_id_in("250 2.0.0 5AUCx0aB012345 Message accepted for delivery") == "5AUCx0aB012345");
  CHECK(queue_id_in("250 fine").empty());
  const std::string line =
      "4XyZ: client=127.0.0.1 from=<a b=c@example.org> dkim=signed d=example.org s=r dkim=signed "
      "d=example.org s=e action=accept ms=1";
  CHECK(line_of("x\n" + line + "\ny\n", "4XyZ") == line);
  CHECK_FALSE(line_of("4XyZ: other\n", "4XyZ"));
  CHECK(describe_signing(line) == "signed with r, e");
  CHECK(describe_signing("4XyZ: dkim=unsigned why=\"no key for \\\"x\\\"\"") ==
        "not signed: no key for \"x\"");
  CHECK(describe_signing("4XyZ: client=1") == "not signed");
}

TEST_CASE("the mail server is asked where it listens", "[setup]") {
  CHECK(smarthost_of(host_facts()) == "127.0.0.1:25");
  CHECK(smarthost_of(host_facts({.services = "submission inet n - y - - smtpd\n"
                                             "192.0.2.1:2525 inet n - y - - smtpd\n"})) ==
        "192.0.2.1:2525");
}
