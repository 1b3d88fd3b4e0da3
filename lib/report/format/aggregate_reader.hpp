// Reads aggregate reports in XML (RFC 9990 §3.1.1, RFC 7489 appendix C), both valid ones and those
// of large senders.
#pragma once

#include "report/format/aggregate.hpp"
#include "report/format/byte_source.hpp"
#include "report/format/notes.hpp"
#include "report/format/xml_parser.hpp"

#include <cstddef>
#include <cstdint>
#include <expected>
#include <functional>
#include <string>
#include <vector>

namespace sekisho::report::format {

struct AggregateLimits {
  XmlLimits xml{.never_nested = "record"};
  std::uint64_t records = 1'000'000;
};

struct AggregateReading {
  AggregateHeader header;
  std::uint64_t records = 0;      ///< Passed to on_record.
  std::vector<ReportNote> notes;  ///< What was missing, invalid, repaired or left out.
  bool is_cut = false;            ///< The document is truncated: records may be missing.
};

/// Passes records on as they are read, so that memory does not grow with them. The order of
/// elements does not matter; unknown elements and those of other namespaces are ignored; empty ones
/// count as absent; of two report_metadata or policy_published the first counts. A record without
/// address or count, or a truncated one, is left out. Text is printable(). If the result is an
/// error, the records belong to an invalid report: the caller should drop them.
[[nodiscard]] std::expected<AggregateReading, std::string> read_aggregate(
    const ByteSource& source, const AggregateLimits& limits,
    const std::function<void(AggregateRecord)>& on_record);

}  // namespace sekisho::report::format
