// The local part of an address, as every room reads it: From, MAIL, RCPT, i= of a signature, rules,
// report addresses.
#pragma once

#include "mail/ascii.hpp"

#include <array>
#include <cstddef>
#include <string>
#include <string_view>

namespace sekisho::mail {

namespace detail {

constexpr std::array<bool, 256> make_atom_characters() {
  std::array<bool, 256> characters{};
  for (std::size_t octet = 0; octet < characters.size(); ++octet) {
    const char c = static_cast<char>(octet);
    characters[octet] = is_alphanumeric(c) || is_eight_bit(c) ||
                        std::string_view("!#$%&'*+-/=?^_`{|}~.").contains(c);
  }
  return characters;
}

inline constexpr std::array<bool, 256> atom_characters = make_atom_characters();

}  // namespace detail

/// atext (RFC 5322 §3.2.3) with the UTF-8 of RFC 6532 §3.2, and the dot.
[[nodiscard]] constexpr bool is_atom_character(char c) {
  return detail::atom_characters[static_cast<unsigned char>(c)];
}

/// local-part = 1*( atext / "." ) / quoted-string (RFC 5321 §4.1.2), as it is written. The dots may
/// stand anywhere: large carriers gave such addresses out for years. It is not looked at whether
/// octets beyond ASCII are UTF-8.
[[nodiscard]] bool is_local_part(std::string_view text);

/// What a local part says: of a quoted string, what stands between its quotes, without escapes and
/// line ends; any other as it is.
[[nodiscard]] std::string without_quotes(std::string_view local_part);

}  // namespace sekisho::mail
