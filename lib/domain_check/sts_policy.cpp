#include "domain_check/sts_policy.hpp"

#include "fetch/https.hpp"
#include "mail/ascii.hpp"

#include <chrono>
#include <expected>
#include <string>
#include <string_view>
#include <utility>

namespace sekisho::domain_check {

namespace {

constexpr std::chrono::days two_weeks{14};

constexpr long http_ok = 200;

std::string host_of(const Examination& examination) {
  return "mta-sts." + examination.domain.text();
}

std::expected<fetch::Response, fetch::Failure> fetch_policy(const Examination& examination,
                                                            const std::string& host) {
  fetch::Options options;
  options.allow_private = examination.options.allow_private;
  options.authorities = examination.options.connections->authorities;
  options.max_octets = mta_sts::max_policy_octets;
  return fetch::get(examination.lookups, "https://" + host + "/.well-known/mta-sts.txt", options);
}

class StsCheck {
 public:
  StsCheck(Examination& examination, const MailHosts& hosts)
      : examination_(examination), hosts_(hosts), host_(host_of(examination)) {}

  std::optional<mta_sts::Policy> policy() {
    const auto response = fetch_policy(examination_, host_);
    if (!response) {
      note(response.error());
      return std::nullopt;
    }
    if (response->status != http_ok) {
      bad_fetch("HTTP status " + std::to_string(response->status));
      return std::nullopt;
    }
    if (!is_plain_text(response->content_type)) {
      bad_fetch("the type is " + shown(response->content_type) + ", not text/plain").level =
          Level::warning;
    } else {
      examination_.outcomes.good(Check::sts_fetch, host_);
    }
    return judged(response->body);
  }

 private:
  void note(const fetch::Failure& failure) {
    const std::string what = std::string(format_fault(failure.fault)) +
                             (failure.detail.empty() ? "" : ": " + shown(failure.detail));
    if (fetch::is_unreachable(failure.fault)) {
      examination_.outcomes.unknown(Check::sts_fetch, host_, "https://" + host_, what);
      return;
    }
    bad_fetch(what);
  }

  Finding& bad_fetch(std::string evidence) {
    return examination_.outcomes.bad(Check::sts_fetch, host_, std::move(evidence));
  }

  static bool is_plain_text(const std::string& type) {
    const std::string_view word = std::string_view(type).substr(0, type.find(';'));
    return mail::equals_ignoring_case(mail::trimmed(word), "text/plain");
  }

  std::optional<mta_sts::Policy> judged(const std::string& body) {
    const auto policy = mta_sts::parse_policy(body);
    if (!policy) {
      examination_.outcomes.bad(Check::sts_policy, host_,
                                std::string(mta_sts::format_fault(policy.error())));
      return std::nullopt;
    }
    examination_.outcomes.good(Check::sts_policy, host_);
    if (policy->mode == mta_sts::Mode::none) {
      return *policy;
    }
    if (std::chrono::seconds(policy->max_age) < two_weeks) {
      examination_.outcomes.bad(Check::sts_short, host_,
                                "max_age is " + std::to_string(policy->max_age) + " seconds");
    }
    if (policy->mode == mta_sts::Mode::testing) {
      examination_.outcomes.bad(Check::sts_testing, host_, "mode: testing");
    }
    compare(*policy);
    return *policy;
  }

  void compare(const mta_sts::Policy& policy) {
    for (const MailHost& host : hosts_.hosts) {
      if (mta_sts::allows(policy, host.name)) {
        examination_.outcomes.good(Check::sts_mx, host.name);
      } else {
        examination_.outcomes.bad(Check::sts_mx, host.name,
                                  "no mx: line of the policy (mode " +
                                      std::string(format_mode(policy.mode)) + ") allows it");
      }
    }
  }

  Examination& examination_;
  const MailHosts& hosts_;
  std::string host_;
};

}  // namespace

std::optional<mta_sts::Policy> check_sts_policy(Examination& examination, const MailHosts& hosts) {
  return StsCheck(examination, hosts).policy();
}

void check_sts_removal(Examination& examination) {
  const std::string host = host_of(examination);
  const auto response = fetch_policy(examination, host);
  if (!response || response->status != http_ok) {
    return;
  }
  const auto policy = mta_sts::parse_policy(response->body);
  if (policy && policy->mode != mta_sts::Mode::none) {
    examination.outcomes.bad(
        Check::sts_none_removal, host,
        "no record, but a policy with mode: " + std::string(format_mode(policy->mode)));
  }
}

}  // namespace sekisho::domain_check
