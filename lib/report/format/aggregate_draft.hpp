// An aggregate report while it is read: which element fills which field.
#pragma once

#include "report/format/aggregate.hpp"
#include "report/format/notes.hpp"

#include <chrono>
#include <optional>
#include <string_view>

namespace sekisho::report::format {

/// What has been read so far: the header, and the record that is open.
struct AggregateDraft {
  AggregateHeader header;
  std::optional<std::chrono::sys_seconds> begin;
  std::optional<std::chrono::sys_seconds> end;

  AggregateRecord record;
  bool has_source = false;
  bool has_count = false;
  OverrideReason reason;
  bool has_reason = false;
  DkimAuthResult dkim;
  SpfAuthResult spf;

  ReportNotes notes;
};

/// Takes the text of an element: its path below `feedback`, or below `feedback/record`. What is not
/// known is passed over; text that is not what it should be leaves a note.
void set_header_field(AggregateDraft& draft, std::string_view path, std::string_view text);
void set_record_field(AggregateDraft& draft, std::string_view path, std::string_view text);

}  // namespace sekisho::report::format
