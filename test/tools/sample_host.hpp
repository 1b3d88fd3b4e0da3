// Hosts as Postfix and the file system show them.
#pragma once

#include "tools/config/host.hpp"

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace sekisho::tools {

inline constexpr auto settings =
    "myhostname = mx.example.org\nqueue_directory = /var/spool/postfix\nsmtpd_milters = {}\n";
inline constexpr auto debian_services =
    "smtp       inet  n       -       y       -       -       smtpd\n"
    "pickup     unix  n       -       y       60      1       pickup\n";
inline constexpr auto open_services =
    "smtp       inet  n       -       n       -       -       smtpd\n"
    "pickup     unix  n       -       y       60      1       pickup\n";

inline Postfix postfix_with(const std::string& milters, const char* services = debian_services,
                            const char* service_settings = "") {
  std::string text = settings;
  text.replace(text.find("{}"), 2, milters);
  return parse_postfix(text, services, service_settings);
}

/// Files by path; folders that are not named are everybody's, and a socket is not there.
inline Files files_of(std::map<std::string, FileState> files) {
  return [files = std::move(files)](const std::string& path) -> std::optional<FileState> {
    const auto found = files.find(path);
    if (found != files.end()) {
      return found->second;
    }
    return path.ends_with("/s") ? std::nullopt : std::optional(FileState{0, 0, 0755});
  };
}

inline Host host_with(Postfix postfix, std::map<std::string, FileState> files = {}) {
  Host host;
  host.postfix = std::move(postfix);
  host.mail_server = Person{"postfix", 100, {100}};
  host.daemon = Person{"sekisho", 200, {200}};
  host.files = files_of(std::move(files));
  return host;
}

inline std::string joined(const std::vector<std::string>& doubts) {
  std::string text;
  for (const std::string& doubt : doubts) {
    text += doubt + "\n";
  }
  return text;
}

}  // namespace sekisho::tools
