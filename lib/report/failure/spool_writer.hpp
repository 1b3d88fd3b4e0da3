// Takes messages that are to be reported off the hands of whoever judges mail, and writes their
// reports into the spool.
#pragma once

#include "report/failure/failure_selection.hpp"
#include "report/failure/options.hpp"

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace sekisho::report::failure {

struct FailureJob {
  EvaluatedMessage message;
  std::vector<SelectedReport> wanted;
  FailureOptions options;
  std::string authserv_id;
};

/// What the reporter has to say; text is a line for the operator. Called on its thread.
struct FailureLog {
  std::function<void(std::string_view)> info;
  std::function<void(std::string_view)> warning;
};

/// One thread, which begins with the first message. Thread-safe.
class SpoolWriter {
 public:
  /// Messages that wait at most; those beyond get no report.
  static constexpr std::size_t max_waiting = 100;

  explicit SpoolWriter(FailureLog log);
  SpoolWriter(const SpoolWriter&) = delete;
  SpoolWriter& operator=(const SpoolWriter&) = delete;
  /// Drops what still waits.
  ~SpoolWriter();

  /// Never waits. Of a header section that is larger than a report may be, the end is dropped.
  void put(FailureJob job);
  /// Waits until nothing is left to be done, at most so long; false: something was.
  [[nodiscard]] bool finish(std::chrono::milliseconds time);

 private:
  class Worker;
  std::unique_ptr<Worker> worker_;
};

}  // namespace sekisho::report::failure
