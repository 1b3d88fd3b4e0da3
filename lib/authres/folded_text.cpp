#include "authres/folded_text.hpp"

#include "c_ptr.hpp"

#include <algorithm>

#include <glib.h>

namespace sekisho::authres {

namespace {

using Utf8Text = CPtr<char, &g_free>;

struct Range {
  gunichar first;
  gunichar last;
};

// Default_Ignorable_Code_Point of Unicode 15, as far as NFKC leaves them.
constexpr Range ignorable[] = {
    {0x00AD, 0x00AD},   {0x034F, 0x034F},   {0x061C, 0x061C}, {0x115F, 0x1160}, {0x17B4, 0x17B5},
    {0x180B, 0x180F},   {0x200B, 0x200F},   {0x202A, 0x202E}, {0x2060, 0x206F}, {0x3164, 0x3164},
    {0xFE00, 0xFE0F},   {0xFEFF, 0xFEFF},   {0xFFA0, 0xFFA0}, {0xFFF0, 0xFFF8}, {0x1BCA0, 0x1BCA3},
    {0x1D173, 0x1D17A}, {0xE0000, 0xE0FFF},
};

bool is_ignorable(gunichar c) {
  return std::ranges::any_of(
      ignorable, [c](const Range& range) { return c >= range.first && c <= range.last; });
}

void append(gunichar c, std::string& text) {
  constexpr std::size_t most_octets = 6;
  char octets[most_octets];
  text.append(octets, static_cast<std::size_t>(g_unichar_to_utf8(c, octets)));
}

// The valid parts of `text`, one after the other.
std::string without_broken_octets(std::string_view text) {
  std::string valid;
  while (!text.empty()) {
    const char* end = nullptr;
    g_utf8_validate_len(text.data(), text.size(), &end);
    valid.append(text.data(), end);
    text.remove_prefix(static_cast<std::size_t>(end - text.data()));
    text.remove_prefix(text.empty() ? 0 : 1);  // which is NUL, or no UTF-8
  }
  return valid;
}

std::string without_ignorable(const std::string& valid) {
  constexpr gunichar ideographic_full_stop = 0x3002;
  std::string text;
  for (const char* at = valid.c_str(); *at != '\0'; at = g_utf8_next_char(at)) {
    const gunichar c = g_utf8_get_char(at);
    if (c == ideographic_full_stop) {
      text += '.';
    } else if (!is_ignorable(c)) {
      append(c, text);
    }
  }
  return text;
}

std::string normalized(const std::string& valid) {
  const Utf8Text text(g_utf8_normalize(valid.c_str(), -1, G_NORMALIZE_NFKC));
  return text ? text.get() : "";
}

}  // namespace

std::string fold_for_comparison(std::string_view text) {
  const std::string plain = without_ignorable(normalized(without_broken_octets(text)));
  const Utf8Text folded(g_utf8_casefold(plain.c_str(), -1));
  return normalized(folded.get());
}

}  // namespace sekisho::authres
