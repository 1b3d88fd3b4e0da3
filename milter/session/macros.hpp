// The macros of the MTA: which are asked for, and what they say.
#pragma once

#include "tls/connection.hpp"

#include <string>

#include <libmilter/mfapi.h>

namespace sekisho::milter {

/// Asks for no macros but those that are read, where the MTA lets a milter choose.
void ask_for_macros(SMFICTX* context);

/// Returns "" for one that the MTA has not sent.
[[nodiscard]] std::string macro(SMFICTX* context, std::string name);

/// Returns the macro's value, which is gone then. libmilter keeps a macro until the MTA sends
/// another value of it, and one with nothing to say sends none: what was true of one message, or
/// one client, would be told of the next.
[[nodiscard]] std::string take_macro(SMFICTX* context, std::string name);

/// Returns what the MTA says of TLS since it was last asked for; gone then.
[[nodiscard]] tls::Connection take_tls(SMFICTX* context);

/// Another client may follow on the same connection (SMFIC_QUIT_NC).
void forget_macros(SMFICTX* context);

}  // namespace sekisho::milter
