#include "authres/authentication_results.hpp"
#include "authres/scanner.hpp"
#include "mail/ascii.hpp"
#include "mail/domain.hpp"
#include "mail/idna.hpp"

#include <algorithm>
#include <utility>

namespace sekisho::authres {

namespace {

/// A field as far as it says whose it is.
struct Head {
  std::optional<std::string> id;
  std::size_t id_end = 0;  ///< Where its reading ended, in the value.
  bool clean = false;      ///< It is the grammar up to the first result, and the id a plain word.
  std::string version;
};

// A copy in which every blank, line break and control byte is a blank: how a fold was written, or
// what stands where a C string would end, must not decide whose a field is.
std::string with_blanks_only(std::string_view value) {
  std::string text(value);
  std::ranges::replace_if(text, mail::is_control, ' ');
  return text;
}

// [CFWS] authserv-id [ CFWS version ] [CFWS] ";" …
Head read_head(std::string_view text) {
  Head head;
  Scanner in(text);
  if (!in.skip_cfws() || in.at_end()) {
    head.id_end = in.position();
    return head;
  }
  const bool is_quoted = in.peek() == '"';
  std::optional<std::string> id =
      is_quoted ? in.quoted_string() : std::optional<std::string>(in.token());
  head.id_end = in.position();
  if (!id || id->empty()) {
    return head;
  }
  const bool readable = in.skip_cfws();
  head.version = in.digits();
  const bool ended = in.skip_cfws() && (in.at_end() || in.peek() == ';');
  head.clean = readable && ended && (is_token(*id) || mail::Domain::parse(*id));
  head.id = std::move(id);
  return head;
}

// Microsoft 365 leaves the authserv-id away: the field begins with a method, whose name is a
// Keyword, and "=".
bool begins_with_method(std::string_view text) {
  Scanner in(text);
  if (!in.skip_cfws() || in.keyword().empty() || !in.skip_cfws()) {
    return false;
  }
  return in.peek() == '=';
}

// More than this before the first result is no authserv-id of anybody.
constexpr std::size_t max_head_octets = 4096;

std::string_view without_last_dots(std::string_view id) {
  return id.substr(0, id.find_last_not_of('.') + 1);  // npos + 1 is 0
}

// Our authserv-id in the form in which others are compared to it: A-labels in lower case where it
// is a domain name, as it most often is (RFC 8601 §2.5), else only lower case.
std::string comparable(std::string_view id) {
  const auto domain = mail::Domain::parse(id);
  return domain ? domain->text() : mail::to_lower(without_last_dots(id));
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

// The text before the first ";" outside of comments and quotes: a reader who does not know these
// sees an earlier one. All of it where a comment or a quote does not end.
std::string_view before_first_result(std::string_view text) {
  Scanner in(text);
  while (!in.at_end()) {
    if (!in.skip_cfws() || (in.peek() == '"' && !in.quoted_string())) {
      return text;
    }
    if (in.peek() == ';') {
      return text.substr(0, in.position());
    }
    if (in.unquoted().empty() && in.peek() != '"' && in.peek() != '(') {
      in.accept(in.peek());  // a stray ")" or backslash
    }
  }
  return text;
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

// Whether any reader could take `id` for the authserv-id in `text`, which lies before the first
// result.
bool may_name(std::string_view text, const std::string& id) {
  if (text.size() > max_head_octets) {
    return true;
  }
  const std::string rest = squeezed(text);
  if (holds(text, id) || is_same(rest, id)) {
    return true;
  }
  const std::size_t version = rest.find_last_not_of("0123456789") + 1;
  return is_same(std::string_view(rest).substr(0, version), id);
}

}  // namespace

bool claims_authserv_id(std::string_view value, std::string_view authserv_id) {
  const std::string own = comparable(authserv_id);
  const std::string text = with_blanks_only(value);
  const Head head = read_head(text);
  if (head.id && is_same(*head.id, own)) {
    return true;
  }
  // Whoever reads comments otherwise than RFC 5322 does could find an id before the one read here.
  if (may_name(std::string_view(text).substr(0, head.id_end), own)) {
    return true;
  }
  if (head.clean || begins_with_method(text)) {
    return false;
  }
  return may_name(before_first_result(text), own);
}

bool has_unsupported_version(std::string_view value) {
  const Head head = read_head(with_blanks_only(value));
  return head.clean && !head.version.empty() && head.version != "1";
}

}  // namespace sekisho::authres
