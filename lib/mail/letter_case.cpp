#include "mail/letter_case.hpp"

#include "mail/ascii.hpp"

#include <cstddef>

namespace sekisho::mail {
namespace {

/// Capital letters, `step` apart, whose small letters lie `offset` behind them.
struct Range {
  char32_t first, last;
  char32_t step;
  char32_t offset;
};

// Where capitals and small letters alternate, the step is 2. Left out are letters whose small
// letter is more than one character, or not of the same alphabet: U+0130, U+1E9E, digraphs.
constexpr Range ranges[] = {
    {0x00c0, 0x00d6, 1, 32}, {0x00d8, 0x00de, 1, 32}, {0x0100, 0x012e, 2, 1},
    {0x0132, 0x0136, 2, 1},  {0x0139, 0x0147, 2, 1},  {0x014a, 0x0176, 2, 1},
    {0x0179, 0x017d, 2, 1},  {0x01cd, 0x01db, 2, 1},  {0x01de, 0x01ee, 2, 1},
    {0x01f8, 0x021e, 2, 1},  {0x0222, 0x0232, 2, 1},  {0x0386, 0x0386, 1, 38},
    {0x0388, 0x038a, 1, 37}, {0x038c, 0x038c, 1, 64}, {0x038e, 0x038f, 1, 63},
    {0x0391, 0x03a1, 1, 32}, {0x03a3, 0x03ab, 1, 32}, {0x0400, 0x040f, 1, 80},
    {0x0410, 0x042f, 1, 32}, {0x0460, 0x0480, 2, 1},  {0x048a, 0x04be, 2, 1},
    {0x04c0, 0x04c0, 1, 15}, {0x04c1, 0x04cd, 2, 1},  {0x04d0, 0x052e, 2, 1},
    {0x0531, 0x0556, 1, 48}, {0x1e00, 0x1e94, 2, 1},  {0x1ea0, 0x1efe, 2, 1},
};

constexpr char32_t small_letter(char32_t c) {
  for (const Range& range : ranges) {
    if (c >= range.first && c <= range.last && (c - range.first) % range.step == 0) {
      return c + range.offset;
    }
  }
  return c;
}

constexpr bool is_continuation(char c) {
  return (static_cast<unsigned char>(c) & 0xc0U) == 0x80;
}

/// The character at the front of `text`, if it is one of two or three octets (all of `ranges` are);
/// else 0, whose small letter is itself.
char32_t letter_at(std::string_view text) {
  const auto octet = [text](std::size_t at) { return static_cast<unsigned char>(text[at]); };
  if (text.size() >= 2 && octet(0) >= 0xc2 && octet(0) <= 0xdf && is_continuation(text[1])) {
    return static_cast<char32_t>((octet(0) & 0x1fU) << 6U | (octet(1) & 0x3fU));
  }
  if (text.size() >= 3 && octet(0) >= 0xe1 && octet(0) <= 0xec && is_continuation(text[1]) &&
      is_continuation(text[2])) {
    return static_cast<char32_t>((octet(0) & 0x0fU) << 12U | (octet(1) & 0x3fU) << 6U |
                                 (octet(2) & 0x3fU));
  }
  return 0;
}

void append_utf8(std::string& text, char32_t c) {
  if (c < 0x800) {
    text += static_cast<char>(0xc0U | c >> 6U);
  } else {
    text += static_cast<char>(0xe0U | c >> 12U);
    text += static_cast<char>(0x80U | (c >> 6U & 0x3fU));
  }
  text += static_cast<char>(0x80U | (c & 0x3fU));
}

}  // namespace

std::string to_small_letters(std::string_view text) {
  std::string small;
  small.reserve(text.size());
  while (!text.empty()) {
    const char32_t letter = letter_at(text);
    if (letter == 0) {
      small += to_lower(text.front());
      text.remove_prefix(1);
      continue;
    }
    append_utf8(small, small_letter(letter));
    text.remove_prefix(letter < 0x800 ? 2 : 3);
  }
  return small;
}

}  // namespace sekisho::mail
