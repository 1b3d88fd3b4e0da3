#include "policy/arc_override.hpp"

#include <functional>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

using namespace sekisho;
using findings::Assertion;

namespace {

mail::Domain domain(const std::string& text) {
  return mail::Domain::parse(text).value();
}

std::vector<mail::Domain> domains(const std::vector<std::string>& texts) {
  std::vector<mail::Domain> parsed;
  for (const std::string& text : texts) {
    parsed.push_back(domain(text));
  }
  return parsed;
}

// A message from author@mail.example.com that came through two lists and fails DMARC.
findings::Findings forwarded() {
  findings::Findings findings;
  findings.arc_checked = true;
  findings.arc.status = arc::ChainStatus::pass;
  findings.arc.sets = 2;
  findings.arc.sealers = {{domain("first.example"), "s1"}, {domain("second.example"), "s2"}};
  findings.arc_assessment.assertions = {{"spf", "pass", domain("mail.example.com")},
                                        {"dkim", "pass", domain("mail.example.com")},
                                        {"dmarc", "pass", domain("mail.example.com")}};
  dmarc::Result dmarc;
  dmarc.code = dmarc::ResultCode::fail;
  dmarc.author_domain = domain("mail.example.com");
  dmarc.organizational_domain = domain("example.com");
  dmarc.record = dmarc::Record{};
  dmarc.policy = dmarc::Policy::reject;
  findings.dmarc = dmarc;
  return findings;
}

const std::vector<mail::Domain> both = domains({"first.example", "second.example"});

}  // namespace

TEST_CASE("a chain of trusted sealers overrides a DMARC failure (RFC 8617 §7.2.1)", "[policy]") {
  findings::Findings findings = forwarded();
  CHECK(policy::find_arc_override(findings, both) ==
        findings::Override{dmarc::OverrideType::local_policy,
                           "arc=pass as[2].d=second.example as[1].d=first.example"
                           " as[2].s=s2 as[1].s=s1"});
  findings.arc_assessment.client = dns::IpAddress::parse("2001:db8::1a");
  CHECK(policy::find_arc_override(findings, both)
            ->comment.ends_with(" as[1].s=s1 remote-ip[1]=2001:db8::1a"));  // §7.2.2
}

TEST_CASE("every sealer of the chain must be trusted (RFC 8617 §9.4)", "[policy]") {
  struct Case {
    std::string why;
    std::vector<std::string> sealers;
    std::vector<std::string> trusted;
    bool is_overridden;
  };
  const Case cases[] = {
      {"both are", {"a.example", "b.example"}, {"b.example", "a.example"}, true},
      {"in any case, and as U-labels",
       {"xn--bcher-kva.example", "b.example"},
       {"b\u00fccher.example", "B.Example"},
       true},
      {"nobody is trusted", {"a.example"}, {}, false},
      {"the evidence is the attacker's own", {"evil.example", "b.example"}, {"b.example"}, false},
      {"the attacker sealed it last", {"a.example", "evil.example"}, {"a.example"}, false},
      {"the attacker changed it on the way",
       {"a.example", "evil.example", "b.example"},
       {"a.example", "b.example"},
       false},
      {"a domain below a trusted one", {"x.a.example"}, {"a.example"}, false},
      {"a domain above a trusted one", {"a.example"}, {"x.a.example"}, false},
      {"a chain without sealers", {}, {"a.example"}, false},
  };
  for (const auto& [why, sealers, trusted, is_overridden] : cases) {
    DYNAMIC_SECTION(why) {
      findings::Findings findings = forwarded();
      findings.arc.sealers.clear();
      for (const std::string& sealer : sealers) {
        findings.arc.sealers.push_back({domain(sealer), "s"});
      }
      CHECK(policy::find_arc_override(findings, domains(trusted)).has_value() == is_overridden);
    }
  }
}

TEST_CASE("the first sealer must say that this author was authentic", "[policy]") {
  struct Case {
    std::string why;
    std::vector<Assertion> assertions;
    bool is_overridden;
  };
  const auto author = domain("mail.example.com");
  const auto other = domain("other.example");
  const Case cases[] = {
      {"DMARC passed", {{"dmarc", "pass", author}}, true},
      {"DMARC passed, of whom is not said", {{"dmarc", "pass", {}}}, true},
      {"DMARC passed for another author", {{"dmarc", "pass", other}}, false},
      {"DMARC passed for the author's organization",
       {{"dmarc", "pass", domain("example.com")}},
       false},
      {"DMARC failed", {{"dmarc", "fail", author}, {"spf", "pass", author}}, false},
      {"DMARC failed and passed", {{"dmarc", "pass", author}, {"dmarc", "fail", author}}, false},
      {"DMARC had no answer", {{"dmarc", "temperror", author}, {"dkim", "pass", author}}, false},
      {"nothing is said", {}, false},
      {"no record, and nothing else", {{"dmarc", "none", author}}, false},
      {"no record, SPF in alignment", {{"dmarc", "none", {}}, {"spf", "pass", author}}, true},
      {"no record for another author", {{"dmarc", "none", other}, {"spf", "pass", author}}, false},
      {"SPF in alignment", {{"spf", "pass", author}}, true},
      {"DKIM in alignment", {{"dkim", "fail", other}, {"dkim", "pass", author}}, true},
      {"relaxed alignment", {{"dkim", "pass", domain("example.com")}}, true},
      {"SPF failed", {{"spf", "fail", author}}, false},
      {"of another domain", {{"spf", "pass", other}, {"dkim", "pass", other}}, false},
      {"of no domain", {{"spf", "pass", {}}, {"dkim", "pass", {}}}, false},
      {"above the organizational domain", {{"dkim", "pass", domain("com")}}, false},
      {"of a domain that may have an organization of its own",
       {{"dkim", "pass", domain("tenant.mail.example.com")}},
       false},
  };
  for (const auto& [why, assertions, is_overridden] : cases) {
    DYNAMIC_SECTION(why) {
      findings::Findings findings = forwarded();
      findings.arc_assessment.assertions = assertions;
      CHECK(policy::find_arc_override(findings, both).has_value() == is_overridden);
    }
  }
}

TEST_CASE("strict alignment holds for sealers' words too", "[policy]") {
  findings::Findings findings = forwarded();
  findings.dmarc->record->dkim_alignment = dmarc::AlignmentMode::strict;
  findings.arc_assessment.assertions = {{"dkim", "pass", domain("example.com")}};
  CHECK_FALSE(policy::find_arc_override(findings, both));
  findings.arc_assessment.assertions = {{"spf", "pass", domain("example.com")}};
  CHECK(policy::find_arc_override(findings, both));
}

TEST_CASE("there is nothing to override", "[policy]") {
  struct Case {
    std::string why;
    std::function<void(findings::Findings&)> change;
  };
  const Case cases[] = {
      {"the chain fails", [](auto& f) { f.arc.status = arc::ChainStatus::fail; }},
      {"there is no chain", [](auto& f) { f.arc = {}; }},
      {"DMARC passes", [](auto& f) { f.dmarc->code = dmarc::ResultCode::pass; }},
      {"DMARC had no answer", [](auto& f) { f.dmarc->code = dmarc::ResultCode::temperror; }},
      {"DMARC did not run", [](auto& f) { f.dmarc.reset(); }},
      {"the policy is none", [](auto& f) { f.dmarc->policy = dmarc::Policy::none; }},
  };
  for (const auto& [why, change] : cases) {
    DYNAMIC_SECTION(why) {
      findings::Findings findings = forwarded();
      change(findings);
      CHECK_FALSE(policy::find_arc_override(findings, both));
    }
  }
}
