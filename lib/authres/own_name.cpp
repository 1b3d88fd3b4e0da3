#include "authres/own_name.hpp"

#include "authres/folded_text.hpp"
#include "mail/ascii.hpp"
#include "mail/domain.hpp"
#include "mail/idna.hpp"

#include <algorithm>

namespace sekisho::authres {

namespace {

std::string_view without_last_dots(std::string_view id) {
  return id.substr(0, id.find_last_not_of('.') + 1);  // npos + 1 is 0
}

bool is_same_label(std::string_view label, std::string_view own) {
  if (mail::equals_ignoring_case(label, own)) {
    return true;
  }
  if (std::ranges::none_of(label, mail::is_eight_bit)) {
    return false;
  }
  return mail::map_label(label) == own;
}

// Whether a reader could take `id` for `own`, which is comparable(). IDNA is slow and the fields
// are many, so that it is asked for no more than the first label that differs.
bool is_same(std::string_view id, std::string_view own) {
  id = without_last_dots(id);
  if (std::ranges::count(id, '.') != std::ranges::count(own, '.')) {
    return false;
  }
  for (;;) {
    const std::size_t end = std::min(id.find('.'), id.size());
    const std::size_t own_end = std::min(own.find('.'), own.size());
    if (!is_same_label(id.substr(0, end), own.substr(0, own_end))) {
      return false;
    }
    if (end == id.size()) {
      return true;
    }
    id.remove_prefix(end + 1);
    own.remove_prefix(own_end + 1);
  }
}

// Whether one of the words of `text` is `id`. A word is what a reader would take for a name.
bool holds_word(std::string_view text, std::string_view id, bool with_eight_bit) {
  const auto belongs = [with_eight_bit](char c) {
    return mail::is_alphanumeric(c) || c == '-' || c == '_' || c == '.' ||
           (with_eight_bit && mail::is_eight_bit(c));
  };
  for (auto at = text.begin(); at != text.end();) {
    const auto begin = std::find_if(at, text.end(), belongs);
    at = std::find_if_not(begin, text.end(), belongs);
    if (begin != at && is_same(std::string_view(begin, at), id)) {
      return true;
    }
  }
  return false;
}

bool holds(std::string_view text, const std::string& id) {
  const bool is_word = mail::Domain::parse(id).has_value();
  return holds_word(text, id, true) || holds_word(text, id, false) ||
         (!is_word && mail::to_lower(text).contains(id));
}

// What is left for a reader who takes out comments, quotes, escapes and blanks, wherever they are.
std::string squeezed(std::string_view text) {
  std::string rest;
  std::size_t depth = 0;
  for (const char c : text) {
    if (c == '(') {
      ++depth;
    } else if (c == ')') {
      depth -= depth > 0 ? 1 : 0;
    } else if (depth == 0 && c != ' ' && c != '"' && c != '\\') {
      rest += c;
    }
  }
  return rest;
}

}  // namespace

std::string with_blanks_only(std::string_view value) {
  std::string text(value);
  std::ranges::replace_if(text, mail::is_control, ' ');
  return text;
}

bool holds_encoded_word(std::string_view text) {
  return text.contains("=?");
}

OwnName::OwnName(std::string_view name) {
  const auto domain = mail::Domain::parse(name);
  name_ = domain ? domain->text() : mail::to_lower(without_last_dots(name));
}

bool OwnName::is(std::string_view name) const {
  return is_same(name, name_);
}

bool OwnName::is_found_in(std::string_view text) const {
  const std::string rest = squeezed(text);
  if (holds(text, name_) || is_same(rest, name_)) {
    return true;
  }
  const std::size_t version = rest.find_last_not_of("0123456789") + 1;
  return is_same(std::string_view(rest).substr(0, version), name_);
}

bool OwnName::may_be_in(std::string_view text) const {
  if (text.size() > max_head_octets || is_found_in(text)) {
    return true;
  }
  return std::ranges::any_of(text, mail::is_eight_bit) && is_found_in(fold_for_comparison(text));
}

}  // namespace sekisho::authres
