// Files that setup reads, replaces and removes.
#pragma once

#include "tools/cli/refusal.hpp"

#include <expected>
#include <optional>
#include <string>
#include <string_view>

#include <sys/types.h>

namespace sekisho::tools::setup {

/// Returns the text of a file; nullopt if it cannot be read or is larger than sixteen megabytes.
[[nodiscard]] std::optional<std::string> read_file(const std::string& path);

/// Writes the text under another name, then renames it, so that nobody sees half of it. An existing
/// file passes its owner, group and mode on; a new one gets `mode`, and its folder is made if it is
/// missing.
[[nodiscard]] std::expected<void, Refusal> replace_file(const std::string& path,
                                                        std::string_view text, mode_t mode);

/// It is no error if there is no such file.
[[nodiscard]] std::expected<void, Refusal> remove_file(const std::string& path);

/// Makes a folder and gives it away. An error says which user or group is missing.
[[nodiscard]] std::expected<void, Refusal> make_folder(const std::string& path,
                                                       const std::string& owner,
                                                       const std::string& group, mode_t mode);

}  // namespace sekisho::tools::setup
