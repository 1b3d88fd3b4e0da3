// The one line that the log has of each message.
#pragma once

#include "checkpoint/verdict.hpp"

#include <chrono>
#include <string>
#include <string_view>

namespace sekisho::milter {

/// `QUEUE-ID: key=value …`: client, helo, from, the results with their domains, action, reason, and
/// `ms`, the time for which the MTA waited at the end of the message. Mechanisms that did not run
/// are left out.
[[nodiscard]] std::string format_message_line(const checkpoint::Verdict& verdict,
                                              std::chrono::milliseconds waited);

/// The same of a recipient that is refused: client, helo, from, rcpt, what was looked at, action,
/// reason, ms.
[[nodiscard]] std::string format_recipient_line(const checkpoint::Verdict& verdict,
                                                std::chrono::milliseconds waited);

/// A value that stands for itself, or in quotes where it has blanks, quotes or anything but
/// printable US-ASCII; those are escaped (`\"`, `\\`, `\xHH`). Cut, with `...`, where it is long.
[[nodiscard]] std::string escape_value(std::string_view value);

}  // namespace sekisho::milter
