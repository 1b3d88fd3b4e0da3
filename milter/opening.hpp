// From the configuration file to the services of the daemon: at its start, and at a reload.
#pragma once

#include "checkpoint/services.hpp"

#include <expected>
#include <memory>
#include <string>
#include <vector>

namespace sekisho::milter {

struct Opened {
  std::shared_ptr<checkpoint::Services> services;
  std::vector<std::string> warnings;  ///< Entries that cannot be used while the rest can.
};

/// Reads the file and every file that it names. The resolver of `before`, with all that it
/// remembers, goes on where the section [dns] is as it was. An error has one line for each fault,
/// and nothing was changed.
[[nodiscard]] std::expected<Opened, std::vector<std::string>> open_services(
    const std::string& path, const std::shared_ptr<const checkpoint::Services>& before = nullptr);

}  // namespace sekisho::milter
