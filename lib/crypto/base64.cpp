#include "crypto/base64.hpp"

#include <algorithm>
#include <array>

namespace sekisho::crypto {

namespace {

// RFC 4648 §4, table 1.
constexpr std::string_view alphabet =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

constexpr std::uint8_t not_in_alphabet = 0xff;

constexpr std::array<std::uint8_t, 256> make_values() {
  std::array<std::uint8_t, 256> values{};
  values.fill(not_in_alphabet);
  for (std::size_t i = 0; i < alphabet.size(); ++i) {
    values[static_cast<std::uint8_t>(alphabet[i])] = static_cast<std::uint8_t>(i);
  }
  return values;
}

constexpr std::array<std::uint8_t, 256> values = make_values();

constexpr bool is_folding_white_space(char c) {
  return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

// Characters of the last group before its padding: 4, 3 or 2; 0 where the length is impossible.
std::size_t last_group_size(std::string_view text) {
  if (text.size() % 4 != 0) {
    return 0;
  }
  if (text.ends_with("==")) {
    return 2;
  }
  return text.ends_with('=') ? 3 : 4;
}

}  // namespace

std::string encode_base64(std::span<const std::uint8_t> data) {
  std::string text;
  text.reserve((data.size() + 2) / 3 * 4);
  for (std::size_t i = 0; i < data.size(); i += 3) {
    const std::size_t octets = std::min<std::size_t>(3, data.size() - i);
    std::uint32_t group = 0;
    for (std::size_t k = 0; k < 3; ++k) {
      group = group << 8 | (k < octets ? data[i + k] : 0U);
    }
    for (std::size_t k = 0; k < 4; ++k) {
      text.push_back(k <= octets ? alphabet[group >> (18 - 6 * k) & 0x3f] : '=');
    }
  }
  return text;
}

std::optional<Bytes> decode_base64(std::string_view text) {
  if (text.empty()) {
    return Bytes{};
  }
  const std::size_t last = last_group_size(text);
  if (last == 0) {
    return std::nullopt;
  }
  Bytes data;
  data.reserve(text.size() / 4 * 3);
  for (std::size_t i = 0; i < text.size(); i += 4) {
    const std::size_t characters = i + 4 == text.size() ? last : 4;
    std::uint32_t group = 0;
    for (std::size_t k = 0; k < 4; ++k) {
      const std::uint8_t value =
          k < characters ? values[static_cast<std::uint8_t>(text[i + k])] : 0;
      if (value == not_in_alphabet) {
        return std::nullopt;
      }
      group = group << 6 | value;
    }
    for (std::size_t k = 0; k + 1 < characters; ++k) {
      data.push_back(static_cast<std::uint8_t>(group >> (16 - 8 * k)));
    }
    // RFC 4648 §3.5: the bits that the last group has too many are zero.
    if (characters < 4 && (group & (0xffffffU >> (8 * (characters - 1)))) != 0) {
      return std::nullopt;
    }
  }
  return data;
}

std::optional<Bytes> decode_folded_base64(std::string_view text) {
  return decode_base64(without_folds(text));
}

std::string without_folds(std::string_view text) {
  std::string plain(text);
  std::erase_if(plain, is_folding_white_space);
  return plain;
}

}  // namespace sekisho::crypto
