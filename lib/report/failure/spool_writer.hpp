// Accepts messages to be reported from the daemon, and writes their reports into the spool on its
// own thread.
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

/// Log lines for the operator. Called on the thread of the writer.
struct FailureLog {
  std::function<void(std::string_view)> info;
  std::function<void(std::string_view)> warning;
};

/// One thread, which starts with the first message. Thread-safe.
class SpoolWriter {
 public:
  /// Limit of waiting messages; more get no report.
  static constexpr std::size_t max_waiting = 100;

  explicit SpoolWriter(FailureLog log);
  SpoolWriter(const SpoolWriter&) = delete;
  SpoolWriter& operator=(const SpoolWriter&) = delete;
  /// Drops waiting messages.
  ~SpoolWriter();

  /// Never waits. Cuts a header section that is larger than a report may be.
  void put(FailureJob job);
  /// Waits until all work is done, at most `time`. Returns false if some is left.
  [[nodiscard]] bool finish(std::chrono::milliseconds time);

 private:
  class Worker;
  std::unique_ptr<Worker> worker_;
};

}  // namespace sekisho::report::failure
