// A result that a mechanism is still working on.
#pragma once

#include "dns/task.hpp"

#include <exception>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace sekisho::checkpoint {

/// Holds the task until its result is wanted, and then the result. Not thread-safe.
template <typename T>
class PendingResult {
 public:
  PendingResult() = default;
  explicit PendingResult(dns::Task<T> task) : task_(std::move(task)) {}

  /// Waits for the result where it is not there yet. Nullopt: nothing was started, or the mechanism
  /// threw; then `faults` gets a line that begins with `name`, for a fault in one mechanism costs
  /// that mechanism alone.
  const std::optional<T>& collect(const std::string& name, std::vector<std::string>& faults) {
    if (task_) {
      try {
        result_ = task_->get();
      } catch (const std::exception& error) {
        faults.push_back(name + ": " + error.what());
      }
      task_.reset();
    }
    return result_;
  }

 private:
  std::optional<dns::Task<T>> task_;
  std::optional<T> result_;
};

}  // namespace sekisho::checkpoint
