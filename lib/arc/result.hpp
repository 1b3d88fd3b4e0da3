// What came of a message's ARC chain (RFC 8617 §5.2, §7).
#pragma once

#include "mail/domain.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sekisho::arc {

/// RFC 8617 §4.4 and RFC 8601: a chain has no other states. A DNS failure is `fail` with a reason
/// that says so.
enum class ChainStatus : std::uint8_t { none, pass, fail };
[[nodiscard]] std::string_view format_chain_status(ChainStatus status);

struct ChainResult {
  ChainStatus status = ChainStatus::none;
  std::string reason;           ///< For people: why it fails.
  std::size_t sets = 0;         ///< Highest instance.
  std::size_t oldest_pass = 0;  ///< RFC 8617 §5.2 step 5, where the chain passes: 0 when every
                                ///< message signature does.
  std::vector<mail::Domain>
      sealers;  ///< d= of the seals, from instance 1 on; as many as could be read.

  bool operator==(const ChainResult&) const = default;
};

}  // namespace sekisho::arc
