#include "mail/utf8.hpp"

#include "mail/ascii.hpp"

#include <cstddef>

namespace sekisho::mail {
namespace {

constexpr bool is_within(char c, unsigned char first, unsigned char last) {
  const auto byte = static_cast<unsigned char>(c);
  return byte >= first && byte <= last;
}

/// The octets of the character that `text` begins with (RFC 3629 §4); 0 where it is malformed.
std::size_t character_size(std::string_view text) {
  struct Form {
    unsigned char first, last;  // of the leading octet
    unsigned char low, high;    // of the second octet; all later ones are 80..BF
    std::size_t size;
  };
  static constexpr Form forms[] = {
      {0xc2, 0xdf, 0x80, 0xbf, 2}, {0xe0, 0xe0, 0xa0, 0xbf, 3}, {0xe1, 0xec, 0x80, 0xbf, 3},
      {0xed, 0xed, 0x80, 0x9f, 3}, {0xee, 0xef, 0x80, 0xbf, 3}, {0xf0, 0xf0, 0x90, 0xbf, 4},
      {0xf1, 0xf3, 0x80, 0xbf, 4}, {0xf4, 0xf4, 0x80, 0x8f, 4},
  };
  for (const Form& form : forms) {
    if (!is_within(text[0], form.first, form.last)) {
      continue;
    }
    if (text.size() < form.size || !is_within(text[1], form.low, form.high)) {
      return 0;
    }
    const auto rest = text.substr(2, form.size - 2);
    const bool whole = std::ranges::all_of(rest, [](char c) { return is_within(c, 0x80, 0xbf); });
    return whole ? form.size : 0;
  }
  return 0;
}

}  // namespace

bool is_valid_utf8(std::string_view text) {
  for (;;) {
    const auto* const next = std::ranges::find_if(text, is_eight_bit);
    if (next == text.end()) {
      return true;
    }
    text.remove_prefix(static_cast<std::size_t>(next - text.begin()));
    const std::size_t size = character_size(text);
    if (size == 0) {
      return false;
    }
    text.remove_prefix(size);
  }
}

}  // namespace sekisho::mail
