#include "policy/decide.hpp"

#include "policy/findings_sample.hpp"

#include <string>

#include <catch2/catch.hpp>

using namespace sekisho;
using namespace sekisho::policy;

TEST_CASE("without findings a message is accepted", "[policy]") {
  CHECK(policy::decide(from(mail::AuthorStatus::single_domain), {}, {}) == policy::Disposition{});
}

TEST_CASE("more fields in our name than the limit are a refusal, whatever a rule says",
          "[policy]") {
  findings::Findings findings = from(mail::AuthorStatus::single_domain);
  findings.author.domains = {mail::Domain::parse("example.com").value()};
  policy::Options options;
  options.max_forged_fields = 3;
  findings.forged_fields = 3;
  CHECK(policy::decide(findings, {}, options).action == Action::accept);
  findings.forged_fields = 4;
  policy::Rule everybody;
  everybody.action = Action::accept;
  for (const std::size_t rules : {0U, 1U}) {
    options.rules.assign(rules, everybody);
    const policy::Disposition disposition = policy::decide(findings, {}, options);
    CHECK(disposition.action == Action::reject);
    CHECK(disposition.reply.text ==
          "Message has more than 3 header fields that only this host may add");
    CHECK(disposition.reason.contains("policy.max_forged_fields = 3: 4 header fields"));
  }
  options.dry_run = true;
  CHECK(policy::decide(findings, {}, options).action == Action::accept);
}

TEST_CASE("the reply of a DMARC failure names the author domain in A-labels", "[policy]") {
  const auto decided = policy::decide(
      with_dmarc(dmarc::ResultCode::fail, dmarc::Policy::reject, "b\u00fccher.example"), {}, {});
  CHECK(decided.reply ==
        policy::Reply{"550", "5.7.26",
                      "DMARC failed for the author domain xn--bcher-kva.example (policy reject): "
                      "neither SPF nor DKIM passes in alignment"});
}

TEST_CASE("a reply fits a line however long the domain is", "[policy]") {
  std::string longest(60, 'a');
  while (longest.size() < 190) {
    longest += "." + std::string(60, 'b');
  }
  for (const dmarc::Policy policy : {dmarc::Policy::quarantine, dmarc::Policy::reject}) {
    policy::Options options;
    options.on_quarantine = Measure::reject;
    const auto decided =
        policy::decide(with_dmarc(dmarc::ResultCode::fail, policy, longest), {}, options);
    CHECK(may_be_sent(decided.reply));
    CHECK(decided.reply.text.contains("bbb (policy"));
  }
}

TEST_CASE("actions have their words", "[policy]") {
  CHECK(policy::format_action(Action::accept) == "accept");
  CHECK(policy::format_action(Action::reject) == "reject");
  CHECK(policy::format_action(Action::tempfail) == "tempfail");
  CHECK(policy::format_action(Action::quarantine) == "quarantine");
  CHECK(policy::format_action(Action::discard) == "discard");
}
