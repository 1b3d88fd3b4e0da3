// Message digests through OpenSSL's EVP.
#pragma once

#include "crypto/base64.hpp"

#include <array>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>

struct evp_md_ctx_st;

namespace sekisho::crypto {

enum class HashAlgorithm : std::uint8_t { sha1, sha256 };

/// Octets of the digest: 20 or 32.
[[nodiscard]] std::size_t digest_size(HashAlgorithm algorithm);

/// A digest under way. Not thread-safe. A copy goes on by itself from what came so far; after a
/// move only assignment and destruction remain.
class Digest {
 public:
  explicit Digest(HashAlgorithm algorithm);
  Digest(const Digest& other);
  Digest& operator=(const Digest& other);
  Digest(Digest&&) noexcept = default;
  Digest& operator=(Digest&&) noexcept = default;
  ~Digest() = default;

  void update(std::string_view data);
  /// The digest of what came so far; more may follow.
  [[nodiscard]] Bytes current() const;
  /// The result. The object may not be used afterwards.
  [[nodiscard]] Bytes finish();

 private:
  struct Free {
    void operator()(evp_md_ctx_st* context) const noexcept;
  };
  std::unique_ptr<evp_md_ctx_st, Free> context_;
};

}  // namespace sekisho::crypto
