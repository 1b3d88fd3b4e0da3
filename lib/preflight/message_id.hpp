// The Message-ID field (RFC 5322 §3.6.4).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace sekisho::preflight {

enum class MessageIdFault : std::uint8_t {
  none,
  empty,     ///< Nothing, or `<>`.
  syntax,    ///< Not one `<left@right>`.
  obsolete,  ///< A form that readers take: a quoted left side, dots that stand anywhere.
};

struct MessageId {
  MessageIdFault fault = MessageIdFault::none;
  std::string right;  ///< Behind the `@`, as written.
};

[[nodiscard]] MessageId parse_message_id(std::string_view value);

}  // namespace sekisho::preflight
