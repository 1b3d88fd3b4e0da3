// The two signatures of an ARC set, read from their tags (RFC 8617 §4.1.2, §4.1.3).
#pragma once

#include "arc/result.hpp"
#include "dkim/signature.hpp"

#include <cstddef>
#include <optional>
#include <string_view>

namespace sekisho::arc {

/// The value of an ARC-Message-Signature. It is a DKIM-Signature but for v= and i=, so h= must name
/// From. It must not name ARC-Seal. RFC 8617 §4.1.2 forbids sealers to name the other ARC fields
/// and Authentication-Results too, yet chains that do so are deployed, and it harms nobody else.
[[nodiscard]] dkim::ParsedSignature parse_message_signature(std::string_view value,
                                                            std::size_t max_signed_names);

struct Seal {
  dkim::ParsedSignature parsed;             ///< Without what only a message signature has.
  std::optional<ChainStatus> chain_status;  ///< cv=; nullopt: missing or no known word.
};

/// The value of an ARC-Seal. One with h= is a failure; other tags that are not a seal's are
/// ignored (RFC 6376 §3.2).
[[nodiscard]] Seal parse_seal(std::string_view value);

}  // namespace sekisho::arc
