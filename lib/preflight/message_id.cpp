#include "preflight/message_id.hpp"

#include "mail/ascii.hpp"
#include "mail/local_part.hpp"
#include "preflight/content_type.hpp"

#include <algorithm>
#include <cstddef>

namespace sekisho::preflight {

namespace {

bool is_atom_text(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](char c) {
    return mail::is_atom_character(c) && !mail::is_eight_bit(c);
  });
}

bool has_stray_dot(std::string_view text) {
  return text.starts_with('.') || text.ends_with('.') || text.contains("..");
}

bool is_literal(std::string_view text) {
  return text.size() > 2 && text.starts_with('[') && text.ends_with(']') &&
         std::ranges::all_of(text.substr(1, text.size() - 2), [](char c) {
           return c > ' ' && c < '\x7f' && c != '[' && c != ']' && c != '\\';
         });
}

bool is_quoted(std::string_view text) {
  return text.size() > 2 && text.starts_with('"') && text.ends_with('"') &&
         std::ranges::none_of(text.substr(1, text.size() - 2), [](char c) {
           return c == '"' || mail::is_control(c) || mail::is_eight_bit(c);
         });
}

}  // namespace

MessageId parse_message_id(std::string_view value) {
  const auto clean = without_comments(value);
  if (!clean) {
    return {MessageIdFault::syntax, {}};
  }
  std::string_view text = *clean;
  if (text.empty() || text == "<>") {
    return {MessageIdFault::empty, {}};
  }
  if (!text.starts_with('<') || !text.ends_with('>')) {
    return {MessageIdFault::syntax, {}};
  }
  text = text.substr(1, text.size() - 2);
  if (mail::trimmed(text).empty()) {
    return {MessageIdFault::empty, {}};
  }
  const std::size_t at = text.rfind('@');
  if (at == std::string_view::npos) {
    return {MessageIdFault::syntax, {}};
  }
  const std::string_view left = text.substr(0, at);
  const std::string_view right = text.substr(at + 1);
  const bool is_plain = is_atom_text(left) && (is_atom_text(right) || is_literal(right));
  if (!is_plain && !(is_quoted(left) && (is_atom_text(right) || is_literal(right)))) {
    return {MessageIdFault::syntax, {}};
  }
  const bool is_obsolete = is_quoted(left) || has_stray_dot(left) || has_stray_dot(right);
  return {is_obsolete ? MessageIdFault::obsolete : MessageIdFault::none, std::string(right)};
}

}  // namespace sekisho::preflight
