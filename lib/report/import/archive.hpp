// Reads the members of a gzip, zip or tar file with libarchive; any other file counts as one
// member.
#pragma once

#include "report/format/byte_source.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <expected>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace sekisho::report::import {

/// Limits what is extracted from one file, including nested archives (RFC 9990 §8.1).
class ExpansionBudget {
 public:
  /// Reports compress to a twentieth, rarely to a sixtieth; an archive bomb to a thousandth. Small
  /// files may expand further.
  static constexpr std::uint64_t max_ratio = 100;
  static constexpr std::uint64_t free_octets = std::uint64_t{16} << 20U;
  /// The limit for files of any size, so that one file costs seconds at most.
  static constexpr std::uint64_t max_octets = std::uint64_t{512} << 20U;
  static constexpr std::size_t max_members = 1'000;

  explicit ExpansionBudget(std::uint64_t packed_octets)
      : octets_(packed_octets < max_octets / max_ratio
                    ? std::min(max_octets, free_octets + packed_octets * max_ratio)
                    : max_octets) {}

  [[nodiscard]] bool spend(std::uint64_t octets) {
    const bool enough = octets <= octets_;
    octets_ -= enough ? octets : octets_;
    return enough;
  }
  [[nodiscard]] bool spend_member() { return members_++ < max_members; }

 private:
  std::uint64_t octets_;
  std::size_t members_ = 0;
};

class Archive {
 public:
  struct Member {
    std::string name;           ///< printable(); "" if it has none.
    format::ByteSource octets;  ///< Read it before calling next() again.
  };

  /// Reads a seekable file from its beginning, or `octets`. All arguments outlive the archive.
  Archive(int descriptor, ExpansionBudget& budget);
  Archive(std::string_view octets, ExpansionBudget& budget);
  ~Archive();
  Archive(const Archive&) = delete;
  Archive& operator=(const Archive&) = delete;

  /// Returns nullopt at the end. After an error there are no more members. An error while reading a
  /// member concerns only that member, if the archive continues after it.
  [[nodiscard]] std::expected<std::optional<Member>, std::string> next();

 private:
  class Handle;
  std::unique_ptr<Handle> handle_;
};

}  // namespace sekisho::report::import
