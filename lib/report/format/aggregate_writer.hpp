// Writes aggregate reports in XML, in the form of RFC 9990, or of RFC 7489 for receivers that
// require it.
#pragma once

#include "report/format/aggregate.hpp"

#include <functional>
#include <memory>
#include <string_view>

namespace sekisho::report::format {

class XmlWriter;

/// Writes elements in the order of the specification, piece by piece, so that memory does not grow
/// with the records. Values that a form lacks are left out or replaced: for RFC 7489, `pass`
/// becomes `none` and `policy_test_mode` becomes `other`; for RFC 9990, `forwarded` and
/// `sampled_out` become `other`, several errors become one text, and only the SPF result of mfrom
/// is written. All text is made printable().
class AggregateWriter {
 public:
  using Sink = std::function<void(std::string_view)>;

  /// Begins a report in the form `header.form`. Without a period in its metadata, or without domain
  /// and `p` in its policy, the report is well-formed, but not valid.
  AggregateWriter(const AggregateHeader& header, Sink sink);
  ~AggregateWriter();
  AggregateWriter(const AggregateWriter&) = delete;
  AggregateWriter& operator=(const AggregateWriter&) = delete;

  /// A valid report has at least one record (RFC 9990 §3.1.1.2).
  void record(const AggregateRecord& record);
  /// Call once, after the last record.
  void finish();

 private:
  std::unique_ptr<XmlWriter> xml_;
  Form form_;
};

}  // namespace sekisho::report::format
