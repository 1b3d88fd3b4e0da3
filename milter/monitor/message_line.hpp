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

/// A value from outside: it stands for itself, or in quotes where it has anything but printable
/// US-ASCII, or quotes; what is not is escaped (`\"`, `\\`, `\xHH`), blanks, too, so that no
/// ` key=value` can stand in it. Cut, with `...`, where it is long.
[[nodiscard]] std::string escape_value(std::string_view value);
/// Words of ours: the same, but blanks stay as they are.
[[nodiscard]] std::string quote_text(std::string_view text);

}  // namespace sekisho::milter
