// What one check makes of a message, before all of them together give a disposition.
#pragma once

#include "policy/disposition.hpp"
#include "policy/options.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace sekisho::policy {

/// What the sender is told.
struct Refusal {
  std::string code;      ///< "550"
  std::string enhanced;  ///< RFC 7372
  std::string what;      ///< What failed, for people: printable US-ASCII.
  std::string domain;    ///< Whose failure it is, in A-labels; may be empty.
};

struct Judgement {
  Action action = Action::accept;  ///< Of accept, what was found is only told.
  Step step;
  Refusal refusal;  ///< For reject and tempfail.
  findings::Overrides overrides;
  dmarc::Policy enforced = dmarc::Policy::none;  ///< See Disposition.
  bool is_remark = false;  ///< Changes nothing: a step for people who ask, no reason of anything.
};

/// The word of the configuration.
[[nodiscard]] std::string_view format_measure(Measure measure);
/// What a measure comes to. `option` is its name.
[[nodiscard]] Judgement take(Measure measure, const std::string& option, Step found,
                             Refusal refusal);

/// A name may have 253 octets, a reply should fit a line of a log: the end of a name is what tells.
[[nodiscard]] std::string shortened(const std::string& domain);

}  // namespace sekisho::policy
