#include "crypto/base64.hpp"

#include <string>

#include <catch2/catch.hpp>

namespace sekisho::crypto {
namespace {

Bytes bytes(std::string_view text) {
  return {text.begin(), text.end()};
}

}  // namespace

TEST_CASE("base64: the test vectors of RFC 4648 §10", "[crypto]") {
  const auto [plain, encoded] = GENERATE(table<std::string, std::string>({
      {"", ""},
      {"f", "Zg=="},
      {"fo", "Zm8="},
      {"foo", "Zm9v"},
      {"foob", "Zm9vYg=="},
      {"fooba", "Zm9vYmE="},
      {"foobar", "Zm9vYmFy"},
  }));
  CAPTURE(plain);
  CHECK(encode_base64(bytes(plain)) == encoded);
  CHECK(decode_base64(encoded) == bytes(plain));
}

TEST_CASE("base64: every octet survives", "[crypto]") {
  Bytes all;
  for (int i = 0; i < 256; ++i) {
    all.push_back(static_cast<std::uint8_t>(i));
  }
  CHECK(decode_base64(encode_base64(all)) == all);
}

TEST_CASE("base64: what is not strictly base64 is refused", "[crypto]") {
  const auto text = GENERATE(values<std::string>({
      "Zg",        // no padding
      "Zg=",       // too little of it
      "Zg===",     // too much
      "=",         // nothing else
      "====",      // nothing else, right length
      "A===",      // one character cannot be an octet
      "Zg==Zg==",  // padding in the middle
      "Z=g=",      // padding before a character
      "Zh==",      // RFC 4648 §3.5: bits left over that are not zero
      "Zm9=",      // the same with two octets
      "Zm9v!A==",  // outside the alphabet
      "Zm-_",      // the URL-safe alphabet (RFC 4648 §5)
      "Zm9v\n",    // white space is for decode_folded_base64
      std::string("Zm9\0", 4),
      "Zm9\xff",
  }));
  CAPTURE(text);
  CHECK(decode_base64(text) == std::nullopt);
}

TEST_CASE("base64: folds may stand anywhere (RFC 6376 §2.10)", "[crypto]") {
  CHECK(decode_folded_base64(" Zm\r\n\t9v Yg=\r\n = ") == bytes("foob"));
  CHECK(decode_folded_base64("Z g\r\n =\t=") == bytes("f"));
  CHECK(decode_folded_base64(" \r\n ") == Bytes{});
  for (const auto* const text : {"Zg\v==", "Zg= =A", "Zg==\r\nZg==", "Z g", "Zh =="}) {
    CAPTURE(text);
    CHECK(decode_folded_base64(text) == std::nullopt);
  }
}

}  // namespace sekisho::crypto
