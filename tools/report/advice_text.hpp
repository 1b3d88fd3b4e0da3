// How `sekisho report advise` prints what it has found.
#pragma once

#include "report/analysis/advice.hpp"

#include <string>

namespace sekisho::tools {

/// For a person.
[[nodiscard]] std::string format_advice_text(const report::analysis::DomainEvidence& evidence,
                                             const report::analysis::Advice& advice);
/// One JSON object with the keys that sekisho(1) documents, and a line end.
[[nodiscard]] std::string format_advice_json(const report::analysis::DomainEvidence& evidence,
                                             const report::analysis::Advice& advice);

}  // namespace sekisho::tools
