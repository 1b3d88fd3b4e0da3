// What is refused to our own users before it leaves, and in what words (RFC 6409 §6).
#include "checkpoint/house.hpp"
#include "preflight/receivers.hpp"

#include <algorithm>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

namespace sekisho::checkpoint {

namespace {

using policy::Action;
using preflight::Mode;

const mail::HeaderSection clean = {{"From", " Alice <alice@example.net>"},
                                   {"To", " Ann <ann@gmail.com>"},
                                   {"Subject", " Hello"},
                                   {"Date", " Tue, 14 Nov 2023 22:13:20 +0000"},
                                   {"Message-ID", " <1@example.net>"},
                                   {"MIME-Version", " 1.0"},
                                   {"Content-Type", " text/plain; charset=utf-8"},
                                   {"Content-Transfer-Encoding", " 7bit"}};

mail::HeaderSection without(const std::string& name) {
  mail::HeaderSection header = clean;
  std::erase_if(header, [&](const mail::HeaderField& field) { return field.name == name; });
  return header;
}

mail::HeaderSection with(mail::HeaderSection header, const mail::HeaderSection& more) {
  header.insert(header.begin(), more.begin(), more.end());
  return header;
}

/// example.net, whose users' mail leaves from 203.0.113.5.
struct Msa : House {
  explicit Msa(Mode mode = Mode::refuse) {
    dns->add_txt("example.net", "v=spf1 ip4:203.0.113.5 -all");
    dns->add_mx("example.net", 10, "mail.example.net");
    dns->add_address("mail.example.net", "203.0.113.5");
    dns->add_ptr("203.0.113.5", "mail.example.net");
    dns->add_txt("mail.example.net", "v=spf1 a -all");
    options.preflight.mode = mode;
    options.preflight.refuse = {"from.*", "field.double", "msgid.*", "line.998"};
    options.preflight.outbound_addresses = {"203.0.113.5"};
    options.preflight.helo = "mail.example.net";
    options.preflight.rules = SEKISHO_RECEIVERS;
    REQUIRE(preflight::load_rules(options.preflight));
  }
};

class OutOfOrder final : public dns::Resolver {
 public:
  dns::Pending<dns::Answer> lookup(dns::Question /*question*/,
                                   dns::Deadline /*deadline*/) override {
    throw std::runtime_error("out of order");
  }
};

const Sender alice{"192.0.2.9", "alice", ""};

Verdict submit(const std::shared_ptr<Services>& services, const mail::HeaderSection& header,
               const std::vector<std::string>& recipients = {"<ann@gmail.com>"},
               const std::string& body = "Hello\r\n",
               const std::string& sender = "<alice@example.net>") {
  Session session(services);
  session.connect(dns::IpAddress::parse(alice.address));
  session.helo("client.example");
  session.identify(alice.login, "");
  session.mail(sender);
  for (const std::string& recipient : recipients) {
    session.recipient(recipient);
  }
  for (const mail::HeaderField& field : header) {
    session.header(field);
  }
  session.end_of_header();
  session.body(body);
  return session.end_of_message("4ABC").value();
}

std::string ids_of(const Verdict& verdict) {
  std::string ids;
  for (const preflight::Finding& finding : verdict.preflight.value().findings) {
    ids += (ids.empty() ? "" : " ") + std::string(preflight::format_id(finding.id));
  }
  return ids;
}

std::vector<std::string> receivers_of(const Verdict& verdict) {
  std::vector<std::string> receivers;
  for (const preflight::ReceiverVerdict& reply : verdict.preflight.value().replies) {
    receivers.push_back(reply.receiver);
  }
  return receivers;
}

std::ptrdiff_t lines_of(const std::string& text) {
  return std::ranges::count(text, '\n') + 1;
}

}  // namespace

TEST_CASE("a clean submission leaves, judged with the signature that it gets", "[checkpoint]") {
  const Msa msa;
  const Verdict verdict = submit(msa.open(), clean);
  CHECK(verdict.disposition == policy::Disposition{});
  CHECK(ids_of(verdict).empty());
  CHECK(verdict.findings.outgoing.signatures.size() == 1);
  CHECK(verdict.findings.faults.empty());
}

TEST_CASE("UTF-8 in a header is what the MTA let in (RFC 6531 §3.4)", "[checkpoint]") {
  const Msa msa;
  mail::HeaderSection header = without("Subject");
  header.push_back({"Subject", " caf\xc3\xa9"});
  CHECK(ids_of(submit(msa.open(), header)).empty());
}

TEST_CASE("a submission with a defect is refused, with its id and what to do", "[checkpoint]") {
  struct Row {
    const char* name;
    mail::HeaderSection header;
    const char* ids;    // of the reason
    const char* begin;  // of the reply
    int lines;
  };
  const mail::HeaderSection twice = {{"Subject", " a"}, {"To", " a@b.example"}};
  const mail::HeaderSection often =
      with(with(without("Message-ID"), twice), {{"Date", clean[3].value}});
  const Row rows[] = {
      {"no Message-ID", without("Message-ID"), "msgid.missing",
       "msgid.missing: no Message-ID field; ", 1},
      {"a field twice", with(clean, {twice[0]}), "field.double", "field.double: 2 Subject fields; ",
       1},
      {"two fields twice", with(clean, twice), "field.double", "field.double: 2 ", 2},
      {"four faults, of which three are told", often, "field.double, msgid.missing",
       "field.double: 2 ", 3},
  };
  const Msa msa;
  for (const Row& row : rows) {
    DYNAMIC_SECTION(row.name) {
      const Verdict verdict = submit(msa.open(), row.header);
      const policy::Disposition& disposition = verdict.disposition;
      CHECK(disposition.action == Action::reject);
      CHECK(disposition.reason == "preflight.mode = refuse: " + std::string(row.ids));
      REQUIRE_FALSE(disposition.path.empty());
      CHECK(disposition.path.back() ==
            policy::Step{"preflight.mode = refuse", row.ids, "RFC 6409 §6"});
      CHECK(disposition.reply.code == "550");
      CHECK(disposition.reply.enhanced == "5.6.0");
      CHECK(disposition.reply.text.starts_with(row.begin));
      CHECK(lines_of(disposition.reply.text) == row.lines);
    }
  }
}

TEST_CASE("a fault of the way has a code of its own", "[checkpoint]") {
  Msa msa;
  msa.options.preflight.refuse = {"*"};
  const auto services = msa.open();
  const Verdict way = submit(services, clean, {"<ann@gmail.com>"}, "x\r\n", "<x@example.org>");
  CHECK(way.disposition.reason.contains("spf.result"));
  CHECK(way.disposition.reply.enhanced == "5.7.1");  // RFC 3463 §3.8
  const Verdict both =
      submit(services, without("Message-ID"), {"<ann@gmail.com>"}, "x\r\n", "<x@example.org>");
  CHECK(both.disposition.reason.contains("msgid.missing"));
  CHECK(both.disposition.reply.enhanced == "5.7.1");
}

TEST_CASE("what the options do not name is noted", "[checkpoint]") {
  Msa msa;
  msa.options.preflight.refuse = {"from.*"};
  const Verdict verdict = submit(msa.open(), without("Message-ID"));
  CHECK(verdict.disposition.action == Action::accept);
  CHECK(ids_of(verdict) == "msgid.missing");
}

TEST_CASE("the body is judged, too", "[checkpoint]") {
  const Msa msa;
  const auto services = msa.open();
  for (const std::size_t length : {998U, 999U}) {  // RFC 5322 §2.1.1
    const Verdict verdict =
        submit(services, clean, {"<ann@gmail.com>"}, std::string(length, 'x') + "\r\n");
    CAPTURE(length);
    CHECK((verdict.disposition.reason == "preflight.mode = refuse: line.998") == (length == 999));
  }
}

// The 5,000th message to Gmail in a day is judged as a bulk sender's.
TEST_CASE("the rules for bulk senders hold once enough was sent", "[checkpoint]") {
  struct Row {
    std::uint64_t before;
    bool counts;
    bool is_refused;
  };
  const auto row = GENERATE(Row{4'998, true, false}, Row{4'999, true, true},
                            Row{4'999, false, false}, Row{0, true, false});
  Msa msa;
  msa.options.preflight.refuse = {"unsub.*"};
  msa.options.preflight.count = row.counts;
  const auto services = msa.open();
  services->sent->volume().set_elsewhere(
      std::vector<preflight::SentCount>{{"example.net", "gmail", services->now(), row.before},
                                        {"example.net", "yahoo", services->now(), 10'000},
                                        {"other.example", "gmail", services->now(), 10'000}});
  const Verdict verdict = submit(services, with(clean, {{"Feedback-ID", " a:b:c"}}));
  CHECK((verdict.disposition.action == Action::reject) == row.is_refused);
  CHECK(verdict.disposition.reason == (row.is_refused ? "preflight.mode = refuse: unsub.url" : ""));
}

TEST_CASE("off, note and a dry run let it go", "[checkpoint]") {
  struct Row {
    Mode mode;
    bool dry_run;
    bool is_judged;
    bool is_withheld;
  };
  const auto row =
      GENERATE(Row{Mode::off, false, false, false}, Row{Mode::note, false, true, false},
               Row{Mode::note, true, true, false}, Row{Mode::refuse, true, true, true});
  Msa msa(row.mode);
  msa.options.policy.dry_run = row.dry_run;
  const Verdict verdict = submit(msa.open(), without("Message-ID"));
  CHECK(verdict.disposition.action == Action::accept);
  CHECK(verdict.disposition.reply == policy::Reply{});
  CHECK(verdict.preflight.has_value() == row.is_judged);
  CHECK((verdict.disposition.withheld == Action::reject) == row.is_withheld);
  CHECK(verdict.disposition.reason ==
        (row.is_withheld ? "dry run, would reject: preflight.mode = refuse: msgid.missing" : ""));
}

TEST_CASE("a dry run tells both of its reasons", "[checkpoint]") {
  Msa msa;
  msa.options.policy.dry_run = true;
  policy::Rule nobody;
  nobody.name = "nobody";
  nobody.action = Action::reject;
  msa.options.policy.rules = {nobody};
  const Verdict verdict = submit(msa.open(), without("Message-ID"));
  CHECK(verdict.disposition.reason.starts_with("dry run"));
  CHECK(verdict.disposition.reason.ends_with(
      "; dry run, would reject: preflight.mode = refuse: msgid.missing"));
}

TEST_CASE("a rule sets the mode for those whom it names", "[checkpoint]") {
  struct Row {
    Mode mode;
    policy::Preflight rule;
    bool is_judged;
    Action action;
  };
  const auto row =
      GENERATE(Row{Mode::refuse, policy::Preflight::off, false, Action::accept},
               Row{Mode::refuse, policy::Preflight::note, true, Action::accept},
               Row{Mode::refuse, policy::Preflight::as_configured, true, Action::reject},
               Row{Mode::note, policy::Preflight::refuse, true, Action::reject},
               Row{Mode::off, policy::Preflight::refuse, true, Action::reject});
  Msa msa(row.mode);
  policy::Rule rule;
  rule.preflight = row.rule;
  msa.options.policy.rules = {rule};
  const Verdict verdict = submit(msa.open(), without("Message-ID"));
  CHECK(verdict.preflight.has_value() == row.is_judged);
  CHECK(verdict.disposition.action == row.action);
}

TEST_CASE("only submissions are judged, and only those that would leave", "[checkpoint]") {
  const Msa msa;
  const auto services = msa.open();
  const auto is_judged = [&](const Sender& sender) {
    return send(services, sender, without("Message-ID")).preflight.has_value();
  };
  CHECK(is_judged(alice));
  CHECK(is_judged({"192.0.2.9", "", "ORIGINATING"}));
  CHECK_FALSE(is_judged({}));
  CHECK_FALSE(is_judged({"192.0.2.9", "", ""}));
  services->options.preflight.loaded_rules.reset();
  CHECK_FALSE(is_judged(alice));
  services->options.preflight = msa.options.preflight;
  policy::Rule nobody;
  nobody.action = Action::reject;
  services->options.policy.rules = {nobody};
  CHECK_FALSE(is_judged(alice));
}

TEST_CASE("the receivers of the recipients judge, and those that the options name",
          "[checkpoint]") {
  Msa msa;
  CHECK(receivers_of(submit(msa.open(), clean)) == std::vector<std::string>{"gmail"});
  CHECK(receivers_of(submit(msa.open(), clean, {"<a@yahoo.com>", "<b@gmail.com>"})).size() == 2);
  CHECK(receivers_of(submit(msa.open(), clean, {"<a@example.com>"})).empty());
  msa.options.preflight.receivers = {"yahoo"};
  CHECK(receivers_of(submit(msa.open(), clean, {"<a@example.com>"})) ==
        std::vector<std::string>{"yahoo"});
}

TEST_CASE("what a user hands on shows that it was forwarded", "[checkpoint]") {
  const Msa msa;
  const auto services = msa.open();
  mail::HeaderSection others = clean;
  others[0].value = " Bob <bob@example.org>";
  others.insert(others.begin(), {"Received", " from a by b; x"});
  const auto is_told = [&] { return ids_of(submit(services, others)).contains("arc.forwarded"); };
  CHECK_FALSE(is_told());
  others.push_back({"List-Id", " <l.example.org>"});
  others.push_back({"List-Post", " <mailto:l@example.org>"});
  CHECK(is_told());
}

TEST_CASE("a fault of preflight's own refuses nothing", "[checkpoint]") {
  const Msa msa;
  const auto services = msa.open();
  services->options.preflight.refuse = {"*"};
  services->resolver = std::make_shared<OutOfOrder>();
  const Verdict verdict = submit(services, without("Message-ID"));
  CHECK(verdict.disposition.action == Action::accept);
  CHECK_FALSE(verdict.findings.faults.empty());
  CHECK(verdict.findings.outgoing.signatures.size() == 1);
}

}  // namespace sekisho::checkpoint
