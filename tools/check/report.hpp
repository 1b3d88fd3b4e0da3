// How `sekisho check` prints what was found.
#pragma once

#include "checkpoint/verdict.hpp"
#include "findings/findings.hpp"
#include "policy/disposition.hpp"

#include <optional>
#include <string>
#include <vector>

namespace sekisho::tools {

struct CheckReport {
  findings::Findings findings;
  std::optional<policy::Disposition> disposition;  ///< Nullopt: there was no message to dispose of.
  std::string authentication_results;  ///< Value of the field, without its leading blank, with LF
                                       ///< at its folds.
  std::vector<std::string> notes;      ///< On the reading of the message.
  std::vector<checkpoint::ExplainedLookup> lookups;  ///< Where they were asked for.
};

/// One JSON object with the keys that sekisho(1) documents, and a line end.
[[nodiscard]] std::string format_json(const CheckReport& report);

/// The way to the disposition, with the options, rules and sections of RFCs that led there, and the
/// look-ups in the order of asking with their times.
[[nodiscard]] std::string format_explanation(const CheckReport& report);

/// For a person: one line a finding, and for a failure the reason and what to do about it.
[[nodiscard]] std::string format_text(const CheckReport& report, bool colour);

}  // namespace sekisho::tools
