// Lists of milters as main.cf and master.cf have them.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace sekisho::tools::setup {

/// Returns the list with `wanted` in it once: in the place of one of `ours`, or else as the first,
/// so that the milters that follow see its results. All else stays as it is written.
[[nodiscard]] std::string add_milter(const std::string& list, const std::string& wanted,
                                     const std::vector<std::string>& ours);

/// Returns the list without `ours`.
[[nodiscard]] std::string remove_milters(const std::string& list,
                                         const std::vector<std::string>& ours);

[[nodiscard]] bool has_milter(std::string_view list, std::string_view name);

}  // namespace sekisho::tools::setup
