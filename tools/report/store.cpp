#include "tools/report/store.hpp"

#include "report/store/location.hpp"

#include <filesystem>
#include <utility>

namespace sekisho::tools {

namespace {

// A URI stays as it is.
std::string absolute(const std::string& store) {
  return store.contains("://") ? store : std::filesystem::absolute(store).string();
}

std::expected<report::store::Store, Refusal> open_at(const std::string& place, Absence absence) {
  const auto location = report::store::parse_location(place);
  if (!location) {
    return std::unexpected(
        Refusal{exit_failure, report::store::shown_location(place) + ": " + location.error()});
  }
  const std::string name = report::store::format_location(*location);
  if (absence == Absence::refuse && location->backend == report::store::Backend::sqlite &&
      !std::filesystem::exists(location->target)) {
    return std::unexpected(Refusal{exit_failure, name + ": no such store"});
  }
  auto store = report::store::Store::open(*location);
  if (!store) {
    return std::unexpected(Refusal{exit_failure, name + ": " + store.error().text});
  }
  return *std::move(store);
}

}  // namespace

void add_store_options(Command& command, StoreArguments& arguments) {
  command.option("--config FILE", arguments.config, "Configuration of the daemon").shows_default();
  command.option("--store STORE", arguments.store,
                 "SQLite file, or postgresql://...; default: feedback.store");
}

std::expected<report::store::Store, Refusal> open_store(const StoreArguments& arguments,
                                                        Absence absence) {
  if (!arguments.store.empty()) {
    return open_at(absolute(arguments.store), absence);
  }
  const auto options = load_configuration(arguments.config);
  if (!options) {
    return std::unexpected(options.error());
  }
  return open_store(arguments, *options, absence);
}

std::expected<report::store::Store, Refusal> open_store(const StoreArguments& arguments,
                                                        const config::Options& options,
                                                        Absence absence) {
  if (!arguments.store.empty()) {
    return open_at(absolute(arguments.store), absence);
  }
  if (options.feedback.store.empty()) {
    return std::unexpected(Refusal{
        exit_failure, arguments.config + ": feedback.store is not set, and --store not given"});
  }
  return open_at(options.feedback.store, Absence::make);
}

}  // namespace sekisho::tools
