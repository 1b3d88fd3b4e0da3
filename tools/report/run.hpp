// What `sekisho report send` and `sekisho report preview` have in common: days, store, reporter.
#pragma once

#include "config/options.hpp"
#include "dns/resolver.hpp"
#include "report/aggregate_sender/aggregate_sender.hpp"
#include "tools/cli/command_line.hpp"
#include "tools/cli/dns_options.hpp"
#include "tools/cli/refusal.hpp"
#include "tools/report/store.hpp"

#include <chrono>
#include <cstdint>
#include <expected>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace sekisho::tools {

struct RunArguments {
  StoreArguments store;
  std::string since;
  std::string until;
  DnsArguments dns;
  std::optional<std::int64_t> now;
};

void add_run_options(Command& command, RunArguments& arguments);

struct ReportRun {
  config::Options options;
  report::aggregate_sender::ReportingOrganization reporter;
  std::unique_ptr<report::store::Store> store;
  std::shared_ptr<dns::Resolver> resolver;
  std::function<std::chrono::sys_seconds()> clock;

  /// Returns a sender that has references to this and to `mailer`.
  [[nodiscard]] report::aggregate_sender::AggregateSender sender(
      report::mailer::Mailer& mailer, report::aggregate_sender::SenderEvents events);
};

/// Reads the configuration, and opens the store and the DNS.
[[nodiscard]] std::expected<ReportRun, Refusal> open_run(const RunArguments& arguments);

/// From --since to --until, both in it; without them `last`. Refused: what is no date, the wrong
/// order, and more than a year.
[[nodiscard]] std::expected<std::vector<std::chrono::sys_days>, Refusal> days_of(
    const RunArguments& arguments, std::chrono::sys_days last);

}  // namespace sekisho::tools
