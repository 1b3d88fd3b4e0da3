#include "tools/domain/known_selectors.hpp"

#include "tools/cli/configuration.hpp"

#include <string_view>

namespace sekisho::tools {

namespace {

constexpr std::string_view subcommand = "domain check";

// What is wrong costs the selectors, not the check.
void warn(const Refusal& refusal) {
  static_cast<void>(complain(subcommand, refusal));
}

}  // namespace

std::vector<NamedSelector> selectors_of_configuration(const config::Options& options) {
  const auto ring = load_keys(options, subcommand);
  if (!ring) {
    warn(ring.error());
    return {};
  }
  std::vector<NamedSelector> selectors;
  for (const dkim::SigningKeyPtr& key : (*ring)->keys()) {
    selectors.push_back({key->domain, key->selector});
  }
  return selectors;
}

}  // namespace sekisho::tools
