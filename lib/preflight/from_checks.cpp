#include "mail/ascii.hpp"
#include "mail/from_fault.hpp"
#include "preflight/display_name.hpp"
#include "preflight/header_checks.hpp"

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

namespace sekisho::preflight {

namespace {

Place from_place(const FormReader& form, std::size_t which = 0) {
  for (std::size_t i = 0; i < form.header().size(); ++i) {
    if (mail::is_named(form.header()[i], "From") && which-- == 0) {
      return form.place_of(i);
    }
  }
  return {};
}

std::string_view from_value(const FormReader& form) {
  const auto fields = mail::fields_named(form.header(), "From");
  return fields.empty() ? std::string_view{} : std::string_view(fields.front()->value);
}

bool has_sender(const FormReader& form) {
  return !mail::fields_named(form.header(), "Sender").empty();
}

void check_authors(const FormReader& form, const mail::Author& author,
                   std::vector<Finding>& findings) {
  if (author.mailboxes.size() < 2) {
    return;
  }
  const bool is_legal = has_sender(form);
  add_finding(findings, Id::from_many_authors, is_legal ? Level::warning : Level::error,
              from_place(form),
              std::to_string(author.mailboxes.size()) +
                  (is_legal ? " authors" : " authors and no Sender field"));
}

void check_display(const FormReader& form, const mail::Author& author,
                   std::vector<Finding>& findings) {
  if (author.mailboxes.size() != 1 || author.domains.size() != 1) {
    return;
  }
  const DisplayName name = read_display_name(from_value(form), author.mailboxes.front());
  if (name.has_obsolete_dot && author.fault == mail::FromFault::none) {
    add_finding(findings, Id::from_syntax, Level::advice, from_place(form),
                "a dot in a display name without quotation marks, an obsolete form");
  }
  if (name.trick != DisplayTrick::none) {
    add_finding(findings, Id::display_trick, Level::warning, from_place(form),
                std::string(describe_trick(name.trick)));
  }
}

// A name in Latin-1 is one fault, and bytes.8bit-header tells it.
void check_syntax(const FormReader& form, const mail::Author& author,
                  std::vector<Finding>& findings) {
  if (author.status != mail::AuthorStatus::single_domain) {
    add_finding(findings, Id::from_syntax, Level::error, from_place(form), author.reason);
    return;
  }
  if (author.fault != mail::FromFault::none && author.fault != mail::FromFault::invalid_octet) {
    add_finding(findings, Id::from_syntax, Level::warning, from_place(form),
                "the From field " + std::string(mail::describe_from_fault(author.fault)));
  }
  if (author.domains.front().label_count() < 2) {
    add_finding(findings, Id::from_syntax, Level::error, from_place(form),
                "the domain " + author.domains.front().text() + " has only one label");
  }
}

}  // namespace

void check_from(const FormReader& form, const mail::Author& author,
                std::vector<Finding>& findings) {
  switch (author.status) {
    case mail::AuthorStatus::no_from:
      if (!form.is_cut()) {
        add_finding(findings, Id::from_missing, Level::error, {}, "no From field");
      }
      return;
    case mail::AuthorStatus::multiple_from:
      add_finding(
          findings, Id::from_many_fields, Level::error, from_place(form, 1),
          std::to_string(mail::fields_named(form.header(), "From").size()) + " From fields");
      return;
    case mail::AuthorStatus::multiple_domains:
    case mail::AuthorStatus::header_too_large:
      break;
    case mail::AuthorStatus::single_domain:
    case mail::AuthorStatus::no_author:
    case mail::AuthorStatus::mailer_daemon:
    case mail::AuthorStatus::unparsable:
    case mail::AuthorStatus::unusable_domain:
      check_syntax(form, author, findings);
      break;
  }
  check_authors(form, author, findings);
  check_display(form, author, findings);
}

}  // namespace sekisho::preflight
