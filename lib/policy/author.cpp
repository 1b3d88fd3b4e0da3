#include "policy/author.hpp"

#include <string>
#include <utility>

namespace sekisho::policy {

namespace {

using findings::Origin;

/// What is wrong with the author: the option that decides, and the words for the sender.
struct AuthorFault {
  OnBadAuthor choice = OnBadAuthor::accept;
  const char* option = "";
  std::string text;
  bool may_hide_author = true;
};

std::string in_words(mail::FromFault fault) {
  return "From header field " + std::string(mail::describe_from_fault(fault));
}

std::optional<AuthorFault> find_domain_fault(const mail::Author& author, const Options& options) {
  using enum mail::AuthorStatus;
  const std::string text = in_words(author.fault);
  const bool may_hide_author = mail::may_hide_author(author.fault);
  switch (author.status) {
    case single_domain:
      return std::nullopt;
    case no_from:
    case no_author:
      return AuthorFault{options.no_from, "no_from", text, may_hide_author};
    case multiple_from:
      return AuthorFault{options.multiple_from, "multiple_from", text, may_hide_author};
    case multiple_domains:
      return AuthorFault{options.multiple_authors, "multiple_authors", text, may_hide_author};
    case mailer_daemon:
    case unparsable:
    case unusable_domain:
    case header_too_large:
      return AuthorFault{options.unparsable_from, "unparsable_from", text, may_hide_author};
  }
  std::unreachable();
}

// RFC 5322 §3.6.2 allows several authors in one domain, and what others send may have them. Of our
// users' mail each message has one whom we sign for.
std::optional<AuthorFault> find_users_fault(const findings::Findings& findings,
                                            const Options& options) {
  const bool is_users =
      findings.origin == Origin::authenticated || findings.origin == Origin::daemon;
  if (!is_users || findings.author.mailboxes.size() < 2) {
    return std::nullopt;
  }
  return AuthorFault{options.multiple_authors, "multiple_authors",
                     "From header field has more than one author"};
}

std::optional<AuthorFault> find_fault(const findings::Findings& findings, const Options& options) {
  auto fault = find_users_fault(findings, options);
  return fault ? fault : find_domain_fault(findings.author, options);
}

// Why a fault of the author is none that this message is refused for; empty: it is one.
std::string_view find_exemption(const findings::Findings& findings, const AuthorFault& fault) {
  switch (findings.origin) {
    case Origin::internal:
    case Origin::returned:
      return "mail of our own hosts goes on unsigned";
    case Origin::relayed:
      return fault.may_hide_author ? "" : "mail that our own hosts pass on goes on unsigned";
    case Origin::authenticated:
    case Origin::daemon:
      return fault.may_hide_author ? "" : "mail of our users goes on unsigned";
    case Origin::outside:
      break;
  }
  const bool is_report = findings.author.status == mail::AuthorStatus::mailer_daemon &&
                         findings.envelope.sender.empty();
  return is_report ? "a delivery report" : "";
}

Judgement remark(std::string decided, std::string found, std::string section) {
  Judgement judgement{
      Action::accept, {std::move(decided), std::move(found), std::move(section)}, {}, {}};
  judgement.is_remark = true;
  return judgement;
}

}  // namespace

// 5.7.1 of RFC 3463 §3.8 is what large receivers answer to such a From field, too.
std::optional<Judgement> judge_author(const findings::Findings& findings, const Options& options) {
  if (mail::has_unparsable_display(findings.author)) {
    return remark("unparsable display, the address is the only one",
                  in_words(findings.author.fault), "RFC 5322 §3.4");
  }
  const std::optional<AuthorFault> fault = find_fault(findings, options);
  if (!fault || fault->choice == OnBadAuthor::accept) {
    return std::nullopt;
  }
  if (const auto exemption = find_exemption(findings, *fault); !exemption.empty()) {
    return remark(std::string(exemption), fault->text, "RFC 5322 §3.6");
  }
  return Judgement{Action::reject,
                   {std::string("policy.") + fault->option + " = reject", fault->text,
                    "RFC 5322 §3.6, RFC 9989 §11.5"},
                   {"550", "5.7.1", fault->text + " (RFC 5322 section 3.6)", ""},
                   {}};
}

}  // namespace sekisho::policy
