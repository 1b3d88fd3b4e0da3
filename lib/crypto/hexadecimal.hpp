// Octets as hexadecimal digits.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace sekisho::crypto {

/// Two digits an octet, in lower case.
[[nodiscard]] std::string encode_hexadecimal(std::span<const std::uint8_t> octets);
[[nodiscard]] std::string encode_hexadecimal(std::string_view octets);

}  // namespace sekisho::crypto
