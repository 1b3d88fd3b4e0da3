#include "mail/author.hpp"

#include <algorithm>
#include <cstddef>
#include <tuple>
#include <unordered_set>
#include <utility>

namespace sekisho::mail {
namespace {

/// Each domain once, in the order of the mailboxes.
std::vector<Domain> domains_of(const std::vector<Mailbox>& mailboxes) {
  std::vector<Domain> domains;
  std::unordered_set<std::string_view> seen;
  for (const Mailbox& mailbox : mailboxes) {
    if (mailbox.domain && seen.insert(mailbox.domain->text()).second) {
      domains.push_back(*mailbox.domain);
    }
  }
  return domains;
}

/// The status of a single From field, and the reason where it is not `single_domain`.
std::pair<AuthorStatus, std::string> judge(const std::vector<Mailbox>& mailboxes,
                                           std::size_t domains) {
  if (!std::ranges::all_of(mailboxes, [](const Mailbox& box) { return box.domain.has_value(); })) {
    return {AuthorStatus::unusable_domain, "an author's domain is no valid domain name"};
  }
  if (domains > 1) {
    return {AuthorStatus::multiple_domains,
            "the From field names authors of " + std::to_string(domains) + " domains"};
  }
  return {AuthorStatus::single_domain, {}};
}

}  // namespace

std::string_view format_author_status(AuthorStatus status) {
  switch (status) {
    case AuthorStatus::single_domain:
      return "single_domain";
    case AuthorStatus::no_from:
      return "no_from";
    case AuthorStatus::multiple_from:
      return "multiple_from";
    case AuthorStatus::multiple_domains:
      return "multiple_domains";
    case AuthorStatus::no_author:
      return "no_author";
    case AuthorStatus::unparsable:
      return "unparsable";
    case AuthorStatus::unusable_domain:
      return "unusable_domain";
    case AuthorStatus::header_too_large:
      return "header_too_large";
  }
  std::unreachable();
}

Author find_author(const HeaderSection& header, const AddressLimits& limits) {
  const std::vector<const HeaderField*> fields = fields_named(header, "From");
  Author author;
  if (fields.empty()) {
    author.status = AuthorStatus::no_from;
    author.reason = "there is no From field";
    return author;
  }
  auto mailboxes = parse_address_list(fields.front()->value, limits);
  if (mailboxes) {
    author.mailboxes = std::move(*mailboxes);
    author.domains = domains_of(author.mailboxes);
  }
  if (fields.size() > 1) {
    author.status = AuthorStatus::multiple_from;
    author.reason = "there are " + std::to_string(fields.size()) + " From fields";
  } else if (mailboxes) {
    std::tie(author.status, author.reason) = judge(author.mailboxes, author.domains.size());
  } else if (mailboxes.error() == AddressError::empty) {
    author.status = AuthorStatus::no_author;
    author.reason = "the From field names no author";
  } else {
    author.status = AuthorStatus::unparsable;
    author.reason = "the From field cannot be read: ";
    author.reason += format_address_error(mailboxes.error());
  }
  return author;
}

}  // namespace sekisho::mail
