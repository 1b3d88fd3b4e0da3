#include "policy/author.hpp"

#include <string>
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

// RFC 5322 §3.6.2 allows several authors in one domain, and what others send may have them. Of our
// users' mail each message has one whom we sign for.
std::optional<AuthorFault> find_users_fault(const findings::Findings& findings,
                                            const Options& options) {
  using enum findings::Origin;
  const bool is_users = findings.origin == authenticated || findings.origin == daemon;
  if (!is_users || findings.author.mailboxes.size() < 2) {
    return std::nullopt;
  }
  return AuthorFault{options.multiple_authors, "multiple_authors",
                     "From header field has more than one author"};
}

std::optional<AuthorFault> find_fault(const findings::Findings& findings, const Options& options) {
  const auto fault = find_author_fault(findings.author.status, options);
  return fault ? fault : find_users_fault(findings, options);
}

}  // namespace

// 5.7.1 of RFC 3463 §3.8 is what large receivers answer to such a From field, too. The operator is
// told more closely what was wrong.
std::optional<Judgement> judge_author(const findings::Findings& findings, const Options& options) {
  const std::optional<AuthorFault> fault = find_fault(findings, options);
  if (!fault || fault->choice == OnBadAuthor::accept) {
    return std::nullopt;
  }
  const std::string& reason = findings.author.reason;
  const std::string text = std::string(fault->text) + " (RFC 5322 section 3.6)";
  return Judgement{
      Action::reject,
      {std::string("policy.") + fault->option + " = reject",
       reason.empty() ? "more than one author" : reason, "RFC 5322 §3.6, RFC 9989 §11.5"},
      {"550", "5.7.1", text, ""},
      std::nullopt};
}

}  // namespace sekisho::policy
