#include "dkim_diagnosis/key_side.hpp"

#include "dkim_diagnosis/signed_message.hpp"

#include <catch2/catch.hpp>

namespace sekisho::dkim_diagnosis {
namespace {

using namespace test;

TEST_CASE("a signature as long as that of a usual key is not cut", "[dkim_diagnosis]") {
  const dkim::FetchedKeys keys = std::vector{record_of(*rsa())};
  dkim::Signature signature;
  signature.algorithm =
      dkim::parse_signature(sign(plain(), rsa()).header.front().value, 1'000).signature.algorithm;
  REQUIRE(signature.algorithm);
  for (const std::size_t octets : {64U, 96U, 128U, 192U, 256U, 384U, 512U}) {
    for (const std::size_t size : {octets - 1, octets, octets + 1}) {
      CAPTURE(size);
      signature.signature = crypto::Bytes(size, 0x7f);
      const KeySide side = examine_key(signature, "", keys, {});
      CHECK(side.is_cut == (size != octets));
      CHECK(side.state == (size == octets ? KeyState::other_key : KeyState::unknown));
    }
  }
}

TEST_CASE("a key of another type is not the key of a signature", "[dkim_diagnosis]") {
  const auto parsed = dkim::parse_signature(sign(plain(), rsa()).header.front().value, 1'000);
  const std::vector<OtherKey> others = {{"e", record_of(*ed25519())}, {"r", record_of(*rsa())}};
  const dkim::FetchedKeys keys = std::vector{record_of(*ed25519())};
  const KeySide side = examine_key(parsed.signature, "", keys, others);
  CHECK(side.state == KeyState::unknown);
  CHECK(side.fits == "r");
  CHECK(side.digest);
  CHECK(examine_key(parsed.signature, "", std::vector{record_of(*ed25519()), record_of(*rsa())}, {})
            .state == KeyState::made_by_published);
}

TEST_CASE("what does not belong into b= is left out", "[dkim_diagnosis]") {
  const dkim::FetchedKeys keys = std::vector{record_of(*rsa())};
  const auto examined = [&](std::string_view value) {
    return examine_key(dkim::Signature{}, value, keys, {});
  };
  CHECK(examined("Zm 9v\r\n\tYg==").signature == crypto::Bytes{'f', 'o', 'o', 'b'});
  CHECK_FALSE(examined("Zm 9v\r\n\tYg==").has_foreign_characters);
  CHECK(examined("Zm!9vYg").signature == crypto::Bytes{'f', 'o', 'o', 'b'});
  CHECK(examined("Zm!9vYg").has_foreign_characters);
  CHECK(examined("Zm9vY").signature == crypto::Bytes{'f', 'o', 'o'});
  CHECK(examined("Zm9vYmE").signature == crypto::Bytes{'f', 'o', 'o', 'b', 'a'});
}

}  // namespace
}  // namespace sekisho::dkim_diagnosis
