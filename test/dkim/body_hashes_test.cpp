#include "dkim/body_hashes.hpp"

#include "dkim/body_tail.hpp"

#include <string>

#include <catch2/catch.hpp>

namespace sekisho::dkim {
namespace {

using enum Canonicalization;
using crypto::HashAlgorithm;

std::string hash_of(std::string_view text) {
  crypto::Digest digest(HashAlgorithm::sha256);
  digest.update(text);
  return crypto::encode_base64(digest.finish());
}

TEST_CASE("lines that were added at the end are found while the body streams") {
  const Canonicalization canonicalization =
      GENERATE(Canonicalization::simple, Canonicalization::relaxed);
  const std::size_t chunk = GENERATE(7U, 4'096U, 1'000'000U);
  const BodyHashRequest request{canonicalization, crypto::HashAlgorithm::sha256, {}};
  const auto hash_of = [&](const std::string& text) {
    BodyHashes hashes;
    const auto id = hashes.request(request);
    hashes.update(text);
    hashes.finish();
    return hashes[id].digest;
  };
  const auto added = [&](const std::string& was, const std::string& now, std::uint64_t limit) {
    BodyHashes hashes;
    const auto id = hashes.request(request);
    hashes.watch_tail(id, limit);
    for (std::size_t at = 0; at < now.size(); at += chunk) {
      hashes.update(std::string_view(now).substr(at, chunk));
    }
    hashes.finish();
    CHECK(hashes[id].digest == hash_of(now));  // watching changes no hash
    return hashes.added_lines(id, hash_of(was));
  };
  for (const std::size_t lines : {0U, 1U, 500U, 5'000U}) {
    CAPTURE(lines, chunk);
    std::string body;
    for (std::size_t i = 0; i < lines; ++i) {
      body += "line " + std::to_string(i) + " of some text\r\n";
    }
    body += "end\r\n";
    CHECK(added(body, body + "--\r\nlist\r\n", 1'000'000) == 2);
    CHECK(added(body, body + "\r\n--\r\nlist\r\n", 1'000'000) == 3);
    CHECK(added(body + "\r\n\r\n", body + "list\r\n", 1'000'000) == 1);
    CHECK(added("x" + body, body + "list\r\n", 1'000'000) == std::nullopt);
    CHECK(added(body, body, 1'000'000) == std::nullopt);
    CHECK(added(body, body + "list\r\n", body.size()) == std::nullopt);
    CHECK(added(body, body + "list\r\n", body.size() + 5) == std::nullopt);
    CHECK(added(body, body + "list\r\n", body.size() + 6) == 1);
  }
  const auto short_lines = [](std::size_t count) {
    std::string text;
    for (std::size_t i = 0; i < count; ++i) {
      text += "a\r\n";
    }
    return text;
  };
  const std::string many = short_lines(5'000);
  CHECK(added(short_lines(BodyTail::max_hashes), many, many.size()) ==
        5'000 - BodyTail::max_hashes);
  CHECK(added(short_lines(BodyTail::max_hashes + 1), many, many.size()) == std::nullopt);
}

}  // namespace

TEST_CASE("body hashes: the empty body (RFC 6376 §3.4.3, §3.4.4)", "[dkim]") {
  const auto [canonicalization, algorithm, expected] =
      GENERATE(table<Canonicalization, HashAlgorithm, std::string>({
          {simple, HashAlgorithm::sha1, "uoq1oCgLlTqpdDX/iUbLy7J1Wic="},
          {simple, HashAlgorithm::sha256, "frcCV1k9oG9oKj3dpUqdJg1PxRT2RSN/XKdLCPjaYaY="},
          {relaxed, HashAlgorithm::sha1, "2jmj7l5rSw0yVb/vlWAYkK/YBwk="},
          {relaxed, HashAlgorithm::sha256, "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="},
      }));
  BodyHashes hashes;
  const auto id = hashes.request({canonicalization, algorithm, std::nullopt});
  hashes.finish();
  CHECK(crypto::encode_base64(hashes[id].digest) == expected);
}

TEST_CASE("body hashes: RFC 6376 §A.2 and RFC 8463 §A.3", "[dkim]") {
  // The signed text has one blank after "game."; the RFCs' page layout made it two.
  BodyHashes hashes;
  const auto with_simple = hashes.request({simple, HashAlgorithm::sha256, std::nullopt});
  const auto with_relaxed = hashes.request({relaxed, HashAlgorithm::sha256, std::nullopt});
  hashes.update("Hi.\r\n\r\nWe lost the game. Are you hungry yet?\r\n\r\nJoe.\r\n");
  hashes.finish();
  CHECK(crypto::encode_base64(hashes[with_simple].digest) ==
        "2jUSOH9NhtVGCQWNr9BrIAPreKQjO6Sn7XIkfJVOzv8=");
  CHECK(hashes[with_relaxed].digest == hashes[with_simple].digest);
}

TEST_CASE("body hashes: equal requests share an id", "[dkim]") {
  BodyHashes hashes;
  const BodyHashRequest request{relaxed, HashAlgorithm::sha256, 10};
  const auto first = hashes.request(request);
  CHECK(hashes.request(request) == first);
  CHECK(hashes.request({simple, HashAlgorithm::sha256, 10}) != first);
  CHECK(hashes.request({relaxed, HashAlgorithm::sha1, 10}) != first);
  CHECK(hashes.request({relaxed, HashAlgorithm::sha256, 11}) != first);
  CHECK(hashes.request({relaxed, HashAlgorithm::sha256, std::nullopt}) != first);
}

TEST_CASE("body hashes: l= counts octets of the canonical body (RFC 6376 §3.5)", "[dkim]") {
  struct Case {
    std::uint64_t length;
    std::string hashed;
    bool was_longer;
  };
  // The canonical body is "a b\r\nc\r\n": 8 octets.
  const Case cases[] = {
      {0, "", true},
      {1, "a", true},
      {4, "a b\r", true},
      {7, "a b\r\nc\r", true},
      {8, "a b\r\nc\r\n", false},
      {9, "a b\r\nc\r\n", false},
      {UINT64_MAX, "a b\r\nc\r\n", false},
  };
  for (const Case& row : cases) {
    DYNAMIC_SECTION("l=" << row.length) {
      BodyHashes hashes;
      const auto id = hashes.request({relaxed, HashAlgorithm::sha256, row.length});
      for (const char octet : std::string("a \tb \r\nc\r\n\r\n")) {
        hashes.update({&octet, 1});
      }
      hashes.finish();
      CHECK(crypto::encode_base64(hashes[id].digest) == hash_of(row.hashed));
      CHECK(hashes[id].hashed_octets == row.hashed.size());
      CHECK(hashes[id].body_was_longer == row.was_longer);
    }
  }
}

TEST_CASE("body hashes: many l= at once, in any order and any chunks", "[dkim]") {
  const std::string body = "a b\r\nc d e\r\n";
  const auto chunk_size = GENERATE(1U, 4U, 100U);
  CAPTURE(chunk_size);
  BodyHashes hashes;
  std::vector<BodyHashes::Id> ids;
  const std::vector<std::uint64_t> lengths{5, 0, 12, 3, 11, 1, 99, 4};
  const auto whole = hashes.request({simple, HashAlgorithm::sha256, std::nullopt});
  for (const std::uint64_t length : lengths) {
    ids.push_back(hashes.request({simple, HashAlgorithm::sha256, length}));
  }
  for (std::size_t i = 0; i < body.size(); i += chunk_size) {
    hashes.update(std::string_view(body).substr(i, chunk_size));
  }
  hashes.finish();
  for (std::size_t i = 0; i < lengths.size(); ++i) {
    CAPTURE(lengths[i]);
    const std::string_view hashed = std::string_view(body).substr(0, lengths[i]);
    CHECK(crypto::encode_base64(hashes[ids[i]].digest) == hash_of(hashed));
    CHECK(hashes[ids[i]].hashed_octets == hashed.size());
    CHECK(hashes[ids[i]].body_was_longer == (lengths[i] < body.size()));
  }
  CHECK(crypto::encode_base64(hashes[whole].digest) == hash_of(body));
}

TEST_CASE("body hashes: more is wanted until every l= is passed", "[dkim]") {
  BodyHashes hashes;
  CHECK_FALSE(hashes.wants_more());
  hashes.request({simple, HashAlgorithm::sha256, 1});
  hashes.request({simple, HashAlgorithm::sha256, 3});
  CHECK(hashes.wants_more());
  hashes.update("abc");
  CHECK(hashes.wants_more());  // whether the body goes on is part of the result
  hashes.update("d");
  CHECK_FALSE(hashes.wants_more());
  hashes.request({simple, HashAlgorithm::sha256, std::nullopt});
  CHECK(hashes.wants_more());
}

TEST_CASE("body hashes: chunks of any size give one hash", "[dkim]") {
  std::string body;
  for (int i = 0; i < 3'000; ++i) {
    body +=
        "line " + std::string(static_cast<std::size_t>(i % 90), i % 2 == 0 ? ' ' : 'x') + "\t\r\n";
  }
  body += "\r\n\r\n \r";
  const auto hash_in_chunks = [&body](Canonicalization canonicalization, std::size_t size) {
    BodyHashes hashes;
    const auto id = hashes.request({canonicalization, HashAlgorithm::sha256, std::nullopt});
    for (std::size_t i = 0; i < body.size(); i += size) {
      hashes.update(std::string_view(body).substr(i, size));
    }
    hashes.finish();
    return hashes[id].digest;
  };
  const auto size = GENERATE(1U, 2U, 3U, 5U, 64U, 65535U);
  CAPTURE(size);
  CHECK(hash_in_chunks(simple, size) == hash_in_chunks(simple, body.size()));
  CHECK(hash_in_chunks(relaxed, size) == hash_in_chunks(relaxed, body.size()));
}

}  // namespace sekisho::dkim
