// What the subcommands that read reports have in common.
#pragma once

#include "report/import/report_files.hpp"

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace sekisho::tools {

/// Oddities of reports, each with the number of reports in which it was met.
class ReportNotes {
 public:
  void add(const std::vector<report::format::ReportNote>& notes) {
    for (const report::format::ReportNote& note : notes) {
      ++counts_[note.text];
    }
  }
  [[nodiscard]] const std::map<std::string, std::uint64_t>& counts() const { return counts_; }

 private:
  std::map<std::string, std::uint64_t> counts_;
};

/// What is said of a report of which the end is missing.
inline constexpr const char* cut_report =
    "ends before the report does: the records up to there are counted";

/// On standard error, after the subcommand's name.
void complain_of_file(std::string_view subcommand, const std::string& file,
                      const std::string& problem);

}  // namespace sekisho::tools
