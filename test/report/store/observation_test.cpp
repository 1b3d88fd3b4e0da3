// What a message adds to a report (RFC 9990 §3.1).
#include "report/store/observation.hpp"

#include "report/store/codec.hpp"

#include <string>
#include <vector>

#include <catch2/catch.hpp>

namespace sekisho::report::store {

namespace {

using dmarc::Policy;
using dmarc::ResultCode;

constexpr std::chrono::sys_seconds now{std::chrono::seconds(1'795'000'000)};

mail::Domain domain(std::string_view text) {
  return *mail::Domain::parse(text);
}

dkim::Result signature(std::string_view of, std::string selector, dkim::ResultCode code) {
  dkim::Result result;
  result.domain = domain(of);
  result.selector = std::move(selector);
  result.code = code;
  result.reason = "a reason";
  return result;
}

/// A message from mail.example.org, which fails under example.org's p=reject.
findings::Findings a_failure() {
  findings::Findings findings;
  findings.client.address = dns::IpAddress::parse("192.0.2.1");
  findings.envelope.sender = "someone@bounce.example.org";
  findings.spf_mail_from = spf::Result{};
  findings.spf_mail_from->code = spf::ResultCode::softfail;
  findings.spf_mail_from->domain = "bounce.example.org";
  findings.spf_mail_from->reason = "a reason";
  dmarc::Result dmarc;
  dmarc.code = ResultCode::fail;
  dmarc.author_domain = domain("mail.example.org");
  dmarc.organizational_domain = domain("example.org");
  dmarc.record_domain = domain("example.org");
  dmarc.record = dmarc::Record{};
  dmarc.record->policy = Policy::reject;
  dmarc.record->aggregate_uris = {"mailto:a@example.org", "mailto:b@example.net!10m"};
  dmarc.published_policy = Policy::reject;
  dmarc.policy = Policy::reject;
  findings.dmarc = dmarc;
  return findings;
}

}  // namespace

TEST_CASE("an observation has what the report has", "[store]") {
  const auto observation = observe(a_failure(), Policy::reject, {}, now);
  REQUIRE(observation);
  CHECK(observation->seen == now);
  CHECK(observation->addresses ==
        std::vector<std::string>{"mailto:a@example.org", "mailto:b@example.net!10m"});
  const format::PolicyPublished& policy = observation->policy;
  CHECK(policy.domain == "example.org");  // not the author's: RFC 9990 §3.1.2
  CHECK(policy.discovery_method == dmarc::DiscoveryMethod::treewalk);
  // RFC 9990 §3.1.1.5: tags that are not there have their default values.
  CHECK(policy.policy == Policy::reject);
  CHECK(policy.subdomain_policy == Policy::reject);
  CHECK(policy.nonexistent_policy == Policy::reject);
  CHECK(policy.failure_options == "0");
  CHECK(policy.testing == false);
  CHECK_FALSE(policy.percent);
  const format::AggregateRecord& record = observation->record;
  CHECK(record.source.text() == "192.0.2.1");
  CHECK(record.count == 1);
  CHECK(record.disposition == format::ActionDisposition::reject);
  CHECK_FALSE(record.dkim_aligned);
  CHECK_FALSE(record.spf_aligned);
  CHECK(record.reasons.empty());
  CHECK(record.header_from == "mail.example.org");
  CHECK(record.envelope_from == "bounce.example.org");
  CHECK(record.envelope_to.empty());
  CHECK(record.dkim.empty());
  REQUIRE(record.spf.size() == 1);
  CHECK(record.spf[0] == format::SpfAuthResult{"bounce.example.org", format::SpfScope::mfrom,
                                               format::AuthResult::softfail, ""});
}

TEST_CASE("of RFC 7489's discovery an observation has its tags", "[store]") {
  findings::Findings findings = a_failure();
  findings.dmarc->discovery = dmarc::DiscoveryMethod::psl;
  findings.dmarc->record->percent = 50;
  const format::PolicyPublished policy = observe(findings, Policy::reject, {}, now)->policy;
  CHECK(policy.discovery_method == dmarc::DiscoveryMethod::psl);
  CHECK(policy.percent == 50);
  CHECK_FALSE(policy.nonexistent_policy);
  CHECK_FALSE(policy.testing);
}

TEST_CASE("some messages are nobody's business", "[store]") {
  using Change = void (*)(findings::Findings&);
  struct Case {
    const char* name;
    Change change;
  };
  const Case cases[] = {
      {"not checked", [](findings::Findings& f) { f.dmarc.reset(); }},
      {"no record", [](findings::Findings& f) { f.dmarc->record.reset(); }},
      {"no DMARC", [](findings::Findings& f) { f.dmarc->code = ResultCode::none; }},
      {"no rua", [](findings::Findings& f) { f.dmarc->record->aggregate_uris.clear(); }},
      {"a record that is not used", [](findings::Findings& f) { f.dmarc->record->usable = false; }},
      {"no author", [](findings::Findings& f) { f.dmarc->author_domain.reset(); }},
      {"no address", [](findings::Findings& f) { f.client.address.reset(); }},
      {"our network", [](findings::Findings& f) { f.origin = findings::Origin::internal; }},
  };
  for (const auto& [name, change] : cases) {
    DYNAMIC_SECTION(name) {
      findings::Findings findings = a_failure();
      change(findings);
      CHECK_FALSE(observe(findings, Policy::reject, {}, now));
    }
  }
}

TEST_CASE("disposition and reasons say what came of the policy", "[store]") {
  // RFC 9990 §3.1.1.9, §3.1.6 and appendix A
  struct Case {
    const char* name;
    ResultCode code;
    Policy published;
    Policy applied;
    std::optional<format::OverrideType> override;
    Policy enforced;
    format::ActionDisposition disposition;
    std::vector<format::OverrideType> reasons;
  };
  using enum format::OverrideType;
  const Case cases[] = {
      {"passed under none",
       ResultCode::pass,
       Policy::none,
       Policy::none,
       std::nullopt,
       Policy::none,
       format::ActionDisposition::none,
       {}},
      {"passed under reject",
       ResultCode::pass,
       Policy::reject,
       Policy::reject,
       std::nullopt,
       Policy::none,
       format::ActionDisposition::pass,
       {}},
      {"failed under none",
       ResultCode::fail,
       Policy::none,
       Policy::none,
       std::nullopt,
       Policy::none,
       format::ActionDisposition::none,
       {}},
      {"quarantined as asked",
       ResultCode::fail,
       Policy::quarantine,
       Policy::quarantine,
       std::nullopt,
       Policy::quarantine,
       format::ActionDisposition::quarantine,
       {}},
      {"rejected as asked",
       ResultCode::fail,
       Policy::reject,
       Policy::reject,
       std::nullopt,
       Policy::reject,
       format::ActionDisposition::reject,
       {}},
      {"from a list",
       ResultCode::fail,
       Policy::reject,
       Policy::reject,
       mailing_list,
       Policy::quarantine,
       format::ActionDisposition::quarantine,
       {mailing_list}},
      {"by a trusted sealer",
       ResultCode::fail,
       Policy::reject,
       Policy::reject,
       trusted_forwarder,
       Policy::none,
       format::ActionDisposition::none,
       {trusted_forwarder}},
      {"in testing mode",
       ResultCode::fail,
       Policy::reject,
       Policy::quarantine,
       std::nullopt,
       Policy::quarantine,
       format::ActionDisposition::quarantine,
       {policy_test_mode}},
      {"in testing mode, and a list",
       ResultCode::fail,
       Policy::reject,
       Policy::quarantine,
       mailing_list,
       Policy::none,
       format::ActionDisposition::none,
       {policy_test_mode, mailing_list}},
      {"lowered without a word",
       ResultCode::fail,
       Policy::reject,
       Policy::reject,
       std::nullopt,
       Policy::quarantine,
       format::ActionDisposition::quarantine,
       {local_policy}},
      {"no answer",
       ResultCode::temperror,
       Policy::reject,
       Policy::reject,
       std::nullopt,
       Policy::none,
       format::ActionDisposition::none,
       {other}},
  };
  for (const Case& each : cases) {
    DYNAMIC_SECTION(each.name) {
      findings::Findings findings = a_failure();
      findings.dmarc->code = each.code;
      findings.dmarc->published_policy = each.published;
      findings.dmarc->policy = each.applied;
      std::optional<findings::Override> override;
      if (each.override) {
        override = {*each.override, "why"};
      }
      const auto observation = observe(findings, each.enforced, override, now);
      REQUIRE(observation);
      CHECK(observation->record.disposition == each.disposition);
      std::vector<format::OverrideType> types;
      for (const format::OverrideReason& reason : observation->record.reasons) {
        types.push_back(reason.type);
      }
      CHECK(types == each.reasons);
    }
  }
}

TEST_CASE("pct= that spares a message is a reason", "[store]") {
  findings::Findings findings = a_failure();
  findings.dmarc->policy = Policy::quarantine;
  findings.dmarc->sampled_out = true;
  const auto reasons = observe(findings, Policy::quarantine, {}, now)->record.reasons;
  REQUIRE(reasons.size() == 1);
  CHECK(reasons[0].type == format::OverrideType::sampled_out);
}

TEST_CASE("signatures are told in the order of their worth, up to a limit", "[store]") {
  // RFC 9990 §3.1.3
  findings::Findings findings = a_failure();
  findings.dkim = {signature("mail.example.org", "fails", dkim::ResultCode::fail),
                   signature("esp.example", "other", dkim::ResultCode::pass),
                   signature("example.org", "relaxed", dkim::ResultCode::pass),
                   signature("mail.example.org", "strict", dkim::ResultCode::pass),
                   signature("example.org", "", dkim::ResultCode::permerror)};
  findings.dkim.push_back(signature("example.org", "nobody's", dkim::ResultCode::permerror));
  findings.dkim.back().domain.reset();
  const auto results = observe(findings, Policy::reject, {}, now)->record.dkim;
  REQUIRE(results.size() == 5);
  CHECK(results[0] ==
        format::DkimAuthResult{"mail.example.org", "strict", format::AuthResult::pass, ""});
  CHECK(results[1] ==
        format::DkimAuthResult{"example.org", "relaxed", format::AuthResult::pass, ""});
  CHECK(results[2] == format::DkimAuthResult{"esp.example", "other", format::AuthResult::pass, ""});
  CHECK(results[3] ==
        format::DkimAuthResult{"mail.example.org", "fails", format::AuthResult::fail, "a reason"});
  CHECK(results[4] ==
        format::DkimAuthResult{"example.org", "", format::AuthResult::permerror, "a reason"});

  findings.dkim.assign(150, signature("esp.example", "many", dkim::ResultCode::fail));
  findings.dkim.push_back(signature("example.org", "last", dkim::ResultCode::pass));
  const auto many = observe(findings, Policy::reject, {}, now)->record.dkim;
  CHECK(many.size() == format::max_record_results);
  CHECK(many[0].selector == "last");
}

TEST_CASE("an SPF result without a domain is none", "[store]") {
  findings::Findings findings = a_failure();
  findings.spf_mail_from->domain.clear();
  findings.envelope.sender.clear();
  const format::AggregateRecord record = observe(findings, Policy::reject, {}, now)->record;
  CHECK(record.spf.empty());
  CHECK(record.envelope_from.empty());
}

TEST_CASE("text of strangers is made fit for a report", "[store]") {
  findings::Findings findings = a_failure();
  findings.dkim = {signature("example.org", std::string(1'000, 'x'), dkim::ResultCode::fail)};
  findings.dkim[0].reason = "a\nb\xff" + std::string(1'000, 'c');
  findings.dmarc->record->failure_options = "1\r\n:d";
  const auto observation = observe(findings, Policy::reject, {}, now);
  CHECK(observation->record.dkim[0].selector.size() == 255);
  CHECK(observation->record.dkim[0].human_result.size() == 200);
  CHECK(observation->record.dkim[0].human_result.starts_with("a b\xef\xbf\xbd"));
  CHECK(observation->policy.failure_options == "1 :d");
}

TEST_CASE("an observation goes into a line of text and comes back", "[store]") {
  findings::Findings findings = a_failure();
  findings.dkim = {signature("example.org", "s", dkim::ResultCode::pass),
                   signature("esp.example", "k", dkim::ResultCode::temperror)};
  const findings::Override override{format::OverrideType::mailing_list, "\"quoted\" \xc3\xa9 \\"};
  Observation observation = *observe(findings, Policy::quarantine, override, now);
  observation.record.count = 12'345'678'901;
  observation.record.spf_aligned = true;
  const std::string text = write_observation(observation);
  CHECK(text.find('\n') == std::string::npos);
  CHECK(read_observation(text) == observation);
  observation.policy = {.domain = "x.example"};
  CHECK(read_observation(write_observation(observation)) == observation);
}

TEST_CASE("text that is no observation is none", "[store]") {
  const std::string whole = write_observation(*observe(a_failure(), Policy::reject, {}, now));
  for (const std::string_view part : {R"("source":"192.0.2.1")", R"("count":1)", R"("p":"reject")",
                                      R"("dkim":false)", R"("results":{)", R"("seen":)"}) {
    DYNAMIC_SECTION("without " << part) {
      std::string text = whole;
      text.replace(text.find(part), 3, "\"x\":1,\"");
      CHECK_FALSE(read_observation(text));
    }
  }
  for (const char* text : {"", "null", "[]", "{}", "{\"seen\":1", "[[[[[[[[[["}) {
    DYNAMIC_SECTION("text " << text) {
      CHECK_FALSE(read_observation(text));
    }
  }
}

}  // namespace sekisho::report::store
