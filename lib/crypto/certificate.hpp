// X.509 certificates (RFC 5280), as TLSA records speak of them.
#pragma once

#include "crypto/base64.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

struct x509_st;

namespace sekisho::crypto {

/// Immutable, cheap to copy, thread-safe.
class Certificate {
 public:
  /// Files beyond this are not read.
  static constexpr std::size_t max_octets = std::size_t{1024} * 1024;

  /// The first certificate of a PEM file, or one in DER.
  [[nodiscard]] static std::optional<Certificate> parse(std::string_view file);
  [[nodiscard]] static std::optional<Certificate> from_der(std::span<const std::uint8_t> der);

  [[nodiscard]] Bytes der() const;
  /// SubjectPublicKeyInfo in DER.
  [[nodiscard]] Bytes public_key_der() const;
  [[nodiscard]] std::chrono::sys_seconds not_before() const;
  [[nodiscard]] std::chrono::sys_seconds not_after() const;
  /// The DNS names of subjectAltName, at most a hundred.
  [[nodiscard]] std::vector<std::string> names() const;

 private:
  explicit Certificate(std::shared_ptr<x509_st> certificate)
      : certificate_(std::move(certificate)) {}
  std::shared_ptr<x509_st> certificate_;
};

}  // namespace sekisho::crypto
