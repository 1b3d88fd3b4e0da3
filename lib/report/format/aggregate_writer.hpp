// Writes aggregate reports in XML: RFC 9990's form, or RFC 7489's for receivers that still want it.
#pragma once

#include "report/format/aggregate.hpp"

#include <functional>
#include <memory>
#include <string_view>

namespace sekisho::report::format {

class XmlWriter;

/// Writes in the order of the specification's tables, piece by piece, so that memory does not grow
/// with the records. What a form has no place for is left out or said in its words: for RFC 7489,
/// `pass` becomes `none` and `policy_test_mode` becomes `other`; for RFC 9990, `forwarded` and
/// `sampled_out` become `other`, of several errors one text is made, and of SPF results only that
/// of mfrom stays. All text is made printable().
class AggregateWriter {
 public:
  using Sink = std::function<void(std::string_view)>;

  /// Begins the report that `header.form` names. Its metadata should have a period, its policy a
  /// domain and a `p`; where they are missing the report is not valid, but well-formed.
  AggregateWriter(const AggregateHeader& header, Sink sink);
  ~AggregateWriter();
  AggregateWriter(const AggregateWriter&) = delete;
  AggregateWriter& operator=(const AggregateWriter&) = delete;

  /// A valid report has one record at least (RFC 9990 §3.1.1.2).
  void record(const AggregateRecord& record);
  /// To be called once, after the last record.
  void finish();

 private:
  std::unique_ptr<XmlWriter> xml_;
  Form form_;
};

}  // namespace sekisho::report::format
