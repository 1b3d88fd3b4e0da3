#include "dkim/auid.hpp"

#include "mail/ascii.hpp"
#include "mail/local_part.hpp"
#include "mail/utf8.hpp"

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

}  // namespace

std::optional<Auid> parse_auid(std::string_view value) {
  auto text = decode_quoted_printable(value);
  if (!text) {
    return std::nullopt;
  }
  const std::size_t at = text->rfind('@');
  if (at == std::string::npos) {
    return std::nullopt;
  }
  auto domain = mail::Domain::parse(std::string_view(*text).substr(at + 1));
  if (!domain) {
    return std::nullopt;
  }
  std::string local_part = text->substr(0, at);
  if (!local_part.empty() &&
      !(mail::is_local_part(local_part) && mail::is_valid_utf8(local_part))) {
    return Auid{{}, *std::move(domain), false};
  }
  return Auid{std::move(local_part), *std::move(domain), true};
}

}  // namespace sekisho::dkim
