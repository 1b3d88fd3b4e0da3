// Which rule decides, and what it leads to.
#include "policy/rule_choice.hpp"

#include "policy/rule_sample.hpp"

#include <functional>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

using namespace sekisho;
using namespace sekisho::policy;

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

TEST_CASE("a refusal for encryption has the code for it", "[policy]") {
  Rule rule = rule_for_client(Action::reject);
  rule.tls = tls::Requirement::parse("<1.3");  // RFC 5248: X.7.10
  CHECK(decide(forged(), {rule}).reply ==
        policy::Reply{"550", "5.7.10",
                      "The encryption of the connection is not accepted by local policy"});
  rule.action = Action::tempfail;
  CHECK(decide(forged(), {rule}).reply.enhanced == "4.7.10");
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
  Rule other = dry;
  other.action = Action::reject;
  CHECK(decide(forged(), {dry, other}).withheld ==
        Action::discard);  // the first is the one that acts
  other.action = Action::accept;
  CHECK(decide(forged(), {other, rule_for_client(Action::accept)}).withheld == std::nullopt);
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

TEST_CASE("a reason has all that decide alike, and the path has the rest, too", "[policy]") {
  findings::Findings found = forged();
  found.spf_mail_from->code = spf::ResultCode::fail;
  policy::Options options;
  options.on_reject = policy::OnReject::reject;
  options.spf_on_fail = policy::Measure::reject;
  const policy::Disposition both = policy::decide(found, {}, options);
  CHECK(both.path.size() == 2);
  CHECK(both.reason == both.path[0].decided + ": " + both.path[0].found + "; " +
                           both.path[1].decided + ": " + both.path[1].found);
  CHECK(both.reason.contains("policy.spf_on_fail = reject: "));
  CHECK(both.reason.contains("policy.on_reject = reject: "));

  options.spf_on_fail = policy::Measure::hold;
  const policy::Disposition one = policy::decide(found, {}, options);
  CHECK(one.action == Action::reject);
  CHECK(one.path.size() == 2);
  CHECK_FALSE(one.reason.contains("policy.spf_on_fail"));
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
