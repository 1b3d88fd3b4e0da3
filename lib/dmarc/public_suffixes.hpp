// The public suffix list, for RFC 7489's way to the organizational domain (RFC 7489 §3.2).
#pragma once

#include "mail/domain.hpp"

#include <expected>
#include <memory>
#include <string>

namespace sekisho::dmarc {

/// Immutable; any thread may read it.
class PublicSuffixes {
 public:
  /// The list built into libpsl.
  PublicSuffixes();
  /// From a file, in text or DAFSA form; empty: the newest of the system's file and the built-in
  /// list. The error names the file.
  [[nodiscard]] static std::expected<PublicSuffixes, std::string> load(const std::string& path);

  PublicSuffixes(const PublicSuffixes&) = delete;
  PublicSuffixes& operator=(const PublicSuffixes&) = delete;
  PublicSuffixes(PublicSuffixes&&) noexcept;
  PublicSuffixes& operator=(PublicSuffixes&&) noexcept;
  ~PublicSuffixes();

  /// One label below the longest public suffix; a public suffix itself has none below and is its
  /// own.
  [[nodiscard]] mail::Domain organizational_domain(const mail::Domain& domain) const;

 private:
  struct List;
  explicit PublicSuffixes(std::unique_ptr<const List> list);
  std::unique_ptr<const List> list_;
};

}  // namespace sekisho::dmarc
