// What the log has of each message, for programs: message_line.hpp in JSON.
#pragma once

#include "checkpoint/verdict.hpp"

#include <chrono>
#include <string>

namespace sekisho::milter {

/// The members of an object, without its braces, in US-ASCII. Long values are cut; octets that are
/// no UTF-8 become U+FFFD.
[[nodiscard]] std::string format_message_members(const checkpoint::Verdict& verdict,
                                                 std::chrono::milliseconds waited);
/// The same of a recipient that is refused.
[[nodiscard]] std::string format_recipient_members(const checkpoint::Verdict& verdict,
                                                   std::chrono::milliseconds waited);

}  // namespace sekisho::milter
