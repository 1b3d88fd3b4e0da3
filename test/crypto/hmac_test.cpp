#include "crypto/hmac.hpp"

#include <catch2/catch.hpp>

namespace sekisho::crypto {

TEST_CASE("keyed hash: known answers (RFC 4231 §4.2, §4.3)", "[crypto]") {
  CHECK(encode_base64(hmac_sha256(std::string(20, '\x0b'), "Hi There")) ==
        "sDRMYdjbOFNcqK/OrwvxK4gdwgDJgz2nJuk3bC4yz/c=");
  CHECK(encode_base64(hmac_sha256("Jefe", "what do ya want for nothing?")) ==
        "W9zBRr9gdU5qBCQmCJV1x1oAPwidJzmDnexYuWTsOEM=");
}

TEST_CASE("keyed hash: nothing is no special case", "[crypto]") {
  CHECK(hmac_sha256("", "").size() == 32);
}

}  // namespace sekisho::crypto
