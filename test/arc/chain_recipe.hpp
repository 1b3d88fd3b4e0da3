// Chains sealed here as RFC 8617 §5.1 says, from whatever tags a test wants: all signatures hold,
// so only the tags decide.
#pragma once

#include "arc/chain_message.hpp"
#include "crypto/private_key.hpp"
#include "dkim/header_hash.hpp"

#include <functional>
#include <map>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

namespace sekisho::arc {

/// The values of a set's fields. `$b` stands for the signature, `$w` for one with white space all
/// over, and `$h` for the body hash.
struct SetRecipe {
  std::string results = " i=1; mx.example; spf=pass";
  std::string signature =
      " i=1; a=rsa-sha256; c=relaxed/relaxed; d=a.example; s=s; t=1700000000;"
      " h=from:to:subject; bh=$h; b=$b";
  std::string seal = " i=1; a=rsa-sha256; cv=none; d=a.example; s=s; t=1700000000; b=$b";
};

inline void swap_text(std::string& text, std::string_view from, std::string_view to) {
  const std::size_t at = text.find(from);
  if (at == std::string::npos) {
    throw std::invalid_argument("no such text: " + std::string(from));
  }
  text.replace(at, from.size(), to);
}

inline SetRecipe second_set() {
  SetRecipe set;
  swap_text(set.results, "i=1", "i=2");
  swap_text(set.signature, "i=1", "i=2");
  swap_text(set.seal, "i=1", "i=2");
  swap_text(set.seal, "cv=none", "cv=pass");
  return set;
}

struct Recipe {
  mail::HeaderSection header = {{"From", " Author <author@author.example>"},
                                {"To", " list@list.example"},
                                {"Subject", " a message\r\n that is folded"},
                                {"Date", " Tue, 14 Nov 2023 22:13:20 +0000"}};
  std::string body = "Hello,\r\n\r\nthis is  a message.\r\n";
  std::vector<SetRecipe> sets = {{}};
  /// What the message goes through before each set but the first.
  std::function<void(ChainMessage&)> between = [](ChainMessage&) {};
  crypto::PrivateKey key = rsa_key();

  static const crypto::PrivateKey& rsa_key() {
    static const auto key = crypto::PrivateKey::generate(crypto::KeyType::rsa, 1024);
    return key;
  }
};

class Sealing {
 public:
  explicit Sealing(const Recipe& recipe) : key_(recipe.key) {
    message_.header = recipe.header;
    message_.body = recipe.body;
    for (std::size_t i = 0; i < recipe.sets.size(); ++i) {
      if (i > 0) {
        recipe.between(message_);
      }
      seal(recipe.sets[i]);
    }
  }
  [[nodiscard]] ChainMessage message() && { return std::move(message_); }

 private:
  static constexpr auto hash = crypto::HashAlgorithm::sha256;
  static constexpr auto relaxed = dkim::Canonicalization::relaxed;

  void seal(const SetRecipe& set) {
    const mail::HeaderField results{"ARC-Authentication-Results", set.results};
    const mail::HeaderField signature{"ARC-Message-Signature", sign(set.signature)};
    covered_ += canonicalize_header(results, relaxed) + canonicalize_header(signature, relaxed);
    const mail::HeaderField seal{"ARC-Seal", sign_seal(set.seal)};
    covered_ += canonicalize_header(seal, relaxed);
    message_.header.insert(message_.header.begin(), {seal, signature, results});
  }

  [[nodiscard]] std::string sign(std::string value) const {
    std::string readable = value;
    std::ranges::replace(readable, '$', 'A');
    const dkim::Signature tags = parse_message_signature(readable, 10'000).signature;
    if (value.contains("$h")) {
      swap_text(value, "$h", crypto::encode_base64(hash_body(tags)));
    }
    const auto fields = dkim::HeaderIndex(message_.header).select(tags.signed_names, nullptr);
    return fill_in(value, dkim::hash_header(fields, {"ARC-Message-Signature", without(value)},
                                            tags.header_canonicalization, hash));
  }

  [[nodiscard]] std::string sign_seal(const std::string& value) const {
    std::string own = canonicalize_header({"ARC-Seal", without(value)}, relaxed);
    own.resize(own.size() - 2);
    crypto::Digest digest(hash);
    digest.update(covered_);
    digest.update(own);
    return fill_in(value, digest.finish());
  }

  [[nodiscard]] crypto::Bytes hash_body(const dkim::Signature& tags) const {
    dkim::BodyHashes hashes;
    const auto id = hashes.request({tags.body_canonicalization, hash, tags.body_length});
    hashes.update(message_.body);
    hashes.finish();
    return hashes[id].digest;
  }

  static bool is_open(const std::string& value) {
    return value.contains("$b") || value.contains("$w");
  }
  // The field as it is hashed: without the value of b= and the white space around it.
  static std::string without(const std::string& value) {
    return is_open(value) ? dkim::without_signature_value({"x", value}).value : value;
  }
  [[nodiscard]] std::string fill_in(std::string value, const crypto::Bytes& digest) const {
    if (!is_open(value)) {
      return value;
    }
    std::string text = crypto::encode_base64(key_.sign(hash, digest));
    if (value.contains("$w")) {
      for (std::size_t at = text.size(); at > 0; --at) {
        text.insert(at, at % 3 == 0 ? " " : at % 3 == 1 ? "\r\n\t" : "");
      }
    }
    swap_text(value, value.contains("$w") ? "$w" : "$b", text);
    return value;
  }

  ChainMessage message_;
  crypto::PrivateKey key_;
  std::string covered_;
};

inline std::string record_of(const crypto::PrivateKey& key) {
  const std::string type = key.type() == crypto::KeyType::rsa ? "rsa" : "ed25519";
  return "v=DKIM1; k=" + type + "; p=" + crypto::encode_base64(key.public_data());
}

inline ChainResult validate_recipe(const Recipe& recipe, const std::vector<std::string>& records) {
  const auto resolver = std::make_shared<test::FakeResolver>();
  for (const std::string& record : records) {
    resolver->add_txt("s._domainkey.a.example", record);
  }
  Conditions conditions;
  conditions.resolver = resolver;
  return validate(Sealing(recipe).message(), conditions);
}

inline ChainResult validate_recipe(const Recipe& recipe) {
  return validate_recipe(recipe, {record_of(recipe.key)});
}

/// An empty reason is a pass.
inline void check(const ChainResult& result, const std::string& reason) {
  CHECK(result.reason == reason);
  CHECK(result.status == (reason.empty() ? ChainStatus::pass : ChainStatus::fail));
}

}  // namespace sekisho::arc
