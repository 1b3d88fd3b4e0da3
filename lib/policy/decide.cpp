#include "policy/decide.hpp"

#include "dmarc/record.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace sekisho::policy {

namespace {

/// What is wrong with the author: the option that decides, and the words for the sender.
struct AuthorFault {
  OnBadAuthor choice = OnBadAuthor::accept;
  const char* option = "";
  const char* text = "";
};

std::optional<AuthorFault> find_author_fault(mail::AuthorStatus status, const Options& options) {
  using enum mail::AuthorStatus;
  switch (status) {
    case single_domain:
      return std::nullopt;
    case no_from:
      return AuthorFault{options.no_from, "no_from", "Message has no From header field"};
    case no_author:
      return AuthorFault{options.no_from, "no_from", "From header field names no author"};
    case multiple_from:
      return AuthorFault{options.multiple_from, "multiple_from",
                         "Message has more than one From header field"};
    case multiple_domains:
      return AuthorFault{options.multiple_authors, "multiple_authors",
                         "From header field has authors of more than one domain"};
    case unparsable:
      return AuthorFault{options.unparsable_from, "unparsable_from",
                         "From header field is not a valid address list"};
    case unusable_domain:
      return AuthorFault{options.unparsable_from, "unparsable_from",
                         "From header field has an address without a valid domain"};
    case header_too_large:
      return AuthorFault{options.unparsable_from, "unparsable_from", "Header section is too large"};
  }
  std::unreachable();
}

// 5.7.1 of RFC 3463 §3.8 is what large receivers answer to such a From field, too. The operator is
// told more closely what was wrong.
Disposition refuse_author(const AuthorFault& fault, const std::string& reason) {
  return {Action::reject,
          {"550", "5.7.1", std::string(fault.text) + " (RFC 5322 section 3.6)"},
          std::string("policy.") + fault.option + " = reject: " + reason};
}

// A name may have 253 octets, a reply should fit a line of a log: the end of a name is what tells.
std::string shortened(const std::string& domain) {
  constexpr std::size_t longest = 80;
  return domain.size() <= longest ? domain : "..." + domain.substr(domain.size() - longest);
}

struct DmarcFailure {
  std::string domain;
  std::string_view policy;  ///< The one that applies, as a word.
};

Disposition accept_marked(const std::string& decided, const DmarcFailure& failure) {
  return {Action::accept,
          {},
          decided + ": DMARC failed for " + failure.domain + " under policy " +
              std::string(failure.policy)};
}

Disposition hold(const std::string& decided, const DmarcFailure& failure) {
  Disposition disposition = accept_marked(decided, failure);
  disposition.action = Action::quarantine;
  return disposition;
}

// 5.7.26, multiple authentication checks failed: DMARC fails where neither SPF nor DKIM passes in
// alignment (RFC 7372 §3.4).
Disposition refuse(const std::string& decided, const DmarcFailure& failure) {
  Disposition disposition = accept_marked(decided, failure);
  disposition.action = Action::reject;
  disposition.reply = {"550", "5.7.26",
                       "DMARC failed for the author domain " + failure.domain + " (policy " +
                           std::string(failure.policy) +
                           "): neither SPF nor DKIM passes in alignment"};
  return disposition;
}

Disposition on_quarantine(std::string decided, const DmarcFailure& failure, OnQuarantine choice) {
  switch (choice) {
    case OnQuarantine::mark:
      return accept_marked(decided + "policy.on_quarantine = mark", failure);
    case OnQuarantine::hold:
      return hold(decided + "policy.on_quarantine = hold", failure);
    case OnQuarantine::reject:
      return refuse(decided + "policy.on_quarantine = reject", failure);
  }
  std::unreachable();
}

Disposition on_reject(const DmarcFailure& failure, const std::string& indirect,
                      const Options& options) {
  switch (options.on_reject) {
    case OnReject::mark:
      return accept_marked("policy.on_reject = mark", failure);
    case OnReject::quarantine:
      return on_quarantine("policy.on_reject = quarantine, ", failure, options.on_quarantine);
    case OnReject::reject_direct:
      if (!indirect.empty()) {
        return on_quarantine(
            "policy.on_reject = reject_direct, sign of an indirect flow: " + indirect + ", ",
            failure, options.on_quarantine);
      }
      return refuse("policy.on_reject = reject_direct", failure);
    case OnReject::reject:
      return refuse("policy.on_reject = reject", failure);
  }
  std::unreachable();
}

Disposition on_dmarc_failure(const dmarc::Result& dmarc,
                             const std::optional<findings::Override>& override,
                             const std::string& indirect, const Options& options) {
  const DmarcFailure failure{
      dmarc.author_domain ? shortened(dmarc.author_domain->text()) : "an unknown domain",
      dmarc::format_policy(dmarc.policy)};
  if (override) {
    return accept_marked(override->type + ", " + override->comment, failure);
  }
  switch (dmarc.policy) {
    case dmarc::Policy::none:  // changes nothing about a message: RFC 9989 §5.4, MUST NOT
      return {};
    case dmarc::Policy::quarantine:
      return on_quarantine("", failure, options.on_quarantine);
    case dmarc::Policy::reject:
      return on_reject(failure, indirect, options);
  }
  std::unreachable();
}

Disposition on_dmarc(const dmarc::Result& dmarc, const std::optional<findings::Override>& override,
                     const std::string& indirect, const Options& options) {
  switch (dmarc.code) {
    case dmarc::ResultCode::fail:
      return on_dmarc_failure(dmarc, override, indirect, options);
    case dmarc::ResultCode::none:
    case dmarc::ResultCode::pass:
    case dmarc::ResultCode::permerror:
    case dmarc::ResultCode::temperror:
      return {};
  }
  std::unreachable();
}

}  // namespace

Disposition decide(const findings::Findings& findings, const std::string& indirect,
                   const Options& options) {
  const std::optional<AuthorFault> fault = find_author_fault(findings.author.status, options);
  if (fault && fault->choice == OnBadAuthor::reject) {
    return refuse_author(*fault, findings.author.reason);
  }
  return findings.dmarc ? on_dmarc(*findings.dmarc, findings.dmarc_override, indirect, options)
                        : Disposition{};
}

}  // namespace sekisho::policy
