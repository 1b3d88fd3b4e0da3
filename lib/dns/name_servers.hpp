// The servers to ask, as they are now: those of the configuration, or of a resolv.conf that may
// change at any time.
#pragma once

#include "dns/stub_resolver.hpp"

#include <memory>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include <sys/stat.h>

namespace sekisho::dns {

using ServersPtr = std::shared_ptr<const std::vector<Server>>;

/// Not thread-safe.
class NameServers {
 public:
  /// `fixed` empty: those that the file names.
  NameServers(const std::vector<Server>& fixed, std::string resolv_conf);

  /// Looks at the file (one stat(2)), as the C library does for each question, and reads it where
  /// it is another than before. True where other servers came of it.
  bool look();
  /// At least one.
  [[nodiscard]] const ServersPtr& current() const { return current_; }

 private:
  // What a file that was written again, or another in its place, differs in.
  using Version = std::tuple<dev_t, ino_t, off_t, decltype(timespec::tv_sec),
                             decltype(timespec::tv_nsec), decltype(timespec::tv_nsec)>;
  [[nodiscard]] std::optional<Version> settled_version() const;

  std::string path_;  // empty: fixed
  std::optional<Version> version_;
  ServersPtr current_;
};

}  // namespace sekisho::dns
