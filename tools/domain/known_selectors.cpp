#include "tools/domain/known_selectors.hpp"

#include "report/store/received.hpp"
#include "tools/cli/configuration.hpp"
#include "tools/report/store.hpp"

#include <algorithm>
#include <iostream>
#include <optional>
#include <set>
#include <utility>

namespace sekisho::tools {

namespace {

constexpr std::string_view subcommand = "domain check";
constexpr std::size_t max_selectors = 50;

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

std::vector<NamedSelector> selectors_of_reports(const config::Options& options,
                                                const mail::Domain& domain,
                                                std::chrono::sys_seconds since) {
  if (options.feedback.store.empty()) {
    return {};
  }
  auto store = open_store(StoreArguments{}, options, Absence::refuse);
  if (!store) {
    warn(store.error());
    return {};
  }
  std::set<std::string> found;
  report::store::ReceivedReports reports(*store);
  const auto read = reports.read(
      domain.text(), since,
      [&](const report::format::AggregateHeader&, const report::format::AggregateRecord& record) {
        for (const report::format::DkimAuthResult& result : record.dkim) {
          const bool is_ours = mail::Domain::parse(result.domain) == domain;
          if (is_ours && result.result == report::format::AuthResult::pass &&
              is_selector(result.selector) && found.size() < max_selectors) {
            found.insert(result.selector);
          }
        }
      });
  if (!read) {
    warn({exit_failure, read.error().text});
  }
  std::vector<NamedSelector> selectors;
  for (const std::string& selector : found) {
    selectors.push_back({domain, selector});
  }
  return selectors;
}

}  // namespace sekisho::tools
