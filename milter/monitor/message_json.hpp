// The facts of a message for programs.
#pragma once

#include "milter/monitor/message_facts.hpp"

#include <string>

namespace sekisho::milter {

/// The members of an object, without its braces, in US-ASCII; signatures are a list of objects.
/// Long values are cut; octets that are no UTF-8 become U+FFFD.
[[nodiscard]] std::string format_members(const MessageFacts& message);

}  // namespace sekisho::milter
