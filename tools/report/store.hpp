// The options --config and --store of the subcommands that use the store, and the store.
#pragma once

#include "config/options.hpp"
#include "report/store/store.hpp"
#include "tools/cli/command_line.hpp"
#include "tools/cli/configuration.hpp"
#include "tools/cli/refusal.hpp"

#include <cstdint>
#include <expected>
#include <string>

namespace sekisho::tools {

struct StoreArguments {
  std::string config{default_configuration};
  std::string store;  ///< Empty: that of the configuration.
};

void add_store_options(Command& command, StoreArguments& arguments);

/// What of a file that --store names and that is not there: a slip for those who only read.
enum class Absence : std::uint8_t { make, refuse };

/// Reads the configuration where --store does not say where the store is.
[[nodiscard]] std::expected<report::store::Store, Refusal> open_store(
    const StoreArguments& arguments, Absence absence);
/// The same where the configuration has been read.
[[nodiscard]] std::expected<report::store::Store, Refusal> open_store(
    const StoreArguments& arguments, const config::Options& options, Absence absence);

}  // namespace sekisho::tools
