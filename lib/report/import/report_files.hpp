// Files of reports, read in a process of their own: what is in them, told one after the other.
#pragma once

#include "report/format/aggregate_reader.hpp"
#include "report/format/feedback_report.hpp"
#include "report/format/tls_report.hpp"
#include "report/import/reader_process.hpp"

#include <cstddef>
#include <string>
#include <vector>

namespace sekisho::report::import {

/// Who is told of what is found, in the order of the files.
class ReportSink {
 public:
  ReportSink() = default;
  ReportSink(const ReportSink&) = delete;
  ReportSink& operator=(const ReportSink&) = delete;
  virtual ~ReportSink() = default;

  /// Before each, from 1.
  virtual void begin_file(std::size_t number, std::size_t all) = 0;
  /// A record of an aggregate report. Whether it counts is known at the report's end.
  virtual void add(format::AggregateRecord record) = 0;
  /// The records since the last end are those of a report.
  virtual void end_aggregate(const std::string& name, const format::AggregateReading& reading) = 0;
  /// They are of a report that is not to be counted.
  virtual void drop_records() = 0;
  virtual void add(const std::string& name, const format::TlsReading& reading) = 0;
  virtual void add(const format::FeedbackReport& report) = 0;
  virtual void add_other_mail(const std::string& name) = 0;
  /// Something cannot be read; the rest is.
  virtual void add_problem(const std::string& name, const std::string& text) = 0;
};

/// Reads them all. A path is a file, a folder or a Maildir (files_of()); `-` is standard input. A
/// file whose reading ends the process, or takes more than the limits, is a problem; of a mailbox
/// it is the mail alone.
void read_reports(const std::vector<std::string>& paths, const ProcessLimits& limits,
                  ReportSink& sink);

}  // namespace sekisho::report::import
