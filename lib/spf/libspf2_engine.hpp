// The second engine: libspf2, behind a guard. As it stands in Debian 12, the library gives wrong
// answers near every limit of RFC 7208 §4.6.4, and overruns its stack on texts that a sender may
// publish (CVE-2023-42118). So it sees only what our own parser has accepted and what is well
// below what it can hold, and explanations never; whatever else comes up in a request, our own
// engine answers the request.
#pragma once

#include "dns/lookups.hpp"
#include "spf/arguments.hpp"
#include "spf/check_host.hpp"
#include "spf/evaluation.hpp"

#include <optional>

namespace sekisho::spf {

/// Evaluates the record of `arguments.domain`. Nullopt: this request is not for libspf2. The
/// library can only wait for its answers, so this function blocks, until the deadline of the
/// look-ups at the longest: never call it on the network thread. Thread-safe, since every request
/// has a library object of its own.
[[nodiscard]] std::optional<Verdict> evaluate_by_libspf2(const dns::Lookups& lookups,
                                                         const Arguments& arguments,
                                                         const Options& options);

}  // namespace sekisho::spf
