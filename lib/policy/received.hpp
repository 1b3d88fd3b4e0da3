// What a Received field shows of the way of a message: whether it came from outside of our
// networks.
#pragma once

#include "dns/network.hpp"

#include <span>
#include <string_view>

namespace sekisho::policy {

/// Whether `value`, of a Received field (RFC 5321 §4.4), shows that the message was received from a
/// client outside of `inside`. In doubt it does: a field that names a client without an address,
/// that is too long, or that cannot be read. A field without a "from" clause shows no client, nor
/// does one of a local delivery (LMTP, a unix socket, a user id). Loopback is always inside.
///
/// An address that the client gave itself as its HELO name is passed over where the MTA's own word
/// stands beside it in the form of RFC 5321 §4.4, `from HELO (name [address])`; in any other form
/// one address that is outside is enough.
[[nodiscard]] bool shows_outside_client(std::string_view value,
                                        std::span<const dns::Network> inside);

}  // namespace sekisho::policy
