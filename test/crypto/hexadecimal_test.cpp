#include "crypto/hexadecimal.hpp"

#include <array>
#include <string>

#include <catch2/catch.hpp>

namespace sekisho::crypto {

TEST_CASE("octets become two digits each", "[crypto]") {
  CHECK(encode_hexadecimal(std::string_view()).empty());
  CHECK(encode_hexadecimal(std::string_view("\x00\x0f\x10\x7f\x80\xff", 6)) == "000f107f80ff");
  CHECK(encode_hexadecimal(std::array<std::uint8_t, 2>{0xAB, 0x05}) == "ab05");
}

}  // namespace sekisho::crypto
