#include "policy/envelope.hpp"

#include <algorithm>
#include <string>
#include <utility>

namespace sekisho::policy {

namespace {

Judgement take_or_remark(Measure measure, const std::string& option, Step found, Refusal refusal) {
  Judgement judgement = take(measure, option, std::move(found), std::move(refusal));
  judgement.is_remark = measure == Measure::mark;
  return judgement;
}

Judgement spf_judgement(const spf::Result& spf, Measure measure, const std::string& option,
                        const std::string& section, Refusal refusal) {
  const std::string result(spf::format_result_code(spf.code));
  refusal.domain = shortened(spf.domain);
  refusal.what = "SPF " + refusal.what + " for " + refusal.domain;
  const std::string whose = spf.identity == spf::Identity::helo ? "HELO name " : "sender's domain ";
  Step found{"", "SPF gives " + result + " for the " + whose + refusal.domain, section};
  return take_or_remark(measure, option, std::move(found), std::move(refusal));
}

}  // namespace

std::optional<Judgement> judge_spf(const findings::Findings& findings, const Options& options) {
  if (!findings.spf_mail_from || findings.origin != findings::Origin::outside) {
    return std::nullopt;
  }
  const spf::Result& spf = *findings.spf_mail_from;
  switch (spf.code) {
    case spf::ResultCode::fail:
      return spf_judgement(spf, options.spf_on_fail, "policy.spf_on_fail", "RFC 7208 §8.4",
                           {"550", "5.7.23", "does not allow this client to send", ""});
    case spf::ResultCode::softfail:
      return spf_judgement(spf, options.spf_on_softfail, "policy.spf_on_softfail", "RFC 7208 §8.5",
                           {"550", "5.7.23", "hardly allows this client to send", ""});
    case spf::ResultCode::permerror:
      return spf_judgement(spf, options.spf_on_permerror, "policy.spf_on_permerror",
                           "RFC 7208 §8.7", {"550", "5.7.24", "has no valid record", ""});
    case spf::ResultCode::none:
    case spf::ResultCode::neutral:
    case spf::ResultCode::pass:
    case spf::ResultCode::temperror:
      return std::nullopt;
  }
  std::unreachable();
}

std::optional<Judgement> judge_iprev(const findings::Findings& findings, const Options& options) {
  if (!findings.iprev || !findings.client.address || findings.origin != findings::Origin::outside) {
    return std::nullopt;
  }
  const std::string client = findings.client.address->text();
  switch (findings.iprev->code) {
    case iprev::ResultCode::fail:
      return take_or_remark(
          options.iprev_on_fail, "policy.iprev_on_fail",
          {"", "no name of " + client + " leads back to it", "RFC 8601 §3"},
          {"550", "5.7.25",
           "The reverse DNS name of " + client + " does not lead back to this address", ""});
    case iprev::ResultCode::permerror:
      return take_or_remark(
          options.iprev_on_permerror, "policy.iprev_on_permerror",
          {"", client + " has no PTR record", "RFC 8601 §3"},
          {"550", "5.7.25", "The address " + client + " has no reverse DNS name", ""});
    case iprev::ResultCode::pass:
    case iprev::ResultCode::temperror:
      return std::nullopt;
  }
  std::unreachable();
}

bool refuses_envelopes(const Options& options) {
  if (options.dry_run) {
    return false;
  }
  for (const Measure measure :
       {options.spf_on_fail, options.spf_on_softfail, options.spf_on_permerror,
        options.iprev_on_fail, options.iprev_on_permerror}) {
    if (measure == Measure::reject) {
      return true;
    }
  }
  return std::ranges::any_of(options.rules, refuses_recipients);
}

}  // namespace sekisho::policy
