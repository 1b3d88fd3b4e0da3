// What to do with a message and why (RFC 9989 §7.4 in its sense of "disposition").
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace sekisho::policy {

enum class Action : std::uint8_t { accept, reject, tempfail, quarantine, discard };
[[nodiscard]] std::string_view format_action(Action action);

/// The SMTP reply of a refusal (RFC 5321 §4.2, RFC 3463, RFC 7372). Empty `code`: none.
struct Reply {
  std::string code;      ///< "550"
  std::string enhanced;  ///< "5.7.26"
  std::string text;      ///< US-ASCII, no controls, no `%`.

  bool operator==(const Reply&) const = default;
};

struct Disposition {
  Action action = Action::accept;
  Reply reply;         ///< For reject and tempfail.
  std::string reason;  ///< For people, in log and quarantine: which option decided and on what.

  bool operator==(const Disposition&) const = default;
};

}  // namespace sekisho::policy
