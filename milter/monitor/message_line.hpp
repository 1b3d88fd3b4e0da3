// The facts of a message as one line of the log.
#pragma once

#include "milter/monitor/message_facts.hpp"

#include <string>
#include <string_view>

namespace sekisho::milter {

/// `QUEUE-ID: key=value …`; each signature is `dkim=RESULT d=… s=…`, and `dkim=none` stands for no
/// signature.
[[nodiscard]] std::string format_line(const MessageFacts& message);

/// A value from outside: it stands for itself, or in quotes where it has anything but printable
/// US-ASCII, or quotes; what is not is escaped (`\"`, `\\`, `\xHH`), blanks, too, so that no
/// ` key=value` can stand in it. Cut, with `...`, where it is long.
[[nodiscard]] std::string escape_value(std::string_view value);
/// Words of ours: the same, but blanks stay as they are.
[[nodiscard]] std::string quote_text(std::string_view text);

}  // namespace sekisho::milter
