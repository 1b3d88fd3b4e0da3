// What a Received field shows of the way of a message: whether it came from outside of our
// networks.
#pragma once

#include "dns/network.hpp"

#include <span>
#include <string>
#include <string_view>

namespace sekisho::policy {

/// Whether `value`, of a Received field (RFC 5321 §4.4), shows that the message was received from a
/// client outside of `inside`. In doubt it does: a field that names a client without an address,
/// that is too long, or that cannot be read. A field without a "from" clause shows no client, nor
/// does one of a local delivery (LMTP, a unix socket, a user id). Loopback and link-local addresses
/// are always inside; what was fetched by POP or IMAP is always from outside.
///
/// An address that the client gave itself as its HELO name is passed over where the MTA's own word
/// stands beside it in the form of RFC 5321 §4.4, `from HELO (name [address])`. In any other form
/// one address that is outside is enough, and what the client chose never shows that it is inside.
[[nodiscard]] bool shows_outside_client(std::string_view value,
                                        std::span<const dns::Network> inside);

/// Whether the field shows that the client logged in (RFC 3848: ESMTPA, ESMTPSA) at a host that
/// calls itself one of `own_names`. Anybody can write such a field: it counts only where no host
/// outside had the message later.
[[nodiscard]] bool shows_login(std::string_view value, std::span<const std::string> own_names);

}  // namespace sekisho::policy
