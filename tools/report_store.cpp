#include "tools/report_store.hpp"

#include "report/store/location.hpp"

#include <filesystem>
#include <utility>

namespace sekisho::tools {

namespace {

std::expected<std::string, Refusal> place_of(const StoreArguments& arguments) {
  if (!arguments.store.empty()) {
    const bool is_url = arguments.store.contains("://");
    return is_url ? arguments.store : std::filesystem::absolute(arguments.store).string();
  }
  auto options = load_configuration(arguments.config);
  if (!options) {
    return std::unexpected(std::move(options).error());
  }
  if (options->feedback.store.empty()) {
    return std::unexpected(
        Refusal{exit_failure, arguments.config + ": feedback.store: missing; or give --store"});
  }
  return options->feedback.store;
}

}  // namespace

void add_store_options(CLI::App& command, StoreArguments& arguments) {
  command.add_option("--config", arguments.config, "Configuration of the daemon")
      ->type_name("FILE")
      ->capture_default_str();
  command
      .add_option("--store", arguments.store,
                  "A file for SQLite, or postgresql://...; without it, feedback.store")
      ->type_name("PLACE");
}

std::expected<report::Store, Refusal> open_store(const StoreArguments& arguments) {
  const auto place = place_of(arguments);
  if (!place) {
    return std::unexpected(place.error());
  }
  const auto location = report::parse_location(*place);
  if (!location) {
    return std::unexpected(Refusal{exit_failure, *place + ": " + location.error()});
  }
  auto store = report::Store::open(*location);
  if (!store) {
    return std::unexpected(
        Refusal{exit_failure, report::format_location(*location) + ": " + store.error().text});
  }
  return *std::move(store);
}

}  // namespace sekisho::tools
