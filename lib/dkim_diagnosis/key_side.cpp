#include "dkim_diagnosis/key_side.hpp"

#include "mail/ascii.hpp"

#include <algorithm>
#include <utility>

namespace sekisho::dkim_diagnosis {

namespace {

bool is_base64(char c) {
  return mail::is_alphanumeric(c) || c == '+' || c == '/' || c == '=';
}

// b= without what is not base64, and with the padding that it needs.
crypto::Bytes decode_tolerantly(std::string_view value) {
  std::string characters(value);
  std::erase_if(characters, [](char c) { return !is_base64(c) || c == '='; });
  if (characters.size() % 4 == 1) {
    characters.pop_back();
  }
  while (characters.size() % 4 == 2 || characters.size() % 4 == 3) {
    characters += '=';
  }
  return crypto::decode_base64(characters).value_or(crypto::Bytes());
}

std::size_t octets_of(const crypto::PublicKey& key) {
  return key.type() == crypto::KeyType::rsa ? (key.bits() + 7) / 8 : 64;  // RFC 8032 §5.1.6
}

// Another key may have made a signature of such a size.
bool is_usual_size(std::size_t octets) {
  return octets == 64 || octets == 96 || octets == 128 || octets == 192 || octets == 256 ||
         octets == 384 || octets == 512;
}

KeyState state_without_key(dkim::Fault fault) {
  if (fault == dkim::Fault::key_revoked) {
    return KeyState::revoked;
  }
  return fault == dkim::Fault::no_key ? KeyState::gone : KeyState::unknown;
}

bool is_of_type(const dkim::Signature& signature, const dkim::KeyRecord& record) {
  return signature.algorithm && record.key.type() == dkim::key_type_of(*signature.algorithm);
}

void try_published(const dkim::Signature& signature, const std::vector<dkim::KeyRecord>& keys,
                   KeySide& side) {
  for (const dkim::KeyRecord& record : keys) {
    if (!is_of_type(signature, record)) {
      continue;
    }
    side.digest = record.key.recover(side.signature);
    side.record = record;
    if (side.digest) {
      side.state = KeyState::made_by_published;
      return;
    }
  }
  if (!side.record) {
    return;
  }
  const std::size_t octets = octets_of(side.record->key);
  side.is_cut = side.signature.size() != octets && !is_usual_size(side.signature.size());
  if (!side.is_cut && side.record->key.type() == crypto::KeyType::rsa) {
    side.state = KeyState::other_key;
  }
}

void try_others(const dkim::Signature& signature, std::span<const OtherKey> others, KeySide& side) {
  for (const OtherKey& other : others) {
    auto digest = is_of_type(signature, other.record) ? other.record.key.recover(side.signature)
                                                      : std::nullopt;
    if (digest) {
      side.digest = std::move(digest);
      side.record = other.record;
      side.fits = other.selector;
      return;
    }
  }
}

}  // namespace

std::string_view format_key_state(KeyState state) {
  switch (state) {
    case KeyState::made_by_published:
      return "made_by_published";
    case KeyState::other_key:
      return "other_key";
    case KeyState::revoked:
      return "revoked";
    case KeyState::gone:
      return "gone";
    case KeyState::expired:
      return "expired";
    case KeyState::unknown:
      return "unknown";
  }
  std::unreachable();
}

KeySide examine_key(const dkim::Signature& signature, std::string_view signature_value,
                    const dkim::FetchedKeys& keys, std::span<const OtherKey> others) {
  KeySide side{.signature = signature.signature};
  if (side.signature.empty()) {
    side.signature = decode_tolerantly(signature_value);
    side.has_foreign_characters = std::ranges::any_of(
        signature_value, [](char c) { return !is_base64(c) && !mail::is_folding_white_space(c); });
  }
  if (keys) {
    try_published(signature, *keys, side);
  } else {
    side.state = state_without_key(keys.error().fault);
  }
  if (!side.digest && !side.is_cut) {
    try_others(signature, others, side);
  }
  return side;
}

}  // namespace sekisho::dkim_diagnosis
