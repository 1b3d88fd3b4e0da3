// What to do with a message and why (RFC 9989 §7.4 in its sense of "disposition").
#pragma once

#include "dmarc/record.hpp"
#include "findings/findings.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sekisho::policy {

enum class Action : std::uint8_t { accept, reject, tempfail, quarantine, discard };
[[nodiscard]] std::string_view format_action(Action action);

/// The SMTP reply of a refusal (RFC 5321 §4.2, RFC 3463, RFC 7372). Empty `code`: none.
struct Reply {
  std::string code;      ///< "550"
  std::string enhanced;  ///< "5.7.26"
  std::string text;      ///< US-ASCII without controls, but for LF between its lines.

  bool operator==(const Reply&) const = default;
};

/// One thing that the policy had to say on the way to a disposition, for people.
struct Step {
  std::string decided;  ///< The rule or option: "policy.on_reject = reject".
  std::string found;    ///< On what.
  std::string section;  ///< Where it is written: "RFC 9989 §7.4"; empty: nowhere but here.

  bool operator==(const Step&) const = default;
};

struct Disposition {
  Action action = Action::accept;
  Reply reply;         ///< For reject and tempfail.
  std::string reason;  ///< For people, in log and quarantine: which option decided and on what.
  /// What a dry run keeps from being done; the reason has it as "would ...".
  std::optional<Action> withheld;
  /// What of the author's policy was acted upon where DMARC failed, marking included.
  dmarc::Policy enforced = dmarc::Policy::none;
  /// Why a DMARC failure has not the outcome that its author's policy asks for; of SPF and of the
  /// client's name, where a rule outweighs the option that would refuse or hold for them.
  findings::Overrides overrides;
  std::vector<Step> path;  ///< All that had something to say, in order.

  bool operator==(const Disposition&) const = default;
};

}  // namespace sekisho::policy
