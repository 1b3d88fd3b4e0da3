// The operator's rules: what they match, and what the first that does leads to.
#include "policy/rule.hpp"

#include "policy/decide.hpp"

#include <fstream>
#include <functional>

#include <catch2/catch.hpp>

using namespace sekisho;
using policy::Action;
using policy::Match;
using policy::Rule;

namespace {

template <typename Set>
policy::Condition<Set> list(std::vector<std::string> entries) {
  return policy::Condition<Set>::parse(std::move(entries)).value();
}
policy::Condition<policy::NameSet> names(std::vector<std::string> entries) {
  return list<policy::NameSet>(std::move(entries));
}

/// A forged bank, sent by a relay of ours to two recipients.
findings::Findings forged() {
  findings::Findings found;
  found.client.address = dns::IpAddress::parse("192.0.2.7");
  found.client.helo = "Relay.Example";
  found.envelope.sender = "bounce@list.example";
  found.envelope.recipients = {"one@example.org", "two@example.org"};
  found.author.status = mail::AuthorStatus::single_domain;
  found.author.domains = {*mail::Domain::parse("bank.example")};
  found.author.mailboxes = {{"Info", "bank.example", mail::Domain::parse("bank.example")}};
  iprev::Result iprev;
  iprev.code = iprev::ResultCode::pass;
  iprev.name = "out.relay.example";
  found.iprev = iprev;
  spf::Result spf;
  spf.code = spf::ResultCode::pass;
  spf.domain = "list.example";
  found.spf_mail_from = spf;
  found.dkim_checked = true;
  dmarc::Result dmarc;
  dmarc.code = dmarc::ResultCode::fail;
  dmarc.policy = dmarc::Policy::reject;
  dmarc.author_domain = mail::Domain::parse("bank.example");
  found.dmarc = dmarc;
  found.arc_checked = true;
  return found;
}

Rule rule_for_client(Action action) {
  Rule rule;
  rule.client = list<policy::NetworkSet>({"192.0.2.0/24"});
  rule.action = action;
  return rule;
}

policy::Disposition decide(const findings::Findings& found, std::vector<Rule> rules) {
  policy::Options options;
  options.rules = std::move(rules);
  return policy::decide(found, {{}, {}, "tea.list.example"}, options);
}

}  // namespace

TEST_CASE("each condition of a rule holds for what it names, and for nothing else", "[policy]") {
  struct Case {
    std::string name;
    std::function<void(Rule&)> yes;
    std::function<void(Rule&)> no;
  };
  using Names = std::vector<std::string>;
  const Case cases[] = {
      {"client", [](Rule& r) { r.client = list<policy::NetworkSet>({"::1", "192.0.2.0/29"}); },
       [](Rule& r) { r.client = list<policy::NetworkSet>({"192.0.2.8/29"}); }},
      {"client name", [](Rule& r) { r.client_name = names({".relay.example"}); },
       [](Rule& r) { r.client_name = names({"relay.example"}); }},
      {"helo", [](Rule& r) { r.helo = names({"relay.example"}); },
       [](Rule& r) { r.helo = names({".relay.example"}); }},
      {"sender", [](Rule& r) { r.sender = names({"Bounce@LIST.example"}); },
       [](Rule& r) { r.sender = names({"<>", "other@list.example"}); }},
      {"recipient", [](Rule& r) { r.recipient = names({"one@example.org"}); },
       [](Rule& r) { r.recipient = names({"example.net"}); }},
      {"author", [](Rule& r) { r.author = names({"info@bank.example"}); },
       [](Rule& r) { r.author = names({"example", "ank.example"}); }},
      {"list", [](Rule& r) { r.list_id = names({"tea.list.example"}); },
       [](Rule& r) { r.list_id = names({"list.example"}); }},
      {"spf", [](Rule& r) { r.spf = Names{"fail", "pass"}; },
       [](Rule& r) { r.spf = Names{"fail"}; }},
      {"dkim", [](Rule& r) { r.dkim = Names{"none"}; }, [](Rule& r) { r.dkim = Names{"pass"}; }},
      {"dmarc", [](Rule& r) { r.dmarc = Names{"fail"}; }, [](Rule& r) { r.dmarc = Names{"pass"}; }},
      {"arc", [](Rule& r) { r.arc = Names{"none"}; }, [](Rule& r) { r.arc = Names{"pass"}; }},
      {"iprev", [](Rule& r) { r.iprev = Names{"pass"}; },
       [](Rule& r) { r.iprev = Names{"permerror"}; }},
      {"any author", [](Rule& r) { r.author = names({"*"}); },
       [](Rule& r) { r.login = list<policy::WordSet>({"*"}); }},
      {"login and sealer", [](Rule& r) { r.author = names({"bank.example"}); },
       [](Rule& r) { r.arc_sealer = names({"*"}); }},
  };
  const findings::Findings found = forged();
  const policy::Facts facts{found, "tea.list.example", "one@example.org"};
  for (const Case& row : cases) {
    DYNAMIC_SECTION(row.name) {
      Rule holds;
      CHECK_FALSE(policy::has_condition(holds));
      row.yes(holds);
      CHECK(policy::has_condition(holds));
      CHECK(policy::match(holds, facts) == Match::yes);
      Rule does_not;
      row.no(does_not);
      CHECK(policy::match(does_not, facts) == Match::no);
      row.yes(does_not);  // all conditions must hold, of one condition one entry
      if (row.name == "any author" || row.name == "login and sealer") {
        CHECK(policy::match(does_not, facts) == Match::no);
      }
    }
  }
}

TEST_CASE("no local part hides a sender's domain from a rule", "[policy]") {
  Rule rule;
  rule.sender = names({"spam.example"});
  findings::Findings found = forged();
  for (const char* sender :
       {"a@spam.example", "a@SPAM.example.", "\"a b\"@spam.example", "a b@spam.example",
        "a:b@spam.example", "a,b@spam.example", "(a@spam.example", "\"a@spam.example",
        "\xff@spam.example", "@x.example:a@spam.example", "@x.example:a b@spam.example",
        "a@list.example@spam.example"}) {
    CAPTURE(sender);
    found.envelope.sender = sender;
    CHECK(policy::match(rule, {found, "", ""}) == Match::yes);
  }
  for (const char* sender : {"", "spam.example", "a@spam.example@list.example", "a@[192.0.2.1]"}) {
    CAPTURE(sender);
    found.envelope.sender = sender;
    CHECK(policy::match(rule, {found, "", ""}) == Match::no);
  }
}

TEST_CASE("a pattern has the local part that an address may have", "[policy]") {
  struct Case {
    std::string pattern, sender;
    bool expected;
  };
  const Case cases[] = {
      {"try..this.@carrier.example", "try..this.@carrier.example", true},
      {"Try..This.@CARRIER.example", "try..this.@carrier.example", true},
      {"try.this@carrier.example", "try..this.@carrier.example", false},
      {R"("a b"@list.example)", R"("a b"@list.example)", true},
      {R"("a"@list.example)", "a@list.example", true},
      {"a@xn--ls8h.la", "a@xn--ls8h.la", true},
  };
  for (const auto& [pattern, sender, expected] : cases) {
    DYNAMIC_SECTION(pattern << ' ' << sender) {
      Rule rule;
      rule.sender = names({pattern});
      findings::Findings found = forged();
      found.envelope.sender = sender;
      CHECK((policy::match(rule, {found, "", ""}) == Match::yes) == expected);
    }
  }
  for (const std::string pattern : {"a b@list.example", "@list.example", "a@b@list.example",
                                    "\"a@list.example", "a@-.xn--a-"}) {
    CHECK_FALSE(policy::NameSet().add(pattern));
  }
}

TEST_CASE("what is not certain does not match", "[policy]") {
  findings::Findings found = forged();
  Rule rule;
  SECTION("a client's name that does not lead back") {
    rule.client_name = names({"*"});
    found.iprev->code = iprev::ResultCode::fail;
  }
  SECTION("two From fields, of which the rule names one") {
    rule.author = names({"bank.example"});
    found.author.status = mail::AuthorStatus::multiple_from;
  }
  SECTION("one of two authors") {
    rule.author = names({"info@bank.example"});
    found.author.mailboxes.push_back({"eve", "bank.example", mail::Domain::parse("bank.example")});
  }
  SECTION("a chain with a stranger in it") {
    rule.arc_sealer = names({"list.example"});
    found.arc.status = arc::ChainStatus::pass;
    found.arc.sealers = {{*mail::Domain::parse("list.example"), "s"},
                         {*mail::Domain::parse("attack.example"), "s"}};
  }
  SECTION("a result of a check that did not run") {
    rule.dmarc = {"none", "fail", "pass", "temperror", "permerror"};
    found.dmarc.reset();
  }
  CHECK(policy::match(rule, {found, "", ""}) == Match::no);
}

TEST_CASE("the first rule that matches decides, and says so", "[policy]") {
  Rule accept = rule_for_client(Action::accept);
  accept.name = "relay";
  accept.reason = "sends for the bank";
  accept.report = dmarc::OverrideType::trusted_forwarder;
  const policy::Disposition accepted = decide(forged(), {accept, rule_for_client(Action::reject)});
  CHECK(accepted.action == Action::accept);
  CHECK(accepted.reason == "rule 1 [relay], action = accept: sends for the bank");
  CHECK(accepted.overrides.dmarc == findings::Override{dmarc::OverrideType::trusted_forwarder,
                                                       "rule 1 [relay]: sends for the bank"});

  const policy::Disposition refused = decide(forged(), {rule_for_client(Action::reject), accept});
  CHECK(refused.reply == policy::Reply{"550", "5.7.1", "Refused by local policy"});
  CHECK(refused.reason == "rule 1, action = reject: all its conditions hold");
  CHECK(decide(forged(), {rule_for_client(Action::tempfail)}).reply.code == "451");
  CHECK(decide(forged(), {}).action == Action::reject);
}

TEST_CASE("a rule that lets a message pass is never silent", "[policy]") {
  findings::Findings fine = forged();
  fine.dmarc->code = dmarc::ResultCode::pass;
  const policy::Disposition accepted = decide(fine, {rule_for_client(Action::accept)});
  CHECK(accepted.reason == "rule 1, action = accept: all its conditions hold");
  CHECK_FALSE(accepted.overrides.dmarc);  // there is no failure to explain
}

TEST_CASE("a rule in a dry run tells, and the rest decides", "[policy]") {
  Rule dry = rule_for_client(Action::discard);
  dry.dry_run = true;
  const policy::Disposition decided = decide(forged(), {dry, rule_for_client(Action::accept)});
  CHECK(decided.action == Action::accept);
  CHECK(decided.withheld == Action::discard);
  CHECK(decided.reason ==
        "rule 1, dry run, would discard: all its conditions hold; rule 2, action = accept: all its "
        "conditions hold");
  findings::Findings fine = forged();
  fine.dmarc->code = dmarc::ResultCode::pass;
  CHECK(decide(fine, {dry}).reason == "rule 1, dry run, would discard: all its conditions hold");
}

TEST_CASE("recipients that differ get the strictest outcome", "[policy]") {
  Rule one;
  one.recipient = names({"one@example.org"});
  struct Case {
    Action for_one;
    Action for_two;
    Action action;
  };
  using enum Action;
  const Case cases[] = {{accept, reject, reject},         {accept, quarantine, quarantine},
                        {tempfail, quarantine, tempfail}, {tempfail, reject, reject},
                        {discard, discard, discard},      {discard, accept, reject},
                        {quarantine, discard, reject},    {accept, accept, accept}};
  for (const Case& row : cases) {
    DYNAMIC_SECTION(format_action(row.for_one) << " and " << format_action(row.for_two)) {
      one.action = row.for_one;
      const policy::Disposition decided = decide(forged(), {one, rule_for_client(row.for_two)});
      CHECK(decided.action == row.action);
      CHECK(decided.reply.code == (row.action == reject     ? "550"
                                   : row.action == tempfail ? "451"
                                                            : ""));
    }
  }
}

TEST_CASE("a rule that lets in what an option would not says so", "[policy]") {
  findings::Findings found = forged();
  found.dmarc.reset();
  found.spf_mail_from =
      spf::Result{spf::ResultCode::fail, spf::Identity::mail_from, "bank.example"};
  policy::Options options;
  options.spf_on_fail = policy::Measure::reject;
  Rule spared = rule_for_client(Action::accept);
  spared.name = "relay";
  options.rules = {spared};
  const policy::Disposition accepted = policy::decide(found, {}, options);
  CHECK(accepted.action == Action::accept);
  CHECK(
      accepted.reason ==
      "rule 1 [relay], action = accept: all its conditions hold, over policy.spf_on_fail = reject");
  CHECK(accepted.overrides.spf == findings::Override{dmarc::OverrideType::local_policy,
                                                     "rule 1 [relay]: all its conditions hold"});
  CHECK_FALSE(accepted.overrides.iprev);

  options.spf_on_fail = policy::Measure::mark;  // then it outweighs nothing
  CHECK_FALSE(policy::decide(found, {}, options).overrides.spf);
}

TEST_CASE("at RCPT only what is certain is refused", "[policy]") {
  findings::Findings found = forged();
  found.spf_mail_from->code = spf::ResultCode::fail;
  policy::Options options;
  options.spf_on_fail = policy::Measure::reject;
  const auto refuses = [&](const char* recipient) {
    const auto decided = policy::decide_recipient(found, recipient, options);
    return decided ? decided->reply.code + " " + decided->reply.enhanced : "";
  };
  CHECK(refuses("one@example.org") == "550 5.7.23");

  Rule spare;
  spare.action = Action::accept;
  SECTION("a rule spares one recipient") {
    spare.recipient = names({"one@example.org"});
    options.rules = {spare};
    CHECK(refuses("one@example.org").empty());
    CHECK(refuses("two@example.org") == "550 5.7.23");
  }
  SECTION("a rule may spare the message that is to come") {
    spare.list_id = names({"tea.list.example"});
    options.rules = {spare};
    CHECK(refuses("one@example.org").empty());
    options.rules.front().action = Action::reject;  // which is what comes of it anyhow
    CHECK(refuses("one@example.org") == "550 5.7.23");
    options.rules.front().action = Action::tempfail;
    CHECK(refuses("one@example.org").empty());
    options.rules.front().client = list<policy::NetworkSet>({"2001:db8::/32"});
    CHECK(refuses("one@example.org") == "550 5.7.23");
  }
  SECTION("a rule refuses") {
    options.spf_on_fail = policy::Measure::mark;
    options.rules = {rule_for_client(Action::tempfail)};
    CHECK(refuses("one@example.org") == "451 4.7.1");
    options.rules = {rule_for_client(Action::discard)};
    CHECK(refuses("one@example.org").empty());
  }
  SECTION("nothing in a dry run") {
    options.dry_run = true;
    CHECK(refuses("one@example.org").empty());
  }
}

TEST_CASE("rules that accept what anybody can write are told of", "[policy]") {
  Rule rule;
  rule.author = names({"bank.example"});
  rule.action = Action::accept;
  CHECK(policy::accepts_forgeries(rule));
  rule.dkim = {"pass"};  // anybody's
  CHECK(policy::accepts_forgeries(rule));
  rule.dmarc = {"pass"};
  CHECK_FALSE(policy::accepts_forgeries(rule));
  rule.dmarc = {"pass", "fail"};
  CHECK(policy::accepts_forgeries(rule));
  rule.client_name = names({"*"});  // anybody's, too
  CHECK(policy::accepts_forgeries(rule));
  rule.client_name = names({"relay.example"});
  CHECK_FALSE(policy::accepts_forgeries(rule));
}

TEST_CASE("who may be anybody vouches for nobody", "[policy]") {
  Rule rule;
  rule.action = Action::accept;
  rule.recipient = names({"*"});
  CHECK(policy::accepts_forgeries(rule));
  rule.sender = names({"*"});
  rule.spf = {"pass"};
  CHECK(policy::accepts_forgeries(rule));
  rule.sender = names({"partner.example"});
  CHECK_FALSE(policy::accepts_forgeries(rule));
}

TEST_CASE("a rule turns recipients away by client and envelope alone", "[policy]") {
  Rule rule;
  rule.action = Action::reject;
  rule.client = list<policy::NetworkSet>({"192.0.2.0/24"});
  CHECK_FALSE(policy::refuses_recipients(rule));
  rule.recipient = names({"closed@example.org"});
  CHECK(policy::refuses_recipients(rule));
  const std::pair<Action, bool> actions[] = {{Action::accept, false},
                                             {Action::quarantine, false},
                                             {Action::discard, false},
                                             {Action::tempfail, true},
                                             {Action::reject, true}};
  for (const auto& [action, expected] : actions) {
    CAPTURE(policy::format_action(action));
    rule.action = action;
    CHECK(policy::refuses_recipients(rule) == expected);
  }
  SECTION("not in a dry run") {
    rule.dry_run = true;
    CHECK_FALSE(policy::refuses_recipients(rule));
  }
  SECTION("not where the message has to be seen") {
    rule.dmarc = {"fail"};
    CHECK_FALSE(policy::refuses_recipients(rule));
  }
}

TEST_CASE("lists live in files, one entry a line", "[policy]") {
  const std::string path = "rule_test_list";
  const auto write = [&](const char* text) { std::ofstream(path, std::ios::binary) << text; };
  auto condition = names({"example.com", "file:" + path});
  write("# partners\n\n bank.example \r\n.shop.example\t# and its sub-domains\n");
  REQUIRE(condition.read_files());
  CHECK(condition.set.covers(*mail::Domain::parse("bank.example")));
  CHECK(condition.set.covers(*mail::Domain::parse("www.shop.example")));
  CHECK(condition.set.covers(*mail::Domain::parse("example.com")));
  CHECK_FALSE(condition.set.covers(*mail::Domain::parse("shop.example")));

  write("bank.example\nno domain\n");
  CHECK(condition.read_files().error().starts_with(path + ":2: is \"no domain\"; expected "));
  write("bank.example#1\n");
  CHECK_FALSE(condition.read_files());
  CHECK(names({"file:/nonexistent/list"})
            .read_files()
            .error()
            .starts_with("/nonexistent/list: cannot be read: No such file"));
  write("# nothing\n");
  auto empty = names({"file:" + path});
  REQUIRE(empty.read_files());
  CHECK(empty.is_given());
  CHECK_FALSE(empty.set.covers(*mail::Domain::parse("bank.example")));
  CHECK(std::remove(path.c_str()) == 0);
}
