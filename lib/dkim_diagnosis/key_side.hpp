// What the published keys say about a signature.
#pragma once

#include "crypto/public_key.hpp"
#include "dkim/key_fetches.hpp"
#include "dkim/signature.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace sekisho::dkim_diagnosis {

enum class KeyState : std::uint8_t {
  made_by_published,  ///< The signature was made with a key that is published.
  other_key,          ///< It was made with another key than the published one.
  revoked,            ///< The key was revoked (`p=` is empty, RFC 6376 §3.6.1).
  gone,               ///< No key is published.
  expired,            ///< The signature has expired (x=).
  unknown,            ///< The signature cannot tell, or the key is not known.
};
[[nodiscard]] std::string_view format_key_state(KeyState state);

/// The key of another selector of the signing domain.
struct OtherKey {
  std::string selector;
  dkim::KeyRecord record;
};

struct KeySide {
  KeyState state = KeyState::unknown;
  std::string fits;                            ///< Selector of another key that made it, or "".
  std::optional<dkim::KeyRecord> record;       ///< The key to verify with.
  std::optional<crypto::SignedDigest> digest;  ///< Of the header, where the signature contains it.
  bool is_cut = false;                         ///< b= is not as long as a signature with this key.
  bool has_foreign_characters = false;         ///< b= is right without what does not belong there.
  crypto::Bytes signature;                     ///< b=, without foreign characters.
};

/// `signature_value` is the b= tag as it stands in the field.
[[nodiscard]] KeySide examine_key(const dkim::Signature& signature,
                                  std::string_view signature_value, const dkim::FetchedKeys& keys,
                                  std::span<const OtherKey> others);

}  // namespace sekisho::dkim_diagnosis
