#include "authres/authentication_results.hpp"
#include "authres/own_name.hpp"
#include "authres/scanner.hpp"
#include "mail/domain.hpp"

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

}  // namespace

bool claims_authserv_id(std::string_view value, std::string_view authserv_id) {
  const OwnName own(authserv_id);
  const std::string text = with_blanks_only(value);
  const Head head = read_head(text);
  if (head.id && own.is(*head.id)) {
    return true;
  }
  const std::string_view before = before_first_result(text);
  if (holds_encoded_word(before)) {
    return true;
  }
  // Whoever reads comments otherwise than RFC 5322 does could find an id before the one read here.
  if (own.may_be_in(std::string_view(text).substr(0, head.id_end))) {
    return true;
  }
  if (head.clean || begins_with_method(text)) {
    return false;
  }
  return own.may_be_in(before);
}

bool has_unsupported_version(std::string_view value) {
  const Head head = read_head(with_blanks_only(value));
  return head.clean && !head.version.empty() && head.version != "1";
}

}  // namespace sekisho::authres
