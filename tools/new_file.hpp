// Files that a subcommand makes, and never writes over.
#pragma once

#include "tools/refusal.hpp"

#include <expected>
#include <string>
#include <string_view>

#include <sys/types.h>

namespace sekisho::tools {

/// Makes a file that was not there. Nobody sees half of it for long: what cannot be finished is
/// taken away.
[[nodiscard]] std::expected<void, Refusal> write_new_file(const std::string& path,
                                                          std::string_view text, mode_t mode);

}  // namespace sekisho::tools
