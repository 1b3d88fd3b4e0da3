// A sekishod of the build under test, in a temporary folder of its own.
#pragma once

#include <csignal>
#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include <sys/types.h>

namespace sekisho::test {

/// What a run of the program left.
struct Ended {
  int status = -1;  ///< Exit status; 128 and the signal's number where a signal ended it.
  std::string output;
};

/// What a service manager gives a daemon that it starts.
struct Surroundings {
  std::vector<std::string> variables;  ///< "NAME=value", beside those of this process.
  int descriptor = -1;                 ///< Becomes descriptor 3; -1: none.
};

/// Runs sekishod with these arguments to its end.
[[nodiscard]] Ended run_sekishod(const std::vector<std::string>& arguments);

/// A folder that is removed with its object.
class TemporaryFolder {
 public:
  TemporaryFolder();
  ~TemporaryFolder();
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;

  [[nodiscard]] const std::filesystem::path& path() const { return path_; }
  /// Writes a file into it and gives its path.
  [[nodiscard]] std::string write(const std::string& name, std::string_view text) const;

 private:
  std::filesystem::path path_;
};

/// Runs from construction on; killed with its object where stop() was not called.
class DaemonProcess {
 public:
  /// `configuration` without the option `socket`, which is a unix socket in the folder unless
  /// another is given. Throws, with the log, where the daemon does not become ready.
  explicit DaemonProcess(const std::string& configuration, const std::string& socket = "",
                         const Surroundings& surroundings = {});
  ~DaemonProcess();
  DaemonProcess(const DaemonProcess&) = delete;
  DaemonProcess& operator=(const DaemonProcess&) = delete;

  /// Where it listens, as its log tells.
  [[nodiscard]] const std::string& socket() const { return socket_; }
  [[nodiscard]] std::string log() const;
  [[nodiscard]] pid_t id() const { return process_; }
  /// Where its configuration, its log and, unless another was given, its socket are.
  [[nodiscard]] const TemporaryFolder& folder() const { return folder_; }
  /// Waits until the log has this text; false when it has not after a few seconds.
  [[nodiscard]] bool wait_for_log(const std::string& text) const;
  /// Resident memory in KiB, now.
  [[nodiscard]] std::size_t resident_kib() const;
  [[nodiscard]] std::size_t open_descriptors() const;
  /// Waits until it has no more descriptors than these; false when it has after half a minute.
  [[nodiscard]] bool wait_for_descriptors(std::size_t at_most) const;
  [[nodiscard]] bool is_running() const;

  void signal(int number) const;
  /// Waits for the end, at most half a minute: then it is killed. The exit status as in Ended.
  int wait();
  int stop() {
    signal(SIGTERM);
    return wait();
  }

 private:
  TemporaryFolder folder_;
  std::filesystem::path log_file_;
  std::string socket_;
  pid_t process_ = -1;
};

}  // namespace sekisho::test
