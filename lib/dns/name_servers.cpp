#include "dns/name_servers.hpp"

#include <chrono>
#include <utility>

#include <unistd.h>

namespace sekisho::dns {

namespace {

// A file that was written just now can be written again without a later time of change.
constexpr std::chrono::seconds unsettled{1};

bool is_settled(const struct stat& status) {
  const auto changed = std::chrono::system_clock::from_time_t(status.st_mtim.tv_sec);
  return changed + 2 * unsettled < std::chrono::system_clock::now();
}

}  // namespace

NameServers::NameServers(const std::vector<Server>& fixed, std::string resolv_conf) {
  if (!fixed.empty()) {
    current_ = std::make_shared<const std::vector<Server>>(fixed);
    return;
  }
  path_ = std::move(resolv_conf);
  version_ = settled_version();  // before reading: a change in between is seen at the next look
  current_ = std::make_shared<const std::vector<Server>>(system_servers(path_));
}

// Nullopt for a file that is not there, too.
std::optional<NameServers::Version> NameServers::settled_version() const {
  struct stat status{};
  if (stat(path_.c_str(), &status) != 0 || !is_settled(status)) {
    return std::nullopt;
  }
  return Version(status.st_dev, status.st_ino, status.st_size, status.st_mtim.tv_sec,
                 status.st_mtim.tv_nsec, status.st_ctim.tv_nsec);
}

bool NameServers::look() {
  if (path_.empty()) {
    return false;
  }
  const std::optional<Version> now = settled_version();
  if (now && now == version_) {
    return false;
  }
  version_ = now;
  if (access(path_.c_str(), R_OK) != 0) {
    version_ = std::nullopt;  // the servers of before, until it can be read
    return false;
  }
  std::vector<Server> servers = system_servers(path_);
  if (servers == *current_) {
    return false;
  }
  current_ = std::make_shared<const std::vector<Server>>(std::move(servers));
  return true;
}

}  // namespace sekisho::dns
