#include "dkim/own_signature.hpp"

#include "dkim/header_hash.hpp"
#include "dkim/signature.hpp"

#include <algorithm>

namespace sekisho::dkim {

namespace {

constexpr std::size_t max_signed_names = 1'000;

bool verifies(const crypto::PrivateKey& key, const Signature& signature,
              const crypto::Bytes& header_hash) {
  const auto public_key = crypto::PublicKey::parse(key.type(), key.public_data());
  return public_key && key_type_of(*signature.algorithm) == key.type() &&
         public_key->verify(hash_of(*signature.algorithm), header_hash, signature.signature);
}

}  // namespace

bool is_own_signature(const mail::HeaderSection& header, const mail::HeaderField& field,
                      std::span<const SigningKeyPtr> keys) {
  const ParsedSignature parsed = parse_signature(field.value, max_signed_names);
  if (parsed.failure || parsed.signature.algorithm == Algorithm::rsa_sha1) {
    return false;
  }
  const Signature& signature = parsed.signature;
  const auto key = std::ranges::find_if(keys, [&](const SigningKeyPtr& each) {
    return each->domain == signature.domain && each->selector == signature.selector;
  });
  if (key == keys.end()) {
    return false;
  }
  const HeaderIndex index(header);
  const auto fields = index.select(signature.signed_names, &field);
  return verifies((*key)->key, signature,
                  hash_header(fields, without_signature_value(field),
                              signature.header_canonicalization, hash_of(*signature.algorithm)));
}

}  // namespace sekisho::dkim
