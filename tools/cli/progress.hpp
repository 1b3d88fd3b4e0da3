// One line on a terminal that tells how far long work is.
#pragma once

#include <chrono>
#include <string_view>

namespace sekisho::tools {

/// Writes to standard error, at most a few times a second, and only where that is a terminal. The
/// line is gone when the object is.
class Progress {
 public:
  Progress();
  ~Progress();
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  /// Whether it is time for another line; ask before making one.
  [[nodiscard]] bool is_due() const;
  void show(std::string_view line);
  /// Before anything else is written to the terminal.
  void clear();

 private:
  bool on_terminal_;
  bool shown_ = false;
  std::chrono::steady_clock::time_point last_;
};

}  // namespace sekisho::tools
