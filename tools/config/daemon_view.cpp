#include "tools/config/daemon_view.hpp"

#include "checkpoint/signing_services.hpp"
#include "config/load.hpp"
#include "config/start.hpp"
#include "keys/proof_keys.hpp"
#include "mail/line_ends.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdlib>
#include <exception>
#include <expected>
#include <iterator>
#include <optional>
#include <string_view>
#include <system_error>
#include <utility>

#include <grp.h>
#include <sys/wait.h>
#include <unistd.h>

namespace sekisho::tools {

namespace {

constexpr char error_mark = 'E';
constexpr char warning_mark = 'W';

void append(std::vector<std::string>& lines, std::vector<std::string> more) {
  std::ranges::move(more, std::back_inserter(lines));
}

// The daemon makes the file where there is none, or goes on without one.
void look_at_proof_keys(const std::string& file, DaemonView& view) {
  if (file.empty()) {
    return;
  }
  const auto keys = keys::ProofKeys::read(file);
  if (keys) {
    return;
  }
  if (access(file.c_str(), F_OK) == 0 || errno != ENOENT) {
    view.errors.push_back("proof.key_file: " + keys.error());
    return;
  }
  if (const std::string fault = config::find_folder_fault(file.substr(0, file.rfind('/')));
      !fault.empty()) {
    view.warnings.push_back("proof.key_file: " + fault +
                            "; without the file, a restart forgets which results are ours");
  }
}

std::string as_lines(const DaemonView& view) {
  std::string text;
  for (const auto& [mark, lines] :
       {std::pair(error_mark, &view.errors), std::pair(warning_mark, &view.warnings)}) {
    for (const std::string& line : *lines) {
      text += mark + line + '\n';
    }
  }
  return text;
}

DaemonView from_lines(std::string_view text) {
  DaemonView view;
  for (const std::string& line : mail::lines_of(text)) {
    if (!line.empty()) {
      (line.front() == error_mark ? view.errors : view.warnings).push_back(line.substr(1));
    }
  }
  return view;
}

std::optional<std::string> become(const Person& person) {
  const gid_t group = person.groups.empty() ? static_cast<gid_t>(-1) : person.groups.front();
  if (initgroups(person.name.c_str(), group) == 0 && setresgid(group, group, group) == 0 &&
      setresuid(person.user, person.user, person.user) == 0) {
    return std::nullopt;
  }
  return "cannot check as the user " + person.name + ": " + std::generic_category().message(errno);
}

void write_all(int descriptor, std::string_view text) {
  while (!text.empty()) {
    const ssize_t written = write(descriptor, text.data(), text.size());
    if (written < 0 && errno != EINTR) {
      return;
    }
    text.remove_prefix(written < 0 ? 0 : static_cast<std::size_t>(written));
  }
}

std::string read_all(int descriptor) {
  std::string text;
  std::array<char, 4096> chunk{};
  ssize_t count = 0;
  while ((count = read(descriptor, chunk.data(), chunk.size())) > 0 || errno == EINTR) {
    text.append(chunk.data(), count > 0 ? static_cast<std::size_t>(count) : 0);
    errno = 0;
  }
  return text;
}

/// In the process of its own, which ends here.
[[noreturn]] void answer(int descriptor, const Person& person,
                         const std::function<DaemonView()>& view) {
  int status = EXIT_FAILURE;
  try {
    const auto refused = become(person);
    write_all(descriptor, as_lines(refused ? DaemonView{{*refused}, {}} : view()));
    status = EXIT_SUCCESS;
  } catch (const std::exception& error) {
    write_all(descriptor, as_lines({{error.what()}, {}}));
  }
  _exit(status);
}

}  // namespace

DaemonView view_configuration(const std::string& path, bool opens_sockets) {
  DaemonView view;
  auto options = config::load(path);
  if (!options) {
    for (const config::Problem& problem : options.error()) {
      view.errors.push_back(problem.message);
    }
    return view;
  }
  options->signing.keys.read_all_at_once = true;
  if (const auto signing = checkpoint::open_signing(*options, view.warnings); !signing) {
    view.errors = mail::lines_of(signing.error());
    view.warnings.clear();  // the error has them
  }
  look_at_proof_keys(options->proof.key_file, view);
  append(view.errors, config::describe_faults(config::find_store_faults(*options), path));
  if (opens_sockets) {
    append(view.errors, config::describe_faults(config::find_socket_faults(*options), path));
  }
  return view;
}

DaemonView view_as(const Person& person, const std::function<DaemonView()>& view) {
  std::array<int, 2> pipe_ends{};
  if (pipe(pipe_ends.data()) != 0) {
    return {{"pipe: " + std::generic_category().message(errno)}, {}};
  }
  const auto [reading, writing] = pipe_ends;
  const pid_t child = fork();
  if (child == 0) {
    close(reading);
    answer(writing, person, view);
  }
  close(writing);
  const std::string text = child < 0 ? "" : read_all(reading);
  close(reading);
  int status = EXIT_FAILURE;
  if (child < 0 || waitpid(child, &status, 0) != child || status != EXIT_SUCCESS) {
    DaemonView failed = from_lines(text);
    failed.errors.push_back("the check as the user " + person.name + " failed");
    return failed;
  }
  return from_lines(text);
}

}  // namespace sekisho::tools
