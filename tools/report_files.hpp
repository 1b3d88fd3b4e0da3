// The files that subcommands read reports from.
#pragma once

#include "report/aggregate.hpp"
#include "report/store/received.hpp"
#include "report/unpack/unpack.hpp"

#include <cstddef>
#include <expected>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace sekisho::tools {

struct ReportFileEvents {
  std::function<void(std::size_t number, std::size_t all)> on_file;  ///< Before each, from 1.
  std::function<void(const report::Document&)> on_document;
  /// What cannot be read; the rest is.
  std::function<void(const std::string& file, const std::string& problem)> on_problem;
  std::function<void(const std::string& file)> on_other_mail;  ///< Without a report in it.
};

/// Files, Maildirs, folders, and `-` for standard input, in this order.
void read_report_files(const std::vector<std::string>& paths, const ReportFileEvents& events);

/// An aggregate report, all of it.
struct WholeReport {
  report::AggregateHeader header;
  report::ReceivedRecords records;
};

/// The error says what is wrong with it.
[[nodiscard]] std::expected<WholeReport, std::string> read_whole_report(
    const report::Document& document);

/// On standard error, after the subcommand's name.
void complain_of_file(std::string_view subcommand, const std::string& file,
                      const std::string& problem);

}  // namespace sekisho::tools
