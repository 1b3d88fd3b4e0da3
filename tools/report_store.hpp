// The options --config and --store of the subcommands that use the store.
#pragma once

#include "report/store/store.hpp"
#include "tools/configuration.hpp"
#include "tools/refusal.hpp"

#include <expected>
#include <string>

#include <CLI/App.hpp>

namespace sekisho::tools {

struct StoreArguments {
  std::string config{default_configuration};
  std::string store;  ///< Empty: that of the configuration.
};

void add_store_options(CLI::App& command, StoreArguments& arguments);

[[nodiscard]] std::expected<report::Store, Refusal> open_store(const StoreArguments& arguments);

}  // namespace sekisho::tools
