// The files of test/data/report, and reading them.
#pragma once

#include "report/format/aggregate_reader.hpp"

#include <fstream>
#include <iterator>
#include <string>
#include <string_view>
#include <vector>

namespace sekisho::report {

inline std::string path_of(const std::string& name) {
  return std::string(SEKISHO_TEST_DATA "/report/") + name;
}

inline std::string text_of(const std::string& name) {
  std::ifstream file(path_of(name), std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

struct WholeReport {
  format::AggregateReading reading;
  std::vector<format::AggregateRecord> records;
};

inline std::expected<WholeReport, std::string> read_whole(
    std::string_view text, const format::AggregateLimits& limits = {}) {
  WholeReport report;
  auto reading = format::read_aggregate(
      format::source_of(text), limits,
      [&](format::AggregateRecord record) { report.records.push_back(std::move(record)); });
  if (!reading) {
    return std::unexpected(reading.error());
  }
  report.reading = *std::move(reading);
  return report;
}

}  // namespace sekisho::report
