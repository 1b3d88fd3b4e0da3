// What can be wrong with the From field of a message.
#pragma once

#include <cstdint>
#include <string_view>

namespace sekisho::mail {

enum class FromFault : std::uint8_t {
  none,

  // The author domain is not known.
  no_field,          ///< No From field.
  several_fields,    ///< More than one From field.
  several_domains,   ///< Authors of more than one domain.
  no_author,         ///< No mailbox: nothing, only comments, or only empty groups.
  no_domain,         ///< No `@`, so no address with a domain.
  several_at_signs,  ///< More than one `@`, or a character that readers may take for one.
  encoded_address,   ///< An encoded word with an `@` in it, or as a part of the address.
  control_character,
  malformed_address,
  invalid_domain,   ///< The domain of an address is no valid name.
  address_literal,  ///< An IP address in place of a domain.
  too_many_authors,
  comments_too_deep,
  header_too_large,  ///< The end of the header section was not read.

  // The author domain is known, and the display part is not the grammar of RFC 5322 §3.4.
  invalid_octet,  ///< Octets that are no UTF-8: Latin-1, GBK, a character that was cut.
  comma,          ///< Without quotation marks, as those below.
  colon,
  semicolon,
  square_bracket,
  angle_bracket,
  parenthesis,
  quotation_mark,
  backslash,
  words_without_brackets,  ///< `Nagios news@shop.example`
  text_after_address,
};

/// What is wrong in words that go on from "the From header field"; for `none` nothing. US-ASCII,
/// and no octet of the message.
[[nodiscard]] std::string_view describe_from_fault(FromFault fault);

/// Whether readers may see more than one author, or another one, in a field with this fault.
[[nodiscard]] bool may_hide_author(FromFault fault);

}  // namespace sekisho::mail
