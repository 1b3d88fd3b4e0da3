#include "tools/config/milter_names.hpp"

#include <algorithm>
#include <ranges>
#include <variant>

namespace sekisho::tools {

namespace {

/// As smtpd_milters has it: seen from the queue folder where it lies below.
std::vector<std::string> names_of_path(const config::UnixSocket& socket, const Postfix& postfix) {
  const std::string below = postfix.queue_directory + "/";
  std::vector<std::string> paths;
  if (socket.path.starts_with(below)) {
    paths.push_back(socket.path.substr(below.size()));
    paths.push_back("/" + paths.back());
  }
  if (!postfix.is_smtpd_chrooted) {
    paths.push_back(socket.path);
  }
  std::vector<std::string> names;
  for (const std::string& path : paths) {
    names.push_back("unix:" + path);
    names.push_back("local:" + path);
  }
  return names;
}

/// A socket that listens at every address has each name that ends in its port.
std::vector<std::string> names_of_port(const config::InetSocket& socket, const Postfix& postfix) {
  const std::string port = ":" + std::to_string(socket.port);
  const std::string text = socket.address.text();
  if (text == "0.0.0.0" || text == "::") {
    std::vector<std::string> names{"inet:127.0.0.1" + port};
    for (const std::string& milter : milters_of(postfix) | std::views::join) {
      if (milter.starts_with("inet") && milter.ends_with(port)) {
        names.push_back(milter);
      }
    }
    return names;
  }
  if (socket.address.is_v6()) {
    return {"inet:[" + text + "]" + port, "inet6:[" + text + "]" + port};
  }
  std::vector<std::string> names{"inet:" + text + port};
  if (text == "127.0.0.1") {
    names.push_back("inet:localhost" + port);
  }
  return names;
}

}  // namespace

std::vector<std::vector<std::string>> milters_of(const Postfix& postfix) {
  std::vector<std::vector<std::string>> milters = postfix.service_milters;
  milters.push_back(postfix.smtpd_milters);
  return milters;
}

std::vector<std::string> names_in_postfix(const config::Socket& socket, const Postfix& postfix) {
  if (const auto* const unix_socket = std::get_if<config::UnixSocket>(&socket)) {
    return names_of_path(*unix_socket, postfix);
  }
  const auto* const inet = std::get_if<config::InetSocket>(&socket);
  return inet != nullptr ? names_of_port(*inet, postfix) : std::vector<std::string>{};
}

bool names_one_of(const std::vector<std::string>& milters, const std::vector<std::string>& names) {
  return std::ranges::any_of(milters, [&](const std::string& milter) {
    return std::ranges::find(names, milter) != names.end();
  });
}

}  // namespace sekisho::tools
