// The evaluator of check_host() (RFC 7208 §4 to §6) on our own DNS.
#pragma once

#include "dns/lookups.hpp"
#include "dns/task.hpp"
#include "spf/arguments.hpp"
#include "spf/check_host.hpp"
#include "spf/result.hpp"

#include <string>
#include <vector>

namespace sekisho::spf {

/// What either engine found: the part of a Result that depends on the record.
struct Verdict {
  ResultCode code = ResultCode::neutral;
  std::string mechanism;
  std::string explanation;
  std::string reason;
  Fault fault = Fault::none;
  std::vector<UsedRecord> records;  ///< As Result has them.
};

/// Evaluates the record of `arguments.domain`. While an answer is missing, what the rest of the
/// record will need is asked for too, within the limits of RFC 7208 §4.6.4.
[[nodiscard]] dns::Task<Verdict> evaluate(dns::Lookups lookups, Arguments arguments,
                                          Options options);

}  // namespace sekisho::spf
