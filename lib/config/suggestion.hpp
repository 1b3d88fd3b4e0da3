// "Did you mean …": the known name that is nearest to one that is not known.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace sekisho::config {

/// Empty where none is near enough to be meant. A name that is right but for its table
/// (`timeout` for `dns.timeout`) is near.
[[nodiscard]] std::string suggest(std::string_view unknown, std::span<const std::string> known);

}  // namespace sekisho::config
