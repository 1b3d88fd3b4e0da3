#include "preflight/kind.hpp"

#include "mail/ascii.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <utility>

namespace sekisho::preflight {

namespace {

bool has_field(const mail::HeaderSection& header, std::string_view name) {
  return std::ranges::any_of(
      header, [&](const mail::HeaderField& field) { return mail::is_named(field, name); });
}

/// The first word of the first field of this name, in lower case.
std::string word_of(const mail::HeaderSection& header, std::string_view name) {
  const auto fields = mail::fields_named(header, name);
  if (fields.empty()) {
    return {};
  }
  const std::string_view value =
      mail::trimmed<mail::is_folding_white_space>(std::string_view(fields.front()->value));
  const auto* const end =
      std::ranges::find_if_not(value, [](char c) { return mail::is_alphanumeric(c) || c == '-'; });
  return mail::to_lower(value.substr(0, static_cast<std::size_t>(end - value.begin())));
}

bool is_written_by_program(const mail::HeaderSection& header, const mail::Author& author) {
  const std::string submitted = word_of(header, "Auto-Submitted");
  if (submitted.starts_with("auto-")) {
    return true;
  }
  constexpr std::array<std::string_view, 6> names{"noreply",      "no-reply", "donotreply",
                                                  "do-not-reply", "no_reply", "mailer-daemon"};
  return author.mailboxes.size() == 1 &&
         std::ranges::find(names, mail::to_lower(author.mailboxes.front().local_part)) !=
             names.end();
}

}  // namespace

std::string_view format_kind(Kind kind) {
  switch (kind) {
    case Kind::personal:
      return "personal";
    case Kind::transactional:
      return "transactional";
    case Kind::list:
      return "list";
    case Kind::bulk:
      return "bulk";
    case Kind::report:
      return "report";
  }
  std::unreachable();
}

Kind find_kind(const mail::HeaderSection& header, const ContentType& content_type,
               const mail::Author& author) {
  if (content_type.is_multipart() && content_type.subtype == "report") {
    return Kind::report;
  }
  const std::string precedence = word_of(header, "Precedence");
  if (has_field(header, "List-Post") || precedence == "list" || has_field(header, "Mailing-List")) {
    return Kind::list;
  }
  const bool is_bulk = has_field(header, "List-Unsubscribe") || has_field(header, "List-Id") ||
                       has_field(header, "Feedback-ID") || precedence == "bulk";
  if (is_bulk) {
    return Kind::bulk;
  }
  return is_written_by_program(header, author) ? Kind::transactional : Kind::personal;
}

bool is_automatic(const mail::HeaderSection& header, Kind kind) {
  return kind == Kind::report || word_of(header, "Auto-Submitted").starts_with("auto-");
}

}  // namespace sekisho::preflight
