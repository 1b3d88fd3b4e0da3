// Sections [metrics] and [control]: where the daemon can be watched.
#include "config/option_row.hpp"
#include "config/socket.hpp"

#include <variant>

namespace sekisho::config {

namespace {

std::optional<std::string> check_listen(const std::string& text) {
  const auto address = parse_address_and_port(text);
  if (text.empty() || address) {
    return std::nullopt;
  }
  return "ADDRESS:PORT, such as 127.0.0.1:9813 or [::1]:9813 (" + address.error() + ")";
}

std::optional<std::string> check_control(const std::string& text) {
  if (text.empty()) {
    return std::nullopt;
  }
  const auto socket = parse_socket(text);
  if (!socket) {
    return "unix:PATH (" + socket.error() + ")";
  }
  return std::holds_alternative<UnixSocket>(*socket) ? std::nullopt
                                                     : std::optional<std::string>("unix:PATH");
}

}  // namespace

void add_watching_rows(std::vector<Option>& table) {
  table.push_back(row(
      "metrics.listen", [](auto& o) -> auto& { return o.metrics.listen; },
      "Address at which metrics are served, ADDRESS:PORT; empty: metrics are not served.",
      Check<std::string>(check_listen)));
  table.push_back(row(
      "metrics.allow_remote", [](auto& o) -> auto& { return o.metrics.allow_remote; },
      "Accept an address in metrics.listen that is not a loopback address."));
  table.push_back(row(
      "control.socket", [](auto& o) -> auto& { return o.control.socket; },
      "Socket for `sekisho status`, unix:PATH; empty: none.", Check<std::string>(check_control)));
  table.push_back(row(
      "domains.watch", [](auto& o) -> auto& { return o.domains.watch; },
      "Domains that `sekisho domain check --watched` checks."));
  table.push_back(row(
      "domains.folder", [](auto& o) -> auto& { return o.domains.folder; },
      "Folder for what was found in its last run."));
}

}  // namespace sekisho::config
