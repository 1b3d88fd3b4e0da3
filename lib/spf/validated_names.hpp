// The client's names that point back to it (RFC 7208 §5.5), for `ptr` and the macro `p`.
#pragma once

#include "dns/task.hpp"
#include "spf/inquiry.hpp"

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace sekisho::spf {

struct ValidatedNames {
  std::vector<std::string> names;
  bool is_void = false;  ///< There is no PTR record.

  /// Whether one of them is `domain` or lies below it.
  [[nodiscard]] bool has_name_within(std::string_view domain) const;
  /// RFC 7208 §7.3: `domain` itself, else a name below it, else any, else `unknown`.
  [[nodiscard]] std::string best_for(std::string_view domain) const;
};

/// Asks for the PTR records and then, all at once, for the addresses of the first ten names. An
/// error on the way leaves a name out, or all of them.
[[nodiscard]] dns::Task<ValidatedNames> validate_names(std::shared_ptr<Inquirer> inquirer);

}  // namespace sekisho::spf
