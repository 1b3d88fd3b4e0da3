// What an author sent to large receivers in the last day, as the daemon's store has it.
#pragma once

#include "config/options.hpp"
#include "preflight/receivers.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>

namespace sekisho::tools {

/// Returns the function for preflight::Request::sent_before: empty where the configuration names no
/// store, or that cannot be read, which is told on standard error.
[[nodiscard]] std::function<std::uint64_t(const std::string&, const preflight::Receiver&)>
sent_by_store(const config::Options& options, std::chrono::sys_seconds now);

}  // namespace sekisho::tools
