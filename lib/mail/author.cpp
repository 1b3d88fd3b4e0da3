#include "mail/author.hpp"

#include "mail/lone_address.hpp"

#include <algorithm>
#include <cstddef>
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

/// An address list that could be read, of a single From field.
void judge(Author& author) {
  const auto without_domain = std::ranges::find_if(
      author.mailboxes, [](const Mailbox& mailbox) { return !mailbox.domain.has_value(); });
  if (without_domain != author.mailboxes.end()) {
    author.status = AuthorStatus::unusable_domain;
    author.fault = without_domain->domain_text.starts_with('[') ? FromFault::address_literal
                                                                : FromFault::invalid_domain;
    return;
  }
  const bool is_single = author.domains.size() == 1;
  author.status = is_single ? AuthorStatus::single_domain : AuthorStatus::multiple_domains;
  author.fault = is_single ? FromFault::none : FromFault::several_domains;
}

/// A single From field that parse_address_list() refuses with `error`.
void judge_unparsable(std::string_view value, AddressError error, const AddressLimits& limits,
                      Author& author) {
  author.status = AuthorStatus::unparsable;
  switch (error) {
    case AddressError::empty:
      author.status = AuthorStatus::no_author;
      author.fault = FromFault::no_author;
      return;
    case AddressError::too_many:
      author.fault = FromFault::too_many_authors;
      return;
    case AddressError::too_deep:
      author.fault = FromFault::comments_too_deep;
      return;
    case AddressError::syntax:
    case AddressError::bad_character:
      break;
  }
  auto lone = find_lone_address(value);
  if (lone) {
    author.status = AuthorStatus::single_domain;
    author.fault = lone->display_fault;
    author.mailboxes = {std::move(lone->mailbox)};
    author.domains = domains_of(author.mailboxes);
    return;
  }
  author.fault = lone.error();
  if (author.fault == FromFault::no_domain && names_mailer_daemon(value, limits)) {
    author.status = AuthorStatus::mailer_daemon;
  }
}

std::string reason_of(const Author& author) {
  if (author.status == AuthorStatus::single_domain) {
    return {};
  }
  return "the From field " + std::string(describe_from_fault(author.fault));
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
    case AuthorStatus::mailer_daemon:
      return "mailer_daemon";
    case AuthorStatus::unparsable:
      return "unparsable";
    case AuthorStatus::unusable_domain:
      return "unusable_domain";
    case AuthorStatus::header_too_large:
      return "header_too_large";
  }
  std::unreachable();
}

Author without_domain(AuthorStatus status, FromFault fault) {
  Author author;
  author.status = status;
  author.fault = fault;
  author.reason = reason_of(author);
  return author;
}

Author find_author(const HeaderSection& header, const AddressLimits& limits) {
  const std::vector<const HeaderField*> fields = fields_named(header, "From");
  if (fields.empty()) {
    return without_domain(AuthorStatus::no_from, FromFault::no_field);
  }
  Author author;
  const std::string_view value = fields.front()->value;
  auto mailboxes = parse_address_list(value, limits);
  if (mailboxes) {
    author.mailboxes = std::move(*mailboxes);
    author.domains = domains_of(author.mailboxes);
  }
  if (fields.size() > 1) {
    author.status = AuthorStatus::multiple_from;
    author.fault = FromFault::several_fields;
  } else if (mailboxes) {
    judge(author);
  } else {
    judge_unparsable(value, mailboxes.error(), limits, author);
  }
  author.reason = reason_of(author);
  return author;
}

}  // namespace sekisho::mail
