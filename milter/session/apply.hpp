// A verdict in libmilter's words.
#pragma once

#include "checkpoint/verdict.hpp"
#include "milter/session/negotiation.hpp"

#include <array>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include <libmilter/mfapi.h>

namespace sekisho::milter {

/// Postfix cuts a field at 60,000 octets, and smfi_insheader() fails above 65,535. What this
/// program writes is far below; this is the last stop.
inline constexpr std::size_t max_inserted_octets = 60'000;
/// How many of the fields, from the first on, an MTA takes whole. What is above one that it does
/// not take may cover it (RFC 8617 §5.1), so none of them is to be added: a message that lacks
/// fields is not authenticated further on, one with half of them fails there.
[[nodiscard]] std::size_t count_insertable(const std::vector<mail::HeaderField>& fields);

/// Makes the edits, as far as count_insertable() lets, and gives what the callback for the end of
/// the message returns. Edits are possible in that callback alone; refusals at RCPT, too. Throws
/// std::runtime_error where libmilter refuses: half a verdict is none.
[[nodiscard]] sfsistat apply(SMFICTX* context, const checkpoint::Verdict& verdict,
                             const Dialect& dialect);

/// Sets the text of a refusal.
void set_reply(SMFICTX* context, const policy::Reply& reply);

inline constexpr std::size_t max_reply_lines = 10;
/// The lines of a reply, each as reply_text() has it; the rest is empty, and what is beyond is left
/// out.
[[nodiscard]] std::array<std::string, max_reply_lines> reply_lines(std::string_view text);
/// One line of printable US-ASCII, no longer than a reply may be (RFC 5321 §4.5.3.1.5): the reason
/// of a quarantine.
[[nodiscard]] std::string printable_line(std::string_view text);
/// A line of a reply as libmilter wants it: printable_line() with each `%` doubled.
[[nodiscard]] std::string reply_text(std::string_view text);
/// The value of a field to be inserted as the MTA wants it: folds as bare LF, the leading blank
/// only where the MTA does not add it.
[[nodiscard]] std::string inserted_value(std::string_view value, const Dialect& dialect);

}  // namespace sekisho::milter
