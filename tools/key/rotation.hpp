// Where the rotation of a domain's keys stands, told from what there is: the key files, the
// selectors that the configuration uses, and the DNS. There is no other record of it.
//
//   made       a file, newer than the key in use, that the DNS does not show yet
//   published  the same, and the DNS shows it: the configuration can take it
//   in use     the configuration signs with it
//   retiring   not in use any more; its record is still needed by mail on its way
//   retired    long enough out of use: record and file can go
//   unused     older than the next one, and never used
#pragma once

#include "keys/publication.hpp"
#include "tools/key/store.hpp"

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace sekisho::tools {

enum class KeyStage : std::uint8_t { made, published, in_use, retiring, retired, unused };
[[nodiscard]] std::string_view format_key_stage(KeyStage stage);

struct RotatedKey {
  StoredKey stored;
  KeyStage stage = KeyStage::unused;
  keys::Publication publication;
  std::chrono::sys_seconds keep_until;  ///< Of a key that is retiring or retired.
};

/// What the stages of the keys of one algorithm follow from. `keys` are those of the folder, the
/// newest first; `in_use` are the selectors of the configuration; `retention` is how long a record
/// outlives its key's last signature.
struct RotationFacts {
  std::vector<StoredKey> keys;
  std::vector<keys::Publication> publications;  ///< Of each key, in the same order.
  std::vector<std::string> in_use;
  std::chrono::seconds retention{};
  std::chrono::sys_seconds now;
};

/// The stage of every key. One that is older than the key in use, and has no note of its
/// retirement, retires now: the caller is to note it (KeyStore::retire).
[[nodiscard]] std::vector<RotatedKey> stages_of(const RotationFacts& facts);

/// Whether the next key is to be made: none is on its way, and the last rotation is over, its old
/// key gone.
[[nodiscard]] bool wants_next(const std::vector<RotatedKey>& keys);

}  // namespace sekisho::tools
