// SHA-512, which only TLSA records use (RFC 6698 §2.1.3): DKIM has no such algorithm.
#pragma once

#include "crypto/base64.hpp"

#include <string_view>

namespace sekisho::crypto {

[[nodiscard]] Bytes sha512(std::string_view data);

}  // namespace sekisho::crypto
