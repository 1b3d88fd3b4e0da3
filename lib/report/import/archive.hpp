// What a gzip, zip or tar file holds, through libarchive; a file that is none counts as one member.
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

/// How much may come out of one file, whatever archives lie in one another there (RFC 9990 §8.1).
class ExpansionBudget {
 public:
  /// Reports shrink to a twentieth, seldom to a sixtieth, and a bomb to a thousandth. Small files
  /// may grow as they like.
  static constexpr std::uint64_t max_ratio = 100;
  static constexpr std::uint64_t free_octets = std::uint64_t{16} << 20U;
  /// However large the file is: what one file costs stays within seconds.
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
    std::string name;           ///< printable(); "" where it has none.
    format::ByteSource octets;  ///< To be read before the next member is asked for.
  };

  /// A seekable file from its beginning, or octets that outlive the archive. The file and the
  /// budget outlive it too.
  Archive(int descriptor, ExpansionBudget& budget);
  Archive(std::string_view octets, ExpansionBudget& budget);
  ~Archive();
  Archive(const Archive&) = delete;
  Archive& operator=(const Archive&) = delete;

  /// Nullopt at the end. After an error there is nothing more; one of reading a member is the
  /// member's alone, where the archive goes on behind it.
  [[nodiscard]] std::expected<std::optional<Member>, std::string> next();

 private:
  class Handle;
  std::unique_ptr<Handle> handle_;
};

}  // namespace sekisho::report::import
