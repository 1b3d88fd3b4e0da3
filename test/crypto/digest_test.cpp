#include "crypto/digest.hpp"

#include <catch2/catch.hpp>

namespace sekisho::crypto {

TEST_CASE("digest: the empty input (RFC 6376 §3.4.4)", "[crypto]") {
  CHECK(encode_base64(Digest(HashAlgorithm::sha1).finish()) == "2jmj7l5rSw0yVb/vlWAYkK/YBwk=");
  CHECK(encode_base64(Digest(HashAlgorithm::sha256).finish()) ==
        "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=");
}

TEST_CASE("digest: pieces give the same as the whole, also after a move", "[crypto]") {
  Digest whole(HashAlgorithm::sha256);
  whole.update("checkpoint");
  Digest pieces(HashAlgorithm::sha256);
  pieces.update("check");
  Digest moved = std::move(pieces);
  moved.update("");
  moved.update("point");
  CHECK(moved.finish() == whole.finish());
}

TEST_CASE("digest: what came so far, without an end to it", "[crypto]") {
  Digest part(HashAlgorithm::sha256);
  part.update("check");
  Digest whole(HashAlgorithm::sha256);
  whole.update("check");
  CHECK(whole.current() == part.finish());
  whole.update("point");
  Digest other(HashAlgorithm::sha256);
  other.update("checkpoint");
  CHECK(whole.finish() == other.finish());
}

TEST_CASE("digest: a copy goes on by itself", "[crypto]") {
  Digest first(HashAlgorithm::sha256);
  first.update("check");
  Digest second(first);
  Digest third(HashAlgorithm::sha1);
  third = second;
  first.update("s");
  second.update("point");
  third.update("point");
  Digest whole(HashAlgorithm::sha256);
  whole.update("checkpoint");
  const Bytes expected = whole.finish();
  CHECK(second.finish() == expected);
  CHECK(third.finish() == expected);
  CHECK(first.finish() != expected);
}

TEST_CASE("digest: sizes", "[crypto]") {
  CHECK(digest_size(HashAlgorithm::sha1) == 20);
  CHECK(digest_size(HashAlgorithm::sha256) == 32);
  CHECK(Digest(HashAlgorithm::sha256).finish().size() == digest_size(HashAlgorithm::sha256));
}

}  // namespace sekisho::crypto
