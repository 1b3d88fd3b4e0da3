// A separate process that reads hostile input, so that a library bug costs one file and not the
// program.
#pragma once

#include <cstddef>
#include <cstdint>
#include <expected>
#include <functional>
#include <string>
#include <string_view>

#include <sys/types.h>

namespace sekisho::report::import {

struct ProcessLimits {
  /// CPU seconds for one piece of work, plus one second for each octets_per_second of its size.
  unsigned cpu_seconds = 3;
  std::uint64_t octets_per_second = std::uint64_t{4} << 20U;
  /// Memory limit, in octets.
  std::uint64_t memory = std::uint64_t{512} << 20U;
};

/// The output of the reading process.
class ProcessOutput {
 public:
  ProcessOutput(int descriptor, const ProcessLimits& limits)
      : descriptor_(descriptor), limits_(limits) {}

  /// Buffer for output; see flush_if_large().
  [[nodiscard]] std::string& octets() { return octets_; }
  void flush_if_large();
  /// Sends the output so far; it arrives whatever happens to the process later. Ends the process if
  /// its parent is gone.
  void flush();
  /// Begins a piece of work of this size, with its own CPU time.
  void begin_work(std::uint64_t size) const;

 private:
  int descriptor_;
  ProcessLimits limits_;
  std::string octets_;
};

/// One reading process: a fork of a program that has no threads.
class ReaderProcess {
 public:
  using Work = std::function<void(ProcessOutput&)>;

  /// Runs `work` in a new process. It inherits only the standard descriptors and `kept_descriptor`,
  /// which keeps its number. The error is for people.
  [[nodiscard]] static std::expected<ReaderProcess, std::string> start(const Work& work,
                                                                       const ProcessLimits& limits,
                                                                       int kept_descriptor = -1);
  ~ReaderProcess();
  ReaderProcess(ReaderProcess&& other) noexcept;
  ReaderProcess& operator=(ReaderProcess&&) = delete;

  /// Returns the next piece of output, valid until the next call; "" at the end.
  [[nodiscard]] std::string_view read();
  /// Call after the end. Returns "" if the work was completed, else how the process ended, for
  /// people.
  [[nodiscard]] std::string wait();

 private:
  ReaderProcess(pid_t process, int descriptor) : process_(process), descriptor_(descriptor) {}

  pid_t process_;
  int descriptor_;
  std::string buffer_;
};

}  // namespace sekisho::report::import
