#include "tools/cli/command_runner.hpp"

#include <array>
#include <cerrno>
#include <cstddef>
#include <cstdlib>
#include <string_view>
#include <utility>

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

namespace sekisho::tools {

namespace {

constexpr std::size_t most_output = 1'048'576;

class Pipe {
 public:
  Pipe() { is_open_ = pipe2(ends_.data(), O_CLOEXEC) == 0; }
  Pipe(const Pipe&) = delete;
  Pipe& operator=(const Pipe&) = delete;
  ~Pipe() {
    close_end(0);
    close_end(1);
  }

  [[nodiscard]] bool is_open() const { return is_open_; }
  [[nodiscard]] int reader() const { return ends_[0]; }
  [[nodiscard]] int writer() const { return ends_[1]; }
  void close_writer() { close_end(1); }

 private:
  void close_end(std::size_t end) {
    if (const int descriptor = std::exchange(ends_.at(end), -1); descriptor >= 0) {
      close(descriptor);
    }
  }

  std::array<int, 2> ends_{-1, -1};
  bool is_open_ = false;
};

// What the started program gets: no input, and two pipes.
class Redirections {
 public:
  Redirections(const Pipe& output, const Pipe& errors) {
    posix_spawn_file_actions_init(&actions_);
    posix_spawn_file_actions_addopen(&actions_, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_adddup2(&actions_, output.writer(), STDOUT_FILENO);
    posix_spawn_file_actions_adddup2(&actions_, errors.writer(), STDERR_FILENO);
  }
  Redirections(const Redirections&) = delete;
  Redirections& operator=(const Redirections&) = delete;
  ~Redirections() { posix_spawn_file_actions_destroy(&actions_); }

  [[nodiscard]] const posix_spawn_file_actions_t* get() const { return &actions_; }

 private:
  posix_spawn_file_actions_t actions_{};
};

// A user's PATH may be without the sbin folders.
std::string find_program(const std::string& name) {
  if (name.contains('/')) {
    return name;
  }
  const char* const path = std::getenv("PATH");  // NOLINT(concurrency-mt-unsafe): nobody sets it
  const std::string folders = std::string(path == nullptr ? "" : path) + ":/usr/sbin:/sbin:";
  for (std::size_t begin = 0, end = 0; end != std::string::npos && begin < folders.size();
       begin = end + 1) {
    end = folders.find(':', begin);
    const std::string program = folders.substr(begin, end - begin) + "/" + name;
    if (end > begin && access(program.c_str(), X_OK) == 0) {
      return program;
    }
  }
  return {};
}

std::vector<std::string> environment_in_english() {
  std::vector<std::string> environment{"LC_ALL=C"};
  for (char** entry = environ; *entry != nullptr; ++entry) {
    if (!std::string_view(*entry).starts_with("LC_ALL=")) {
      environment.emplace_back(*entry);
    }
  }
  return environment;
}

std::vector<char*> pointers_to(std::vector<std::string>& texts) {
  std::vector<char*> pointers;
  for (std::string& text : texts) {
    pointers.push_back(text.data());
  }
  pointers.push_back(nullptr);
  return pointers;
}

// False at the end of the output.
bool read_some(int descriptor, std::string& text) {
  std::array<char, 4'096> chunk{};
  const ssize_t size = read(descriptor, chunk.data(), chunk.size());
  if (size < 0) {
    return errno == EINTR;
  }
  if (text.size() < most_output) {
    text.append(chunk.data(), static_cast<std::size_t>(size));
  }
  return size > 0;
}

void read_both(const Pipe& output, const Pipe& errors, CommandResult& result) {
  std::array<pollfd, 2> waiting{{{.fd = output.reader(), .events = POLLIN, .revents = 0},
                                 {.fd = errors.reader(), .events = POLLIN, .revents = 0}}};
  const std::array<std::string*, 2> texts{&result.output, &result.errors};
  while (waiting[0].fd >= 0 || waiting[1].fd >= 0) {
    if (poll(waiting.data(), waiting.size(), -1) < 0 && errno != EINTR) {
      return;
    }
    for (std::size_t i = 0; i < waiting.size(); ++i) {
      pollfd& one = waiting.at(i);
      if (one.fd >= 0 && one.revents != 0 && !read_some(one.fd, *texts.at(i))) {
        one.fd = -1;
      }
    }
  }
}

int wait_for(pid_t process) {
  constexpr int signalled = 128;
  int status = 0;
  while (waitpid(process, &status, 0) < 0) {
    if (errno != EINTR) {
      return CommandResult::not_started;
    }
  }
  return WIFEXITED(status) ? WEXITSTATUS(status) : signalled + WTERMSIG(status);
}

bool needs_no_quotes(char c) {
  constexpr std::string_view plain = "_-./:,=@%+";
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
         plain.contains(c);
}

std::string quote(const std::string& word) {
  bool is_plain = !word.empty();
  std::string quoted = "'";
  for (const char c : word) {
    is_plain = is_plain && needs_no_quotes(c);
    quoted += c == '\'' ? std::string("'\\''") : std::string(1, c);
  }
  return is_plain ? word : quoted + "'";
}

}  // namespace

CommandResult run_command(const Words& command) {
  CommandResult result;
  const std::string program = command.empty() ? "" : find_program(command.front());
  if (program.empty()) {
    result.errors = (command.empty() ? "" : command.front()) + ": not found\n";
    return result;
  }
  Pipe output;
  Pipe errors;
  if (!output.is_open() || !errors.is_open()) {
    return result;
  }
  Words arguments = command;
  std::vector<std::string> environment = environment_in_english();
  const Redirections redirections(output, errors);
  pid_t process = 0;
  if (posix_spawn(&process, program.c_str(), redirections.get(), nullptr,
                  pointers_to(arguments).data(), pointers_to(environment).data()) != 0) {
    return result;
  }
  output.close_writer();
  errors.close_writer();
  read_both(output, errors, result);
  result.status = wait_for(process);
  return result;
}

std::string format_command(const Words& command) {
  std::string line;
  for (const std::string& word : command) {
    line += (line.empty() ? "" : " ") + quote(word);
  }
  return line;
}

}  // namespace sekisho::tools
