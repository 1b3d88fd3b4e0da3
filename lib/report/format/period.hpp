// The time that a report speaks of.
#pragma once

#include "report/format/notes.hpp"

#include <chrono>
#include <optional>
#include <string_view>

namespace sekisho::report::format {

struct Period {
  std::chrono::sys_seconds begin;
  std::chrono::sys_seconds end;  ///< Not before `begin`.

  bool operator==(const Period&) const = default;
};

/// From the ends that a report gives. One that is missing, or the wrong order, leaves a note that
/// names `element`.
[[nodiscard]] std::optional<Period> period_between(std::optional<std::chrono::sys_seconds> begin,
                                                   std::optional<std::chrono::sys_seconds> end,
                                                   std::string_view element, ReportNotes& notes);

/// The date and time of RFC 3339 §5.6, also with a fraction, which is dropped; without a zone,
/// which is UTC then (RFC 8460 §4.1 has no other); with an offset without its colon; or a date
/// alone. 24:00:00, of which RFC 8460 §4.1 speaks, is the next midnight. Nullopt: no such time.
[[nodiscard]] std::optional<std::chrono::sys_seconds> parse_date_time(std::string_view text);

/// Seconds since 1970 as aggregate reports have them; also with a fraction, in milliseconds, or
/// what parse_date_time() takes.
[[nodiscard]] std::optional<std::chrono::sys_seconds> parse_timestamp(std::string_view text);

}  // namespace sekisho::report::format
