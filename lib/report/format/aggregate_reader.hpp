// Reads aggregate reports in XML (RFC 9990 §3.1.1, RFC 7489 appendix C), as the specifications
// have them and as large senders write them.
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
  std::uint64_t records = 0;      ///< Handed out.
  std::vector<ReportNote> notes;  ///< What was missing, wrong, mended or left out.
  bool is_cut = false;            ///< The document ends before the report does: there were more.
};

/// Hands out the records as they are read, so that memory does not grow with them. The order of
/// elements does not matter; those of other namespaces and those unknown are passed over; empty
/// ones count as absent; of two report_metadata or policy_published the first counts. A
/// record without an address or without a count is left out, and so is one that is cut off. Text is
/// printable(). Where the result is an error, the records handed out are those of a report that
/// ends amiss: whoever keeps them should think twice.
[[nodiscard]] std::expected<AggregateReading, std::string> read_aggregate(
    const ByteSource& source, const AggregateLimits& limits,
    const std::function<void(AggregateRecord)>& on_record);

}  // namespace sekisho::report::format
