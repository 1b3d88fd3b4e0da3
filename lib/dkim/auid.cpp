#include "dkim/auid.hpp"

#include "mail/ascii.hpp"
#include "mail/utf8.hpp"

#include <algorithm>
#include <utility>

namespace sekisho::dkim {

namespace {

// RFC 6376 §2.11: capitals only.
std::optional<unsigned> hex_value(char c) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  const std::size_t value = digits.find(c);
  return value == std::string_view::npos ? std::nullopt
                                         : std::optional(static_cast<unsigned>(value));
}

// RFC 6376 §2.11: white space is no part of the text; "=" begins an octet in hexadecimal.
std::optional<std::string> decode_quoted_printable(std::string_view text) {
  std::string plain;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (mail::is_blank(c) || c == '\r' || c == '\n') {
      continue;
    }
    if (c != '=') {
      plain.push_back(c);
      continue;
    }
    if (text.size() - i < 3) {
      return std::nullopt;
    }
    const auto high = hex_value(text[i + 1]);
    const auto low = hex_value(text[i + 2]);
    if (!high || !low) {
      return std::nullopt;
    }
    plain.push_back(static_cast<char>(*high << 4 | *low));
    i += 2;
  }
  return plain;
}

// atext (RFC 5322 §3.2.3, RFC 6532 §3.2)
bool is_atom_character(char c) {
  constexpr std::string_view specials = "!#$%&'*+-/=?^_`{|}~";
  return mail::is_alphanumeric(c) || mail::is_eight_bit(c) || specials.contains(c);
}

// Dot-string = Atom *("." Atom)
bool is_dot_string(std::string_view text) {
  return !text.empty() && !text.starts_with('.') && !text.ends_with('.') && !text.contains("..") &&
         std::ranges::all_of(text, [](char c) { return c == '.' || is_atom_character(c); });
}

// Quoted-string = DQUOTE *QcontentSMTP DQUOTE (RFC 5321 §4.1.2)
bool is_quoted_string(std::string_view text) {
  if (text.size() < 2 || !text.starts_with('"') || !text.ends_with('"')) {
    return false;
  }
  text = text.substr(1, text.size() - 2);
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '"' || mail::is_control(text[i])) {
      return false;
    }
    if (text[i] == '\\') {
      ++i;
      if (i == text.size() || mail::is_control(text[i])) {
        return false;
      }
    }
  }
  return true;
}

}  // namespace

std::optional<Auid> parse_auid(std::string_view value) {
  auto text = decode_quoted_printable(value);
  if (!text || !mail::is_valid_utf8(*text)) {
    return std::nullopt;
  }
  const std::size_t at = text->rfind('@');
  if (at == std::string::npos || text->ends_with('.')) {
    return std::nullopt;
  }
  auto domain = mail::Domain::parse(std::string_view(*text).substr(at + 1));
  std::string local_part = text->substr(0, at);
  if (!domain ||
      !(local_part.empty() || is_dot_string(local_part) || is_quoted_string(local_part))) {
    return std::nullopt;
  }
  return Auid{std::move(local_part), *std::move(domain)};
}

}  // namespace sekisho::dkim
