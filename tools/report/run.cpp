#include "tools/report/run.hpp"

#include "report/format/period.hpp"
#include "tools/cli/now_option.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include <unistd.h>

#include <fmt/core.h>

namespace sekisho::tools {

namespace {

std::string host_name() {
  std::array<char, 256> name{};
  if (gethostname(name.data(), name.size() - 1) != 0) {
    return "localhost";
  }
  return name.data();
}

std::expected<std::chrono::sys_days, Refusal> parse_day(const char* option,
                                                        const std::string& text) {
  const auto time = report::format::parse_date_time(text + "T00:00:00Z");
  if (!time) {
    return std::unexpected(
        Refusal{exit_usage, fmt::format("{} {}: not a date such as 2026-11-22", option, text)});
  }
  return std::chrono::floor<std::chrono::days>(*time);
}

}  // namespace

void add_run_options(Command& command, RunArguments& arguments) {
  add_store_options(command, arguments.store);
  command.option("--since DATE", arguments.since, "First day (UTC); default: yesterday");
  command.option("--until DATE", arguments.until, "Last day (UTC); default: yesterday");
  add_dns_options(command, arguments.dns);
  add_now_option(command, arguments.now);
}

report::aggregate_sender::AggregateSender ReportRun::sender(
    report::mailer::Mailer& mailer, report::aggregate_sender::SenderEvents events) {
  return {{.store = *store,
           .resolver = resolver,
           .dmarc = options.dmarc,
           .mailer = mailer,
           .host = host_name(),
           .clock = clock},
          reporter,
          std::move(events)};
}

std::expected<ReportRun, Refusal> open_run(const RunArguments& arguments) {
  const std::string& config = arguments.store.config;
  auto options = load_configuration(config);
  if (!options) {
    return std::unexpected(options.error());
  }
  auto reporter = report::aggregate_sender::make_reporting_organization(options->report,
                                                                        "Sekisho " SEKISHO_VERSION);
  if (!reporter) {
    return std::unexpected(Refusal{exit_failure, config + ": " + reporter.error()});
  }
  auto store = open_store(arguments.store, *options, Absence::refuse);
  if (!store) {
    return std::unexpected(store.error());
  }
  auto resolver = open_resolver(arguments.dns, options->dns);
  if (!resolver) {
    return std::unexpected(resolver.error());
  }
  return ReportRun{.options = *std::move(options),
                   .reporter = *std::move(reporter),
                   .store = std::make_unique<report::store::Store>(*std::move(store)),
                   .resolver = *std::move(resolver),
                   .clock = [now = arguments.now] { return present_time(now); }};
}

std::expected<std::vector<std::chrono::sys_days>, Refusal> days_of(const RunArguments& arguments,
                                                                   std::chrono::sys_days last) {
  constexpr std::chrono::days most{366};
  const auto until = arguments.until.empty() ? last : parse_day("--until", arguments.until);
  if (!until) {
    return std::unexpected(until.error());
  }
  const auto since =
      arguments.since.empty() ? std::min(last, *until) : parse_day("--since", arguments.since);
  if (!since) {
    return std::unexpected(since.error());
  }
  if (*since > *until || *until - *since >= most) {
    return std::unexpected(
        Refusal{exit_usage, "--since and --until: the first and the last day, within a year"});
  }
  std::vector<std::chrono::sys_days> days;
  for (std::chrono::sys_days day = *since; day <= *until; day += std::chrono::days{1}) {
    days.push_back(day);
  }
  return days;
}

}  // namespace sekisho::tools
