#include "crypto/base64.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include <openssl/evp.h>

namespace sekisho::crypto {

namespace {

// RFC 4648 §4, table 1.
constexpr std::string_view alphabet =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::string_view folding_white_space = " \t\r\n";

constexpr std::size_t group_size = 4;
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

// What was read of a text, character by character.
struct Decoder {
  Bytes data;
  std::size_t octets = 0;  ///< Of `data` that are filled.
  std::uint32_t group = 0;
  std::size_t characters = 0;  ///< Of the group under way.
  std::size_t padding = 0;

  explicit Decoder(std::size_t text_size) : data((text_size / group_size + 1) * 3) {}

  // Where it says false it left everything as it was.
  bool take(char c) {
    if (c == '=') {
      ++padding;
      return true;
    }
    const std::uint8_t value = values[static_cast<std::uint8_t>(c)];
    if (value == not_in_alphabet || padding > 0) {
      return false;
    }
    group = group << 6 | value;
    if (++characters == group_size) {
      write(3);
    }
    return true;
  }

  // The first `count` octets of a group that was filled up to 24 bits.
  void write(std::size_t count) {
    for (std::size_t k = 0; k < count; ++k) {
      data[octets++] = static_cast<std::uint8_t>(group >> (16 - 8 * k));
    }
    group = 0;
    characters = 0;
  }

  std::optional<Bytes> finish() {
    if (characters == 1 || padding != (group_size - characters) % group_size) {
      return std::nullopt;
    }
    if (characters > 0) {
      group <<= 6 * padding;
      // RFC 4648 §3.5: the bits that the last group has too many are zero.
      if ((group & (0xffffffU >> (8 * (characters - 1)))) != 0) {
        return std::nullopt;
      }
      write(characters - 1);
    }
    data.resize(octets);
    return std::move(data);
  }
};

}  // namespace

std::string encode_base64(std::span<const std::uint8_t> data) {
  std::string text((data.size() + 2) / 3 * 4 + 1, '\0');  // OpenSSL writes a NUL behind it
  EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()), data.data(),
                  static_cast<int>(data.size()));
  text.pop_back();
  return text;
}

std::optional<Bytes> decode_base64(std::string_view text) {
  Decoder decoder(text.size());
  const bool is_read = std::ranges::all_of(text, [&](char c) { return decoder.take(c); });
  return is_read ? decoder.finish() : std::nullopt;
}

std::optional<Bytes> decode_folded_base64(std::string_view text) {
  Decoder decoder(text.size());
  const bool is_read = std::ranges::all_of(
      text, [&](char c) { return decoder.take(c) || folding_white_space.contains(c); });
  return is_read ? decoder.finish() : std::nullopt;
}

}  // namespace sekisho::crypto
