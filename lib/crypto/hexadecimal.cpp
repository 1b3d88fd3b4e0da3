#include "crypto/hexadecimal.hpp"

namespace sekisho::crypto {

std::string encode_hexadecimal(std::span<const std::uint8_t> octets) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string text;
  text.reserve(2 * octets.size());
  for (const std::uint8_t octet : octets) {
    text += digits[octet >> 4U];
    text += digits[octet & 0xFU];
  }
  return text;
}

std::string encode_hexadecimal(std::string_view octets) {
  return encode_hexadecimal({reinterpret_cast<const std::uint8_t*>(octets.data()), octets.size()});
}

}  // namespace sekisho::crypto
