// A process that reads what strangers sent, so that a fault of a library that they find costs one
// file and not the program.
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
  /// CPU time for one piece of work, in seconds; and one second more for so many octets of it.
  unsigned cpu_seconds = 3;
  std::uint64_t octets_per_second = std::uint64_t{4} << 20U;
  /// Memory of its own, in octets.
  std::uint64_t memory = std::uint64_t{512} << 20U;
};

/// Where the reading process puts what it found.
class ProcessOutput {
 public:
  ProcessOutput(int descriptor, const ProcessLimits& limits)
      : descriptor_(descriptor), limits_(limits) {}

  /// To be filled; flushed where it is large.
  [[nodiscard]] std::string& octets() { return octets_; }
  void flush_if_large();
  /// Whatever happens to the process afterwards, what came so far arrives. The process ends where
  /// nobody listens any more.
  void flush();
  /// A piece of work of that size begins: it has CPU time of its own.
  void begin_work(std::uint64_t size) const;

 private:
  int descriptor_;
  ProcessLimits limits_;
  std::string octets_;
};

/// One such process. It is started by a program without threads: it is a copy of it.
class ReaderProcess {
 public:
  using Work = std::function<void(ProcessOutput&)>;

  /// Runs `work` in a process of its own, which has of the program's files only the standard ones
  /// and `kept_descriptor`, whose number it keeps. The error is for people.
  [[nodiscard]] static std::expected<ReaderProcess, std::string> start(const Work& work,
                                                                       const ProcessLimits& limits,
                                                                       int kept_descriptor = -1);
  ~ReaderProcess();
  ReaderProcess(ReaderProcess&& other) noexcept;
  ReaderProcess& operator=(ReaderProcess&&) = delete;

  /// The next piece of output, until the next call; "" at the end.
  [[nodiscard]] std::string_view read();
  /// After the end: "" where the work was done, else what became of the process, for people.
  [[nodiscard]] std::string wait();

 private:
  ReaderProcess(pid_t process, int descriptor) : process_(process), descriptor_(descriptor) {}

  pid_t process_;
  int descriptor_;
  std::string buffer_;
};

}  // namespace sekisho::report::import
