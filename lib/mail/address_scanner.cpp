#include "mail/address_scanner.hpp"

#include "mail/ascii.hpp"
#include "mail/local_part.hpp"

#include <algorithm>

namespace sekisho::mail {
namespace {

constexpr bool is_white_space(char c) {
  return is_blank(c) || c == '\r' || c == '\n';
}

/// quoted-pair = "\" (VCHAR / WSP): whether one stands at `text[at]`, where the backslash is.
bool is_quoted_pair(std::string_view text, std::size_t at) {
  return at + 1 < text.size() && text[at + 1] != '\r';
}

}  // namespace

bool AddressScanner::take(char c) {
  if (!is_next(c)) {
    return false;
  }
  rest_.remove_prefix(1);
  return true;
}

std::string_view AddressScanner::take_octets(std::size_t count) {
  const std::string_view taken = rest_.substr(0, count);
  rest_.remove_prefix(taken.size());
  return taken;
}

// CFWS = (1*([FWS] comment) [FWS]) / FWS
bool AddressScanner::skip_cfws() {
  if (!comment_depth_) {
    return true;
  }
  while (!rest_.empty()) {
    if (is_white_space(rest_.front())) {
      rest_.remove_prefix(1);
    } else if (rest_.front() != '(') {
      return true;
    } else if (!skip_comment(*comment_depth_)) {
      return false;
    }
  }
  return true;
}

// comment = "(" *([FWS] ccontent) [FWS] ")", ccontent = ctext / quoted-pair / comment
bool AddressScanner::skip_comment(std::size_t max_depth) {
  std::size_t depth = 0;
  std::size_t at = 0;
  do {
    at = rest_.find_first_of("()\\", at);
    if (at == std::string_view::npos) {
      return false;
    }
    if (rest_[at] == '\\') {
      if (!is_quoted_pair(rest_, at)) {
        return false;
      }
      at += 2;
      continue;
    }
    depth = rest_[at] == '(' ? depth + 1 : depth - 1;
    if (depth > max_depth) {
      error_ = AddressError::too_deep;
      return false;
    }
    ++at;
  } while (depth > 0);
  rest_.remove_prefix(at);
  return true;
}

std::optional<std::string_view> AddressScanner::take_word() {
  if (is_next('"')) {
    return take_quoted_string();
  }
  const auto* const end = std::ranges::find_if_not(rest_, is_atom_character);
  return take_octets(static_cast<std::size_t>(end - rest_.begin()));
}

// quoted-string = DQUOTE *([FWS] qcontent) [FWS] DQUOTE, qcontent = qtext / quoted-pair
std::optional<std::string_view> AddressScanner::take_quoted_string() {
  std::size_t at = 1;
  for (;;) {
    at = rest_.find_first_of("\"\\", at);
    if (at == std::string_view::npos) {
      return std::nullopt;
    }
    if (rest_[at] == '"') {
      return take_octets(at + 1);
    }
    if (!is_quoted_pair(rest_, at)) {
      return std::nullopt;
    }
    at += 2;
  }
}

// domain-literal = "[" *([FWS] dtext) [FWS] "]", without the quoted pairs of obs-dtext
std::optional<std::string_view> AddressScanner::take_literal() {
  if (!is_next('[')) {
    return std::nullopt;
  }
  const std::size_t end = rest_.find_first_of("[]\\", 1);
  if (end == std::string_view::npos || rest_[end] != ']') {
    return std::nullopt;
  }
  return take_octets(end + 1);
}

bool is_dot_atom(std::string_view run) {
  return !run.empty() && !run.starts_with('.') && !run.ends_with('.') && !run.contains("..");
}

std::string without_blanks(std::string_view literal) {
  std::string text(literal);
  std::erase_if(text, is_white_space);
  return text;
}

}  // namespace sekisho::mail
