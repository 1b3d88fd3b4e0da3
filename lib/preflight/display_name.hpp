// The display name of a From field, as a reader shows it.
#pragma once

#include "mail/address.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace sekisho::preflight {

enum class DisplayTrick : std::uint8_t {
  none,
  other_address,  ///< It is or holds an address of another domain.
  direction,      ///< It holds controls of the writing direction (Unicode, UAX #9).
  mixed_scripts,  ///< A word mixes Latin with Cyrillic or Greek letters (UTS #39).
};
[[nodiscard]] std::string_view describe_trick(DisplayTrick trick);

struct DisplayName {
  DisplayTrick trick = DisplayTrick::none;
  bool has_obsolete_dot = false;  ///< Outside of quotation marks (RFC 5322 §4.1).
};

/// Of a From field with the one author `author`. Words in other charsets than UTF-8 are not read.
[[nodiscard]] DisplayName read_display_name(std::string_view value, const mail::Mailbox& author);

/// The encoded words of a text in UTF-8, the rest as it is.
[[nodiscard]] std::string decoded_text(std::string_view text);

}  // namespace sekisho::preflight
