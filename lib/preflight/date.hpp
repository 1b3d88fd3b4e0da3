// The Date field (RFC 5322 §3.3).
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string_view>

namespace sekisho::preflight {

enum class DateFault : std::uint8_t {
  none,
  obsolete,  ///< A form of RFC 5322 §4.3: zone `GMT`, a year of two digits.
  syntax,
  impossible,      ///< A day or time that does not exist.
  wrong_day_name,  ///< The day name is that of another day.
};
[[nodiscard]] std::string_view describe_date_fault(DateFault fault);

struct ParsedDate {
  DateFault fault = DateFault::syntax;
  std::optional<std::chrono::sys_seconds> time;  ///< Where it can be known.
};

/// The value of a Date field, comments and folds allowed.
[[nodiscard]] ParsedDate parse_date(std::string_view value);

}  // namespace sekisho::preflight
