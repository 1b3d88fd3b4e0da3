#include "preflight/fact_finding.hpp"

#include <algorithm>
#include <array>

namespace sekisho::preflight {

namespace {

bool has_error(const std::vector<Finding>& findings, Id id) {
  return std::ranges::any_of(findings, [&](const Finding& finding) {
    return finding.id == id && finding.level == Level::error;
  });
}

// Facts that findings alone show: at the level of an error, since advice is about what receivers
// take.
void find_form(const std::vector<Finding>& findings, Facts& facts) {
  constexpr std::array<Fact, 8> by_error{
      Fact::from_invalid,      Fact::msgid_invalid, Fact::field_double,  Fact::field_malformed,
      Fact::message_malformed, Fact::header_large,  Fact::message_large, Fact::hops_many};
  for (const Fact fact : by_error) {
    facts.set(fact, std::ranges::any_of(findings_of(fact),
                                        [&](Id id) { return has_error(findings, id); }));
  }
  // Large receivers take one author only, a Sender field or not.
  facts.set(Fact::from_invalid,
            facts.has(Fact::from_invalid) || has_finding(findings, Id::from_many_authors));
  facts.set(Fact::date_off, has_finding(findings, Id::date_off) ||
                                has_finding(findings, Id::date_missing) ||
                                has_error(findings, Id::date_syntax));
  facts.set(Fact::from_foreign, has_finding(findings, Id::from_foreign));
  facts.set(Fact::tls_none, has_finding(findings, Id::tls_next_hop));
  facts.set(Fact::arc_missing, has_finding(findings, Id::arc_forwarded));
}

void find_unsubscribe(const std::vector<Finding>& findings, const RouteContext& context,
                      Facts& facts) {
  const bool is_marketing = context.kind == Kind::bulk;
  facts.set(Fact::unsubscribe_missing, is_marketing && has_finding(findings, Id::unsub_url));
  const bool cover_is_missing = std::ranges::any_of(findings, [](const Finding& finding) {
    return finding.id == Id::unsub_cover && finding.level != Level::advice;
  });
  facts.set(Fact::one_click_missing,
            is_marketing && (has_finding(findings, Id::unsub_post) || cover_is_missing ||
                             has_finding(findings, Id::unsub_url)));
}

void find_dkim(const RouteContext& context, Facts& facts) {
  facts.set(Fact::dkim_not_passed, dkim_passes(context.signatures) == Tristate::no);
  facts.set(Fact::dkim_weak_key,
            std::ranges::any_of(context.signatures, [](const JudgedSignature& signature) {
              return signature.result.fault == dkim::Fault::key_too_short;
            }));
}

bool is_hard_fail(const AddressResult& result) {
  return result.spf.code == spf::ResultCode::fail && result.spf.mechanism == "-all";
}

bool sends_nothing(const AddressResult& result) {
  return result.spf.code == spf::ResultCode::fail && !result.spf.records.empty() &&
         result.spf.records.front().text == "v=spf1 -all";
}

bool is_open(const AddressResult& result) {
  return result.spf.code == spf::ResultCode::pass &&
         (result.spf.mechanism == "all" || result.spf.mechanism == "+all");
}

void find_spf(const RouteResult& route, const RouteContext& context, Facts& facts) {
  const Tristate spf = spf_passes(route, context.envelope, context.sender);
  const Tristate dkim = dkim_passes(context.signatures);
  const bool has_dkim_failed = dkim == Tristate::no;
  facts.set(Fact::spf_not_passed, spf == Tristate::no);
  facts.set(Fact::spf_hard_fail,
            has_dkim_failed && std::ranges::any_of(route.addresses, is_hard_fail));
  facts.set(Fact::spf_suspicious, std::ranges::any_of(route.addresses, is_open));
  facts.set(Fact::spf_sends_nothing, std::ranges::any_of(route.addresses, sends_nothing));
  facts.set(Fact::spf_author_missing,
            route.spf_of_author && route.spf_of_author->code == spf::ResultCode::none);
  facts.set(Fact::auth_none, spf == Tristate::no && has_dkim_failed);
  const bool has_address = !route.addresses.empty();
  facts.set(Fact::auth_temporary, has_address && spf != Tristate::yes && dkim != Tristate::yes &&
                                      (spf == Tristate::unknown || dkim == Tristate::unknown));
}

void find_dmarc(const RouteResult& route, const RouteContext& context, Facts& facts) {
  const dmarc::Result& dmarc = route.dmarc;
  const bool has_failed = dmarc.code == dmarc::ResultCode::fail && !route.addresses.empty();
  facts.set(Fact::dmarc_no_record,
            dmarc.fault == dmarc::Fault::no_record || dmarc.fault == dmarc::Fault::unusable_record);
  facts.set(Fact::dmarc_fails, has_failed);
  facts.set(Fact::dmarc_refused, has_failed && dmarc.policy != dmarc::Policy::none);
  facts.set(Fact::dmarc_not_aligned, has_failed && !context.is_indirect);
  const bool lacks_one = facts.has(Fact::spf_not_passed) || facts.has(Fact::dkim_not_passed) ||
                         has_failed || facts.has(Fact::dmarc_no_record);
  facts.set(Fact::auth_incomplete, lacks_one);
}

void find_addresses(const RouteResult& route, Facts& facts) {
  const auto has_no_name = [](const AddressResult& each) {
    return each.iprev.code == iprev::ResultCode::fail ||
           each.iprev.code == iprev::ResultCode::permerror;
  };
  facts.set(Fact::iprev_failed, std::ranges::any_of(route.addresses, has_no_name));
  facts.set(Fact::ipv6_unauthenticated,
            std::ranges::any_of(route.addresses, [&](const AddressResult& each) {
              return each.address.is_v6() && (has_no_name(each) || facts.has(Fact::auth_none));
            }));
  const auto is_lost = [](MailDomain domain) {
    return domain == MailDomain::missing || domain == MailDomain::null_mx;
  };
  facts.set(Fact::domain_missing, is_lost(route.sender) || is_lost(route.author));
}

}  // namespace

Facts find_facts(const std::vector<Finding>& findings, const RouteResult& route,
                 const RouteContext& context) {
  Facts facts;
  find_form(findings, facts);
  find_unsubscribe(findings, context, facts);
  find_dkim(context, facts);
  find_spf(route, context, facts);
  find_dmarc(route, context, facts);
  find_addresses(route, facts);
  return facts;
}

}  // namespace sekisho::preflight
