// What came of a message's ARC chain (RFC 8617 §5.2, §7).
#pragma once

#include "arc/fault.hpp"
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

/// Whose seal it is (RFC 8617 §4.1.3).
struct SealIdentity {
  mail::Domain domain;   ///< d=
  std::string selector;  ///< s=

  bool operator==(const SealIdentity&) const = default;
};

struct ChainResult {
  ChainStatus status = ChainStatus::none;
  Fault fault = Fault::none;  ///< Why it fails.
  dkim::Fault signature_fault =
      dkim::Fault::none;        ///< The same of the signature that does not pass.
  std::string reason;           ///< The same for people.
  std::size_t sets = 0;         ///< Highest instance.
  std::size_t oldest_pass = 0;  ///< RFC 8617 §5.2 step 5, where the chain passes: 0 when every
                                ///< message signature does.
  std::vector<SealIdentity> sealers;  ///< From instance 1 on; as many as could be read.
  /// Where the chain passes, what stands behind `i=1;` in the first ARC-Authentication-Results: an
  /// authres-payload (RFC 8601 §2.2) if its sealer wrote one, which no validator checks (§3.4).
  std::string first_results;

  bool operator==(const ChainResult&) const = default;
};

}  // namespace sekisho::arc
