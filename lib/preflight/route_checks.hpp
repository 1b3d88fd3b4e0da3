// Findings about a message's way: SPF, DMARC, reverse names, envelope.
#pragma once

#include "preflight/finding.hpp"
#include "preflight/kind.hpp"
#include "preflight/receivers.hpp"
#include "preflight/route.hpp"
#include "preflight/signature_checks.hpp"

#include <optional>
#include <span>
#include <string>
#include <vector>

namespace sekisho::preflight {

struct RouteContext {
  const mail::Author& author;
  const Envelope& envelope;
  /// The path without angle brackets; nullopt: nobody can tell.
  const std::optional<std::string>& sender;
  std::span<const JudgedSignature> signatures;
  Kind kind = Kind::personal;
  bool is_automatic = false;
  bool is_bulk_sender = false;
  /// The message shows that it comes from a list or forwarder, so that its author need not be ours.
  bool is_indirect = false;
  std::optional<bool> has_own_key;   ///< We sign for the author's domain; nullopt: not known.
  std::optional<bool> next_hop_tls;  ///< Our mail server will try TLS; nullopt: not known.
};

/// What SPF, DKIM and DMARC come to, as far as it is known.
enum class Tristate : std::uint8_t { no, yes, unknown };
[[nodiscard]] Tristate dkim_passes(std::span<const JudgedSignature> signatures);
/// For every address; unknown where none is given.
[[nodiscard]] Tristate spf_passes(const RouteResult& route, const Envelope& envelope,
                                  const std::optional<std::string>& sender);

/// Returns true if an author of this domain is a customer of a provider that lets nobody else write
/// in its name.
[[nodiscard]] bool is_freemail(const ReceiverRules& rules, const mail::Domain& domain);

void check_route(const RouteResult& route, const RouteContext& context, const ReceiverRules& rules,
                 std::vector<Finding>& findings);

}  // namespace sekisho::preflight
