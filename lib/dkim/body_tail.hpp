// Lines that were added at the end of a body after it was signed, found while the body streams.
#pragma once

#include "crypto/digest.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace sekisho::dkim {

/// Keeps the last octets of a canonical body, and the state of its hash before them. If the hash of
/// the whole body is not what was signed, that of the body without its last lines may be. Memory
/// does not grow with the body. Not thread-safe.
class BodyTail {
 public:
  static constexpr std::size_t block_octets = std::size_t{16} * 1024;
  static constexpr std::size_t max_hashes = 4'096;  ///< That find() computes.

  /// `start` is the hash of nothing. Bodies above `max_octets` are not searched.
  BodyTail(const crypto::Digest& start, std::uint64_t max_octets);

  /// Hashes `text` with `digest`, which has had all text before it, and keeps its end.
  void update(std::string_view text, crypto::Digest& digest);
  /// Returns the number of lines, from 1 on, without which the hash of the body is `wanted`; only
  /// lines in the last `block_octets` are sure to be tried. Nullopt: there is none.
  [[nodiscard]] std::optional<std::size_t> find(const crypto::Bytes& wanted) const;

 private:
  [[nodiscard]] bool is_given_up() const { return octets_ > max_octets_; }

  // Two blocks, of which the older one is full once the newer has begun.
  crypto::Digest before_older_;
  crypto::Digest before_newer_;
  std::string older_;
  std::string newer_;
  std::uint64_t octets_ = 0;
  std::uint64_t max_octets_;
};

}  // namespace sekisho::dkim
