#include "config/start.hpp"

#include "config/load.hpp"
#include "config/socket.hpp"
#include "report/store/location.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <optional>
#include <system_error>
#include <variant>

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

namespace sekisho::config {

namespace {

/// RuntimeDirectory= and StateDirectory= of the units.
constexpr std::array<std::string_view, 2> folders_of_units{"/run/sekisho", "/var/lib/sekisho"};

std::string reason(int error) {
  return std::generic_category().message(error);
}

std::string folder_of(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  return slash == std::string::npos ? "." : path.substr(0, std::max<std::size_t>(slash, 1));
}

bool exists(const std::string& path) {
  struct stat status{};
  return stat(path.c_str(), &status) == 0 || (errno != ENOENT && errno != ENOTDIR);
}

bool may(const std::string& path, int access) {
  return faccessat(AT_FDCWD, path.c_str(), access, AT_EACCESS) == 0;
}

bool is_loopback(const dns::IpAddress& address) {
  constexpr unsigned prefix = 8;
  return address.is_v6() ? address == dns::IpAddress::parse("::1")
                         : address.is_in(dns::IpAddress::v4({127, 0, 0, 0}), prefix);
}

std::optional<Fault> find_exposed_metrics(const Metrics& metrics) {
  if (metrics.listen.empty() || metrics.allow_remote) {
    return std::nullopt;
  }
  const auto socket = parse_address_and_port(metrics.listen);
  if (!socket || is_loopback(socket->address)) {
    return std::nullopt;
  }
  return Fault{"metrics.listen", socket->address.text() +
                                     " is not a loopback address; listen on 127.0.0.1, or permit "
                                     "others with metrics.allow_remote = true"};
}

/// Port 0 is another one each time, and fd:N is not for two either.
bool is_same(const Socket& one, const Socket& other) {
  const auto* const inet = std::get_if<InetSocket>(&one);
  return one == other && (inet == nullptr || inet->port != 0);
}

void add_shared_sockets(const Options& options, std::vector<Fault>& faults) {
  const auto mail = parse_socket(options.socket);
  const auto control = parse_socket(options.control.socket);
  const auto metrics = parse_address_and_port(options.metrics.listen);
  if (mail && control && is_same(*mail, *control)) {
    faults.push_back({"control.socket", "is " + options.control.socket +
                                            ", which is the socket of the mail server, too; "
                                            "choose another path"});
  }
  if (mail && metrics && is_same(*mail, Socket(*metrics))) {
    faults.push_back({"metrics.listen", "is " + options.metrics.listen +
                                            ", which is the socket of the mail server, too; "
                                            "choose another port"});
  }
}

/// Binds to the address and lets it go again; 0, or the error. A port that only root may take is
/// tried itself.
int try_address(const InetSocket& socket) {
  constexpr std::uint16_t first_free_port = 1024;
  const std::uint16_t port = socket.port < first_free_port ? socket.port : 0;
  const bool is_v6 = socket.address.is_v6();
  sockaddr_in6 v6{};
  v6.sin6_family = AF_INET6;
  v6.sin6_port = htons(port);
  sockaddr_in v4{};
  v4.sin_family = AF_INET;
  v4.sin_port = htons(port);
  const auto& octets = socket.address.octets();
  if (is_v6) {
    std::memcpy(&v6.sin6_addr, octets.data(), sizeof v6.sin6_addr);
  } else {
    std::memcpy(&v4.sin_addr, octets.data(), sizeof v4.sin_addr);
  }
  const int descriptor = ::socket(is_v6 ? AF_INET6 : AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (descriptor < 0) {
    return errno;
  }
  const auto* const address =
      is_v6 ? reinterpret_cast<const sockaddr*>(&v6) : reinterpret_cast<const sockaddr*>(&v4);
  const int error = bind(descriptor, address, is_v6 ? sizeof v6 : sizeof v4) == 0 ? 0 : errno;
  close(descriptor);
  return error == EADDRINUSE ? 0 : error;
}

std::string find_address_fault(const InetSocket& socket) {
  const std::string name = "port " + std::to_string(socket.port) + " of " + socket.address.text();
  switch (const int error = try_address(socket); error) {
    case 0:
      return {};
    case EADDRNOTAVAIL:
      return "this host does not have the address " + socket.address.text() +
             "; name one that \"ip address\" shows, such as 127.0.0.1";
    case EACCES:
      return name + " is reserved for root; choose a port from 1024";
    default:
      return "cannot listen at " + name + ": " + reason(error);
  }
}

std::string find_path_fault(const std::string& path) {
  struct stat status{};
  if (lstat(path.c_str(), &status) == 0 && !S_ISSOCK(status.st_mode)) {
    return path + " exists and is no socket; remove it, or choose another path";
  }
  return find_folder_fault(folder_of(path));
}

std::string find_fault_of(const Socket& socket) {
  if (const auto* const path = std::get_if<UnixSocket>(&socket)) {
    return find_path_fault(path->path);
  }
  const auto* const inet = std::get_if<InetSocket>(&socket);
  return inet == nullptr ? "" : find_address_fault(*inet);
}

void add(std::vector<Fault>& faults, const std::string& option, std::string what) {
  if (!what.empty()) {
    faults.push_back({option, std::move(what)});
  }
}

/// A file that is there, or can be made.
std::string find_file_fault(const std::string& path) {
  if (!exists(path)) {
    return find_folder_fault(folder_of(path));
  }
  return may(path, R_OK | W_OK) ? "" : path + " cannot be written: " + reason(errno);
}

std::string find_spool_fault(const std::string& folder) {
  return exists(folder) ? find_folder_fault(folder) : find_folder_fault(folder_of(folder));
}

}  // namespace

bool has_unit() {
  return std::ranges::any_of(
      std::array{"/etc/systemd/system/sekishod.service", "/usr/lib/systemd/system/sekishod.service",
                 "/usr/local/lib/systemd/system/sekishod.service"},
      [](const char* path) { return exists(path); });
}

std::string find_folder_fault(const std::string& folder) {
  if (!exists(folder)) {
    const bool will_be_made = std::ranges::find(folders_of_units, folder) != folders_of_units.end();
    return will_be_made && has_unit()
               ? ""
               : "there is no folder " + folder + "; create it for the daemon's user";
  }
  struct stat status{};
  if (stat(folder.c_str(), &status) == 0 && !S_ISDIR(status.st_mode)) {
    return folder + " is no folder";
  }
  return may(folder, W_OK | X_OK) ? ""
                                  : "cannot create a file in " + folder + ": " + reason(errno) +
                                        "; give the folder to the daemon's user";
}

std::vector<Fault> find_start_faults(const Options& options) {
  std::vector<Fault> faults;
  if (options.socket.empty()) {
    faults.push_back({"socket",
                      "missing; expected unix:PATH, inet:PORT@ADDRESS, inet6:PORT@ADDRESS or "
                      "fd:N"});
  }
  if (auto fault = find_exposed_metrics(options.metrics)) {
    faults.push_back(*std::move(fault));
  }
  add_shared_sockets(options, faults);
  return faults;
}

std::vector<Fault> find_socket_faults(const Options& options) {
  std::vector<Fault> faults;
  if (const auto socket = parse_socket(options.socket)) {
    add(faults, "socket", find_fault_of(*socket));
  }
  if (const auto socket = parse_socket(options.control.socket)) {
    add(faults, "control.socket", find_fault_of(*socket));
  }
  if (const auto socket = parse_address_and_port(options.metrics.listen)) {
    add(faults, "metrics.listen", find_address_fault(*socket));
  }
  return faults;
}

std::vector<Fault> find_store_faults(const Options& options) {
  std::vector<Fault> faults;
  const auto location = report::store::parse_location(options.feedback.store);
  if (location && location->backend == report::store::Backend::sqlite) {
    add(faults, "feedback.store", find_file_fault(location->target));
  }
  if (location && !options.feedback.spill_file.empty()) {
    add(faults, "feedback.spill_file", find_file_fault(options.feedback.spill_file));
  }
  if (options.failure.enabled) {
    add(faults, "failure.spool", find_spool_fault(options.failure.spool));
  }
  return faults;
}

std::vector<std::string> describe_faults(const std::vector<Fault>& faults,
                                         const std::string& path) {
  std::vector<std::string> lines;
  if (faults.empty()) {
    return lines;
  }
  const auto settings = load_settings(path).value_or(std::vector<Setting>{});
  for (const Fault& fault : faults) {
    const auto setting = std::ranges::find(settings, fault.option, &Setting::name);
    const bool is_set = setting != settings.end() && setting->line != 0;
    lines.push_back((is_set ? setting->file + ":" + std::to_string(setting->line) : path) + ": " +
                    fault.option + ": " + fault.what);
  }
  return lines;
}

}  // namespace sekisho::config
