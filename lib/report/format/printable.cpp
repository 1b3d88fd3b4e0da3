#include "report/format/printable.hpp"

#include "mail/ascii.hpp"
#include "mail/utf8.hpp"

#include <algorithm>
#include <cstdint>
#include <utility>

namespace sekisho::report::format {

namespace {

constexpr std::string_view replacement = "\xef\xbf\xbd";

std::size_t character_octets(char lead) {
  const auto octet = static_cast<unsigned char>(lead);
  return octet < 0x80 ? 1 : octet < 0xe0 ? 2 : octet < 0xf0 ? 3 : 4;
}

std::uint32_t code_point(std::string_view character) {
  constexpr std::uint32_t lead_masks[] = {0, 0x7f, 0x1f, 0x0f, 0x07};
  std::uint32_t value = static_cast<unsigned char>(character[0]) & lead_masks[character.size()];
  for (const char c : character.substr(1)) {
    value = value << 6U | (static_cast<unsigned char>(c) & 0x3fU);
  }
  return value;
}

bool is_deceptive(std::uint32_t point) {
  return (point >= 0x80 && point < 0xa0) ||       // C1 controls
         (point >= 0x200b && point <= 0x200f) ||  // zero-width and marks of direction
         (point >= 0x2028 && point <= 0x202e) ||  // separators, embeddings, overrides
         (point >= 0x2060 && point <= 0x206f) ||  // word joiner, isolates
         point == 0x061c || point == 0xfeff || point == 0xfffe || point == 0xffff;
}

// The first character of `text`, or its first octet where none begins there.
std::string_view first_character(std::string_view text) {
  const std::string_view character = text.substr(0, character_octets(text.front()));
  return mail::is_valid_utf8(character) ? character : text.substr(0, 1);
}

std::string_view shown(std::string_view character) {
  if (character.size() == 1 && mail::is_eight_bit(character[0])) {
    return replacement;
  }
  return is_deceptive(code_point(character)) ? replacement : character;
}

}  // namespace

std::string printable(std::string_view text, std::size_t max_octets) {
  if (std::ranges::all_of(text, [](char c) { return c > ' ' && c < '\x7f'; })) {
    return std::string(text.substr(0, max_octets));  // as almost all of it is
  }
  std::string result;
  bool blank_before = false;
  while (!text.empty()) {
    const std::string_view character = first_character(text);
    text.remove_prefix(character.size());
    if (mail::is_control(character[0]) || character[0] == ' ') {
      blank_before = !result.empty();
      continue;
    }
    const std::string_view visible = shown(character);
    if (result.size() + (blank_before ? 1 : 0) + visible.size() > max_octets) {
      break;
    }
    if (std::exchange(blank_before, false)) {
      result += ' ';
    }
    result += visible;
  }
  return result;
}

}  // namespace sekisho::report::format
