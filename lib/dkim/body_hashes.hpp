// All body hashes of a message in one pass (RFC 6376 §3.4.3, §3.4.4, §3.7): those of every
// signature that is verified, made or sealed, DKIM's and ARC's.
#pragma once

#include "crypto/digest.hpp"
#include "dkim/canonicalize.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace sekisho::dkim {

struct BodyHashRequest {
  Canonicalization canonicalization = Canonicalization::simple;
  crypto::HashAlgorithm hash = crypto::HashAlgorithm::sha256;
  std::optional<std::uint64_t> length;  ///< l=: octets of the canonical body that are hashed.

  bool operator==(const BodyHashRequest&) const = default;
};

struct BodyHash {
  crypto::Bytes digest;
  std::uint64_t hashed_octets = 0;  ///< Of the canonical body.
  bool body_was_longer = false;     ///< l= ended before the canonical body did.
};

/// Requests first, then the body in chunks of any size, then finish(). Equal requests share one
/// hash, requests of one canonicalisation share its work. Memory does not grow with the body. Not
/// thread-safe.
class BodyHashes {
 public:
  using Id = std::size_t;

  BodyHashes();
  BodyHashes(const BodyHashes&) = delete;
  BodyHashes& operator=(const BodyHashes&) = delete;
  BodyHashes(BodyHashes&&) noexcept;
  BodyHashes& operator=(BodyHashes&&) noexcept;
  ~BodyHashes();

  /// Before the first update(). The same request gives the same id.
  Id request(const BodyHashRequest& request);
  /// Before the first update(): keeps what added_lines() needs, as long as the body has at most
  /// `max_octets`. For requests without a length.
  void watch_tail(Id id, std::uint64_t max_octets);
  void update(std::string_view chunk);
  /// False when no further octet can change a result: nothing was asked, or the body went beyond
  /// every l= (for SMFIS_SKIP).
  [[nodiscard]] bool wants_more() const;
  void finish();
  /// After finish().
  [[nodiscard]] const BodyHash& operator[](Id id) const;
  /// After finish(), for a hash that was watched: the number of lines at the end of the body,
  /// without which its hash would be `wanted`. Nullopt: none is found.
  [[nodiscard]] std::optional<std::size_t> added_lines(Id id, const crypto::Bytes& wanted) const;

 private:
  struct Pass;
  std::vector<Pass> passes_;
  std::vector<BodyHash> results_;
};

}  // namespace sekisho::dkim
