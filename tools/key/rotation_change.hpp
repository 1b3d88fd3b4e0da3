// What a rotation changes: planned first, so that it can be said before it is done.
#pragma once

#include "tools/cli/refusal.hpp"
#include "tools/key/rotation_run.hpp"

#include <cstddef>
#include <cstdint>
#include <expected>
#include <string>
#include <string_view>
#include <vector>

namespace sekisho::tools {

struct RotationChange {
  enum class Kind : std::uint8_t {
    retire,  ///< Note that `key` is out of use since now.
    make,    ///< Make the next key.
  };
  Kind kind = Kind::make;
  StoredKey key;  ///< The key that retires.
  crypto::KeyType type = crypto::KeyType::rsa;
  std::size_t bits = 0;
  std::string selector;
};
/// "retire", "make"
[[nodiscard]] std::string_view format_change_kind(RotationChange::Kind kind);

/// Which changes are due, none twice. An RSA key that is made has `min_bits` at least, and no fewer
/// bits than the longest that it can replace.
[[nodiscard]] std::vector<RotationChange> plan_changes(const Rotation& rotation,
                                                       std::size_t min_bits);

/// Makes the changes, and adds the keys that were made to the rotation. Ends with the first that
/// fails.
[[nodiscard]] std::expected<void, Refusal> apply_changes(const std::vector<RotationChange>& changes,
                                                         Rotation& rotation);

}  // namespace sekisho::tools
