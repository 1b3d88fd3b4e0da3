#include "report/import/reader_process.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <exception>
#include <new>
#include <utility>

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

namespace sekisho::report::import {

namespace {

constexpr std::size_t piece_octets = 65'536;
constexpr int exit_no_memory = 3;
constexpr int exit_failed = 4;

void set_limit(__rlimit_resource resource, rlim_t most) {
  rlimit limit{};
  if (getrlimit(resource, &limit) == 0) {
    limit.rlim_cur = std::min(most, limit.rlim_max);
    setrlimit(resource, &limit);
  }
}

void limit_memory(std::uint64_t octets) {
#ifdef SEKISHO_SANITIZED
  static_cast<void>(octets);  // a sanitizer takes terabytes of addresses
#else
  set_limit(RLIMIT_DATA, octets);
#endif
}

// The descriptors that the process has no business with.
void close_others(int first, int second) {
  constexpr unsigned after_standard = STDERR_FILENO + 1;
  const auto one = static_cast<unsigned>(first);
  const unsigned other = second < 0 ? one : static_cast<unsigned>(second);
  const unsigned low = std::min(one, other);
  const unsigned high = std::max(one, other);
  if (low > after_standard) {
    close_range(after_standard, low - 1, 0);
  }
  if (high > low + 1) {
    close_range(low + 1, high - 1, 0);
  }
  close_range(high + 1, ~0U, 0);
}

[[noreturn]] void run(const ReaderProcess::Work& work, const ProcessLimits& limits, int descriptor,
                      int kept_descriptor) {
  // Neither a core of the program's memory, nor its handlers.
  set_limit(RLIMIT_CORE, 0);
  for (const int signal_number : {SIGPIPE, SIGXCPU, SIGTERM, SIGINT, SIGHUP}) {
    std::signal(signal_number, SIG_DFL);
  }
  close_others(descriptor, kept_descriptor);
  limit_memory(limits.memory);
  int status = exit_failed;
  try {
    ProcessOutput output(descriptor, limits);
    output.begin_work(0);
    work(output);
    output.flush();
    status = EXIT_SUCCESS;
  } catch (const std::bad_alloc&) {
    status = exit_no_memory;
  } catch (const std::exception&) {
    status = exit_failed;
  }
  _exit(status);  // nothing of the program is tidied up a second time
}

std::string describe(int status) {
  constexpr const char* took_long = "takes too long to read";
  if (WIFSIGNALED(status)) {
    const int number = WTERMSIG(status);
    return number == SIGXCPU || number == SIGKILL
               ? took_long
               : "cannot be read: the reading process ended by signal " + std::to_string(number);
  }
  switch (WEXITSTATUS(status)) {
    case EXIT_SUCCESS:
      return "";
    case exit_no_memory:
      return "takes too much memory to read";
    default:
      return "cannot be read: the reading process failed";
  }
}

}  // namespace

void ProcessOutput::flush_if_large() {
  if (octets_.size() >= piece_octets) {
    flush();
  }
}

void ProcessOutput::flush() {
  for (std::string_view rest = octets_; !rest.empty();) {
    const ssize_t written = ::write(descriptor_, rest.data(), rest.size());
    if (written < 0 && errno != EINTR) {
      _exit(exit_failed);
    }
    rest.remove_prefix(written < 0 ? 0 : static_cast<std::size_t>(written));
  }
  octets_.clear();
}

void ProcessOutput::begin_work(std::uint64_t size) const {
  rusage usage{};
  if (getrusage(RUSAGE_SELF, &usage) == 0) {
    const auto used = static_cast<rlim_t>(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec);
    // One more, since what was used of the present second is not known.
    set_limit(RLIMIT_CPU, used + 1 + limits_.cpu_seconds + size / limits_.octets_per_second);
  }
}

std::expected<ReaderProcess, std::string> ReaderProcess::start(const Work& work,
                                                               const ProcessLimits& limits,
                                                               int kept_descriptor) {
  std::array<int, 2> ends{};
  if (pipe2(ends.data(), O_CLOEXEC) != 0) {
    return std::unexpected("no pipe to a reading process");
  }
  const pid_t process = fork();
  if (process == 0) {
    run(work, limits, ends[1], kept_descriptor);
  }
  ::close(ends[1]);
  if (process < 0) {
    ::close(ends[0]);
    return std::unexpected("no process to read with");
  }
  return ReaderProcess(process, ends[0]);
}

ReaderProcess::ReaderProcess(ReaderProcess&& other) noexcept
    : process_(std::exchange(other.process_, -1)),
      descriptor_(std::exchange(other.descriptor_, -1)),
      buffer_(std::move(other.buffer_)) {}

ReaderProcess::~ReaderProcess() {
  if (descriptor_ >= 0) {
    ::close(descriptor_);  // ends the process at its next write
  }
  if (process_ > 0) {
    ::kill(process_, SIGKILL);
    static_cast<void>(wait());
  }
}

std::string_view ReaderProcess::read() {
  buffer_.resize(piece_octets);
  ssize_t count = 0;
  do {
    count = ::read(descriptor_, buffer_.data(), buffer_.size());
  } while (count < 0 && errno == EINTR);
  buffer_.resize(count < 0 ? 0 : static_cast<std::size_t>(count));
  return buffer_;
}

std::string ReaderProcess::wait() {
  int status = 0;
  pid_t ended = -1;
  do {
    ended = waitpid(process_, &status, 0);
  } while (ended < 0 && errno == EINTR);
  process_ = -1;
  return ended < 0 ? "cannot be read: the reading process is lost" : describe(status);
}

}  // namespace sekisho::report::import
