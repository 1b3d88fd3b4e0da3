#include "milter/daemon_process.hpp"

#include <array>
#include <cerrno>
#include <chrono>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <system_error>
#include <thread>
#include <utility>
#include <vector>

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

namespace sekisho::test {

namespace {

using namespace std::chrono_literals;

std::string contents(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

/// As C wants a list of texts, which outlive it.
std::vector<char*> pointers_to(std::vector<std::string>& texts) {
  std::vector<char*> pointers;
  pointers.reserve(texts.size() + 1);
  for (std::string& text : texts) {
    pointers.push_back(text.data());
  }
  pointers.push_back(nullptr);
  return pointers;
}

std::vector<std::string> own_variables() {
  std::vector<std::string> variables;
  for (char** variable = environ; *variable != nullptr; ++variable) {
    variables.emplace_back(*variable);
  }
  return variables;
}

/// Starts the program with its output in a file.
pid_t spawn(std::vector<std::string> arguments, const std::filesystem::path& output,
            const Surroundings& surroundings = {}) {
  arguments.insert(arguments.begin(), SEKISHOD);
  std::vector<char*> pointers = pointers_to(arguments);
  std::vector<std::string> variables = own_variables();
  variables.insert(variables.end(), surroundings.variables.begin(), surroundings.variables.end());
  posix_spawn_file_actions_t actions{};
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, output.c_str(),
                                   O_CREAT | O_WRONLY | O_APPEND, 0600);
  posix_spawn_file_actions_adddup2(&actions, STDOUT_FILENO, STDERR_FILENO);
  if (surroundings.descriptor >= 0) {
    posix_spawn_file_actions_adddup2(&actions, surroundings.descriptor, STDERR_FILENO + 1);
  }
  pid_t process = -1;
  const int error = posix_spawn(&process, SEKISHOD, &actions, nullptr, pointers.data(),
                                pointers_to(variables).data());
  posix_spawn_file_actions_destroy(&actions);
  if (error != 0) {
    throw std::system_error(error, std::generic_category(), SEKISHOD);
  }
  return process;
}

int wait_for(pid_t process) {
  int status = 0;
  while (waitpid(process, &status, 0) < 0 && errno == EINTR) {
  }
  return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

/// Asks again and again for up to 30 seconds: a machine under load, and sanitizers, are slow.
template <typename Condition>
bool wait_until(const Condition& condition) {
  const auto deadline = std::chrono::steady_clock::now() + 30s;
  while (!condition()) {
    if (std::chrono::steady_clock::now() > deadline) {
      return false;
    }
    std::this_thread::sleep_for(5ms);
  }
  return true;
}

}  // namespace

Ended run_sekishod(const std::vector<std::string>& arguments) {
  const TemporaryFolder folder;
  const std::filesystem::path output = folder.path() / "output";
  const int status = wait_for(spawn(arguments, output));
  return {status, contents(output)};
}

TemporaryFolder::TemporaryFolder() {
  std::string pattern = (std::filesystem::temp_directory_path() / "sekisho-XXXXXX").string();
  if (mkdtemp(pattern.data()) == nullptr) {
    throw std::system_error(errno, std::generic_category(), pattern);
  }
  path_ = pattern;
}

TemporaryFolder::~TemporaryFolder() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

std::string TemporaryFolder::write(const std::string& name, std::string_view text) const {
  const std::filesystem::path file = path_ / name;
  std::ofstream(file, std::ios::binary) << text;
  return file.string();
}

DaemonProcess::DaemonProcess(const std::string& configuration, const std::string& socket,
                             const Surroundings& surroundings)
    : log_file_(folder_.path() / "log") {
  const std::string where =
      socket.empty() ? "unix:" + (folder_.path() / "socket").string() : socket;
  const std::string file =
      folder_.write("sekisho.toml", "socket = \"" + where + "\"\n" + configuration);
  process_ = spawn({"-c", file}, log_file_, surroundings);
  constexpr std::string_view ready = "ready: listening at ";
  if (!wait_until([&] { return contents(log_file_).contains(ready) || !is_running(); }) ||
      !is_running()) {
    throw std::runtime_error("sekishod does not become ready: " + contents(log_file_));
  }
  const std::string log = contents(log_file_);
  const std::size_t begin = log.find(ready) + ready.size();
  socket_ = log.substr(begin, log.find_first_of("\n\"", begin) - begin);
}

DaemonProcess::~DaemonProcess() {
  if (process_ > 0) {
    kill(process_, SIGKILL);
    static_cast<void>(wait_for(process_));
  }
}

std::string DaemonProcess::log() const {
  return contents(log_file_);
}

bool DaemonProcess::wait_for_log(const std::string& text) const {
  return wait_until([&] { return log().contains(text); });
}

std::size_t DaemonProcess::resident_kib() const {
  std::ifstream status("/proc/" + std::to_string(process_) + "/status");
  std::string word;
  while (status >> word && word != "VmRSS:") {
  }
  std::size_t kib = 0;
  status >> kib;
  return kib;
}

std::size_t DaemonProcess::open_descriptors() const {
  const std::filesystem::directory_iterator entries("/proc/" + std::to_string(process_) + "/fd");
  return static_cast<std::size_t>(std::distance(begin(entries), end(entries)));
}

bool DaemonProcess::wait_for_descriptors(std::size_t at_most) const {
  return wait_until([&] { return open_descriptors() <= at_most; });
}

bool DaemonProcess::is_running() const {
  siginfo_t state{};
  return waitid(P_PID, static_cast<id_t>(process_), &state, WEXITED | WNOHANG | WNOWAIT) == 0 &&
         state.si_pid == 0;
}

void DaemonProcess::signal(int number) const {
  kill(process_, number);
}

int DaemonProcess::wait() {
  if (!wait_until([this] { return !is_running(); })) {
    kill(process_, SIGKILL);
  }
  return wait_for(std::exchange(process_, -1));
}

}  // namespace sekisho::test
