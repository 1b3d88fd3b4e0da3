// A partially read aggregate report, and which element sets which member.
#pragma once

#include "report/format/aggregate.hpp"
#include "report/format/notes.hpp"

#include <chrono>
#include <optional>
#include <string_view>

namespace sekisho::report::format {

/// The header so far, and the current record.
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

/// Set the member for the text of an element, given by its path below `feedback` or
/// `feedback/record`. Unknown elements are ignored; invalid text adds a note.
void set_header_field(AggregateDraft& draft, std::string_view path, std::string_view text);
void set_record_field(AggregateDraft& draft, std::string_view path, std::string_view text);

}  // namespace sekisho::report::format
