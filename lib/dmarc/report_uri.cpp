#include "dmarc/report_uri.hpp"

#include "dmarc/split.hpp"
#include "mail/ascii.hpp"
#include "mail/domain.hpp"

#include <algorithm>

namespace sekisho::dmarc {

namespace {

using mail::is_alpha;
using mail::is_alphanumeric;
using mail::is_digit;

bool is_hex_digit(char c) {
  return is_digit(c) || (mail::to_lower(c) >= 'a' && mail::to_lower(c) <= 'f');
}

// scheme = ALPHA *( ALPHA / DIGIT / "+" / "-" / "." )          (RFC 3986 §3.1)
bool is_scheme(std::string_view text) {
  return !text.empty() && is_alpha(text.front()) && std::ranges::all_of(text, [](char c) {
    return is_alphanumeric(c) || c == '+' || c == '-' || c == '.';
  });
}

// unreserved / gen-delims / sub-delims (RFC 3986 §2.2, §2.3) but "!", "," and ";", which must be
// encoded here.
bool is_uri_character(char c) {
  return is_alphanumeric(c) || std::string_view("-._~:/?#[]@$&'()*+=").contains(c);
}

bool is_encoded_well(std::string_view text) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      if (!is_uri_character(text[i])) {
        return false;
      }
      continue;
    }
    if (text.size() - i < 3 || !is_hex_digit(text[i + 1]) || !is_hex_digit(text[i + 2])) {
      return false;
    }
    i += 2;
  }
  return true;
}

// One addr-spec, then perhaps header fields (RFC 6068 §2).
bool is_mailbox(std::string_view text) {
  const std::string_view address = text.substr(0, text.find('?'));
  const auto at = address.find('@');
  return at != std::string_view::npos && at > 0 &&
         mail::Domain::parse(address.substr(at + 1)).has_value();
}

// obs-dmarc-report-size = "!" 1*DIGIT [ "k" / "m" / "g" / "t" ], without the "!"
bool is_report_size(std::string_view text) {
  if (!text.empty() && std::string_view("kmgt").contains(mail::to_lower(text.back()))) {
    text.remove_suffix(1);
  }
  return !text.empty() && std::ranges::all_of(text, is_digit);
}

}  // namespace

bool is_report_uri(std::string_view text) {
  const auto size = text.find('!');
  if (size != std::string_view::npos && !is_report_size(text.substr(size + 1))) {
    return false;
  }
  std::string_view rest = text.substr(0, size);
  if (!rest.contains(':')) {
    return false;
  }
  const std::string_view scheme = take_until(rest, ':');
  if (!is_scheme(scheme) || rest.empty() || !is_encoded_well(rest)) {
    return false;
  }
  return !mail::equals_ignoring_case(scheme, "mailto") || is_mailbox(rest);
}

std::vector<std::string> parse_report_uris(std::string_view list) {
  std::vector<std::string> uris;
  while (!list.empty() && uris.size() < max_report_uris) {
    const std::string_view uri = mail::trimmed(take_until(list, ','));
    if (is_report_uri(uri)) {
      uris.emplace_back(uri);
    }
  }
  return uris;
}

}  // namespace sekisho::dmarc
