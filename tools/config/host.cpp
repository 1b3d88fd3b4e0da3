#include "tools/config/host.hpp"

#include "mail/ascii.hpp"
#include "tools/cli/command_runner.hpp"

#include <array>
#include <cstddef>
#include <fstream>
#include <iterator>
#include <utility>

#include <grp.h>
#include <pwd.h>
#include <sys/stat.h>

namespace sekisho::tools {

namespace {

using EntryText = std::array<char, 65'536>;

std::vector<std::string> words_of(const std::string& text, std::string_view separators) {
  std::vector<std::string> words;
  std::string word;
  for (const char c : text + std::string(1, separators.front())) {
    if (!separators.contains(c)) {
      word += c;
    } else if (!word.empty()) {
      words.push_back(std::exchange(word, {}));
    }
  }
  return words;
}

/// A milter of Postfix's may stand in braces, with settings of its own after a comma.
std::vector<std::string> milters_of(std::string text) {
  std::vector<std::string> milters;
  for (const std::string& word : words_of(text, ", \t{}")) {
    if (word.contains(':') && !word.contains('=')) {
      milters.push_back(word);
    }
  }
  return milters;
}

std::vector<std::string> lines_of(std::string_view text) {
  return words_of(std::string(text), "\n");
}

/// `name = value`, line by line.
std::vector<std::pair<std::string, std::string>> settings_of(std::string_view text) {
  std::vector<std::pair<std::string, std::string>> settings;
  for (const std::string& line : lines_of(text)) {
    const std::size_t equals = line.find(" =");
    if (equals != std::string::npos) {
      const std::size_t begin = line.find_first_not_of(' ', equals + 2);
      settings.emplace_back(line.substr(0, equals),
                            begin == std::string::npos ? "" : line.substr(begin));
    }
  }
  return settings;
}

// Debian installs Postfix without main.cf if the postmaster wants to configure it later.
bool has_main_file() {
  const std::vector<std::string> folder =
      lines_of(run_command({"postconf", "-d", "-h", "config_directory"}).output);
  return !folder.empty() && find_file(folder.front() + "/main.cf");
}

void find_postfix(Host& host) {
  const CommandResult settings =
      run_command({"postconf", "-x", "myhostname", "queue_directory", "smtpd_milters",
                   "smtpd_proxy_filter", "receive_override_options", "milter_macro_daemon_name"});
  if (settings.status == CommandResult::not_started) {
    return;
  }
  const CommandResult services = run_command({"postconf", "-M"});
  if (settings.succeeded() && services.succeeded()) {
    host.postfix =
        parse_postfix(settings.output, services.output, run_command({"postconf", "-Px"}).output);
  } else if (has_main_file()) {
    const std::vector<std::string> errors = lines_of(settings.errors + services.errors);
    host.postfix_problem = errors.empty() ? "postconf failed" : errors.back();
  }
}

std::optional<OpenDkim> find_opendkim() {
  if (is_out_of_use(run_command({"systemctl", "is-active", "opendkim.service"}).output +
                    run_command({"systemctl", "is-enabled", "opendkim.service"}).output)) {
    return std::nullopt;
  }
  std::ifstream file("/etc/opendkim.conf", std::ios::binary);
  if (!file) {
    return std::nullopt;
  }
  return parse_opendkim(std::string(std::istreambuf_iterator<char>(file), {}));
}

std::optional<Person> find_person(const std::string& name) {
  EntryText text{};
  passwd entry{};
  passwd* found = nullptr;
  getpwnam_r(name.c_str(), &entry, text.data(), text.size(), &found);
  if (found == nullptr) {
    return std::nullopt;
  }
  constexpr int most = 1'024;
  int count = most;
  Person person{name, entry.pw_uid, std::vector<gid_t>(most)};
  if (getgrouplist(name.c_str(), entry.pw_gid, person.groups.data(), &count) < 0) {
    count = most;
  }
  person.groups.resize(static_cast<std::size_t>(count));
  return person;
}

std::optional<gid_t> find_group(const std::string& name) {
  EntryText text{};
  group entry{};
  group* found = nullptr;
  getgrnam_r(name.c_str(), &entry, text.data(), text.size(), &found);
  return found == nullptr ? std::nullopt : std::optional(entry.gr_gid);
}

// `NAME/TYPE/parameter = value`, as `postconf -P` prints it.
void apply(SmtpdService& service, std::string_view parameter, const std::string& value) {
  if (parameter == "smtpd_proxy_filter") {
    service.proxy_filter = value;
  } else if (parameter == "receive_override_options") {
    service.overrides = value;
  } else if (parameter == "smtpd_milters") {
    service.milters = milters_of(value);
  } else if (parameter == "milter_macro_daemon_name") {
    service.daemon_name = value;
  } else if (parameter == "smtpd_authorized_xforward_hosts") {
    service.is_for_filter = service.is_for_filter || !value.empty();
  } else if (parameter == "mynetworks") {
    service.is_for_filter = service.is_for_filter || value.starts_with("127.");
  }
}

}  // namespace

Postfix parse_postfix(std::string_view settings, std::string_view services,
                      std::string_view service_settings) {
  Postfix postfix;
  for (const auto& [name, value] : settings_of(settings)) {
    if (name == "myhostname") {
      postfix.host_name = value;
    } else if (name == "queue_directory") {
      postfix.queue_directory = value;
    } else if (name == "smtpd_milters") {
      postfix.smtpd_milters = milters_of(value);
    } else if (name == "smtpd_proxy_filter") {
      postfix.proxy_filter = value;
    } else if (name == "receive_override_options") {
      postfix.receive_override_options = value;
    } else if (name == "milter_macro_daemon_name") {
      postfix.daemon_name = value;
    }
  }
  // service type private unprivileged chroot wakeup processes command
  for (const std::string& line : lines_of(services)) {
    const std::vector<std::string> columns = words_of(line, " \t");
    if (columns.size() < 8 || columns[7] != "smtpd") {
      continue;
    }
    postfix.is_smtpd_chrooted = postfix.is_smtpd_chrooted || columns[4] == "y";
    postfix.smtpd_services.push_back({.name = columns[0]});
  }
  for (const auto& [name, value] : settings_of(service_settings)) {
    if (name.ends_with("/smtpd_milters")) {
      postfix.service_milters.push_back(milters_of(value));
    }
    const std::size_t parameter = name.rfind('/');
    for (SmtpdService& service : postfix.smtpd_services) {
      if (parameter != std::string::npos && name.starts_with(service.name + "/")) {
        apply(service, name.substr(parameter + 1), value);
      }
    }
  }
  return postfix;
}

OpenDkim parse_opendkim(std::string_view text) {
  OpenDkim opendkim;
  for (const std::string& line : lines_of(text)) {
    const std::vector<std::string> words = words_of(line.substr(0, line.find('#')), " \t\r");
    if (words.size() < 2) {
      continue;
    }
    if (mail::equals_ignoring_case(words[0], "Mode")) {
      opendkim.mode = words[1];
    } else if (mail::equals_ignoring_case(words[0], "Socket")) {
      opendkim.socket = words[1];
    }
  }
  return opendkim;
}

bool is_out_of_use(std::string_view states) {
  const std::vector<std::string> lines = lines_of(states);
  if (lines.empty() || (lines.front() != "inactive" && lines.front() != "failed")) {
    return false;
  }
  return lines.size() == 1 || !lines[1].starts_with("enabled");
}

std::optional<FileState> find_file(const std::string& path) {
  struct stat status{};
  if (stat(path.c_str(), &status) != 0) {
    return std::nullopt;
  }
  return FileState{status.st_uid, status.st_gid, status.st_mode};
}

Host look_at_host(const std::string& user) {
  Host host;
  find_postfix(host);
  host.opendkim = find_opendkim();
  host.mail_server = find_person("postfix");
  host.daemon = find_person(user.empty() ? "sekisho" : user);
  host.files = find_file;
  host.group_of = find_group;
  host.person_of = find_person;
  return host;
}

}  // namespace sekisho::tools
