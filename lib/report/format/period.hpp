// The period that a report covers.
#pragma once

#include "report/format/notes.hpp"

#include <chrono>
#include <optional>
#include <string_view>

namespace sekisho::report::format {

struct Period {
  std::chrono::sys_seconds begin;
  std::chrono::sys_seconds end;  ///< At or after `begin`.

  bool operator==(const Period&) const = default;
};

/// Returns the period from the ends in a report. A missing end, or the wrong order, adds a note
/// that names `element`.
[[nodiscard]] std::optional<Period> period_between(std::optional<std::chrono::sys_seconds> begin,
                                                   std::optional<std::chrono::sys_seconds> end,
                                                   std::string_view element, ReportNotes& notes);

/// Parses the date and time of RFC 3339 §5.6. Also accepts a fraction, which is dropped; no zone,
/// which means UTC (RFC 8460 §4.1); an offset without colon; a date alone; and 24:00:00 (RFC 8460
/// §4.1), which is the next midnight. Returns nullopt if there is no such time.
[[nodiscard]] std::optional<std::chrono::sys_seconds> parse_date_time(std::string_view text);

/// Parses seconds since 1970, as in aggregate reports; also with a fraction, in milliseconds, or in
/// a format of parse_date_time().
[[nodiscard]] std::optional<std::chrono::sys_seconds> parse_timestamp(std::string_view text);

}  // namespace sekisho::report::format
