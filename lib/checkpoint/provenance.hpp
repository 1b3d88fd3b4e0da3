// Whether a message of a client of ours was outside before, and whether our verdict of then is
// proved: what decides if it may be signed or sealed as ours.
#pragma once

#include "authres/proof.hpp"
#include "checkpoint/earlier_results.hpp"
#include "checkpoint/services.hpp"
#include "checkpoint/verdict.hpp"
#include "findings/findings.hpp"
#include "mail/header_field.hpp"

#include <cstdint>
#include <optional>
#include <vector>

namespace sekisho::checkpoint {

enum class Trace : std::uint8_t {
  none,      ///< Nothing shows that it was outside: it began here.
  proved,    ///< It was here before, and what we found then is proved.
  unproved,  ///< It was outside, or claims that we saw it, and nothing proves what we found.
};

struct Provenance {
  Trace trace = Trace::none;
  std::optional<EarlierResults> earlier;    ///< Of a message that came from outside; proved.
  std::vector<FieldRemoval> proved_fields;  ///< Our own fields, by ordinal: they stay.
};

/// Reads the traces of a message that a client of ours hands in (findings::is_ours()). The header
/// must be whole.
///
/// A verdict of ours counts where its Sekisho-Proof holds for this message and no host outside has
/// had the message since: above our field no Received field shows one. A From field that was
/// rewritten since then is a list's, which answers for what it sends: it counts where we have keys
/// for the new author.
///
/// Mail of our own users has a proof without results from its first visit: it began here, from
/// wherever they sent it.
///
/// Traces without proof are: a field that claims our authserv-id, a Sekisho-Proof, and, in mail
/// without a login (Origin::internal), a Received field that shows a client outside of our
/// networks. The newest of these may be of a user of ours who logged in at this host: then it is no
/// trace, and a stranger cannot put one above that of his own hop.
[[nodiscard]] Provenance find_provenance(const mail::HeaderSection& header,
                                         const findings::Findings& findings,
                                         const Services& services);

/// The origin of a message of an internal host once its trace is known; other origins stay.
[[nodiscard]] findings::Origin origin_by_trace(findings::Origin origin, Trace trace);

}  // namespace sekisho::checkpoint
