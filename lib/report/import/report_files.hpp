// Reads report files in a separate process and passes their reports on one by one.
#pragma once

#include "report/format/aggregate_reader.hpp"
#include "report/format/feedback_report.hpp"
#include "report/format/tls_report.hpp"
#include "report/import/reader_process.hpp"

#include <cstddef>
#include <string>
#include <vector>

namespace sekisho::report::import {

/// Receives what is found, in the order of the files.
class ReportSink {
 public:
  ReportSink() = default;
  ReportSink(const ReportSink&) = delete;
  ReportSink& operator=(const ReportSink&) = delete;
  virtual ~ReportSink() = default;

  /// Called before each file; numbers begin with 1.
  virtual void begin_file(std::size_t number, std::size_t all) = 0;
  /// A record of an aggregate report. The end of the report decides if it counts.
  virtual void add(format::AggregateRecord record) = 0;
  /// Ends a report: the records since the last end belong to it.
  virtual void end_aggregate(const std::string& name, const format::AggregateReading& reading) = 0;
  /// Drops the records since the last end: their report does not count.
  virtual void drop_records() = 0;
  virtual void add(const std::string& name, const format::TlsReading& reading) = 0;
  virtual void add(const format::FeedbackReport& report) = 0;
  virtual void add_other_mail(const std::string& name) = 0;
  /// A part that cannot be read; reading continues.
  virtual void add_problem(const std::string& name, const std::string& text) = 0;
};

/// Reads all paths. A path is a file, a folder or a Maildir (files_of()); `-` is standard input. A
/// file that crashes the process or exceeds its limits is a problem; in a mailbox only the message
/// is.
void read_reports(const std::vector<std::string>& paths, const ProcessLimits& limits,
                  ReportSink& sink);

}  // namespace sekisho::report::import
