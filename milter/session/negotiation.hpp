// What milter and MTA agree on at the start of a connection: which steps are sent, which are
// answered, and how header fields look.
#pragma once

#include <expected>
#include <string>

namespace sekisho::milter {

/// Two sets of flags as libmilter has them: what may be done to a message (SMFIF_*), and the steps
/// of the protocol (SMFIP_*).
struct Terms {
  unsigned long actions = 0;
  unsigned long steps = 0;

  bool operator==(const Terms&) const = default;
};

/// How this MTA speaks, where MTAs differ. The values here are those of protocol version 6.
struct Dialect {
  /// Header values keep what stands after the colon (SMFIP_HDR_LEADSPC), both ways. Without, the
  /// MTA drops one blank, and adds one to what is inserted.
  bool leading_blank = true;
  bool skip = true;                 ///< The MTA can be told to send no more of the body.
  bool answers_recipients = false;  ///< It waits for what we say to RCPT.
};

struct Agreement {
  Terms wanted;
  Dialect dialect;
};

/// Asks for exactly what is needed of what is offered; `answers_recipients`: whether RCPT may be
/// refused. An error says what the MTA lacks.
[[nodiscard]] std::expected<Agreement, std::string> negotiate(const Terms& offered,
                                                              bool answers_recipients);

}  // namespace sekisho::milter
