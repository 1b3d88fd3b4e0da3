// Which files the daemon reads, as far as its configuration names them.
#pragma once

#include "config/options.hpp"

#include <string>
#include <vector>

namespace sekisho::tools {

/// The configuration itself, keys, those of OpenDKIM's KeyTable too, tables and lists; each once. A
/// table that cannot be read adds nothing but itself.
[[nodiscard]] std::vector<std::string> files_of_daemon(const std::string& configuration,
                                                       const config::Options& options);

}  // namespace sekisho::tools
