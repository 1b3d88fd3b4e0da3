// The proof that an Authentication-Results field is ours and belongs to this message: a keyed hash
// (RFC 2104) in a field beside it, which readers of RFC 8601 pass over.
#pragma once

#include "keys/proof_keys.hpp"
#include "mail/author.hpp"
#include "mail/header_field.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace sekisho::authres {

inline constexpr std::string_view proof_field_name = "Sekisho-Proof";

/// What stays of a message whatever a list, a filter or a forwarder makes of it.
struct MessageIdentity {
  std::string author;  ///< The addresses in From, or, where they cannot be read, From as it stands.
  std::string id;      ///< Message-ID, or Date where it has none; empty: it has neither.
};

[[nodiscard]] MessageIdentity identify(const mail::HeaderSection& header,
                                       const mail::Author& author);

/// The field that proves `results`, the value of our Authentication-Results for this message;
/// empty: it has none. `began_here` is proved with it: that the message is one of ours. Nullopt:
/// the message has nothing that could be recognized later.
[[nodiscard]] std::optional<mail::HeaderField> prove(std::string_view results,
                                                     const MessageIdentity& message,
                                                     bool began_here, const keys::ProofKeys& keys,
                                                     std::chrono::sys_seconds now);

struct Proof {
  bool same_author = false;  ///< From is as it was when the proof was made.
  bool began_here = false;   ///< As prove() was told.
};

/// Whether `proof`, the value of a Sekisho-Proof field, shows that we wrote `results` about this
/// message, in any relaxed form of the field (RFC 6376 §3.4.2). Nullopt: it does not, was made with
/// a key that is not in `keys`, or is older than `lifetime`. Hosts that share a key may differ by
/// five minutes in their clocks.
[[nodiscard]] std::optional<Proof> check_proof(std::string_view proof, std::string_view results,
                                               const MessageIdentity& message,
                                               const keys::ProofKeys& keys,
                                               std::chrono::sys_seconds now,
                                               std::chrono::seconds lifetime);

}  // namespace sekisho::authres
