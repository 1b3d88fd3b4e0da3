#include "report/analysis/breakage.hpp"

#include "mail/domain.hpp"
#include "report/store/tallies.hpp"
#include "tools/cli/now_option.hpp"
#include "tools/cli/subcommands.hpp"
#include "tools/report/breakage_text.hpp"
#include "tools/report/since.hpp"
#include "tools/report/store.hpp"

#include <chrono>
#include <cstdint>
#include <expected>
#include <iostream>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace sekisho::tools {

namespace {

constexpr std::chrono::days default_window{30};

struct Arguments {
  StoreArguments store;
  std::string domain;
  std::string since;
  std::optional<std::int64_t> now;
  std::string format = "text";
};

std::expected<std::string, Refusal> author_of(const Arguments& arguments) {
  if (arguments.domain.empty()) {
    return std::string();
  }
  const auto domain = mail::Domain::parse(arguments.domain);
  if (!domain) {
    return std::unexpected(Refusal{exit_usage, "--domain " + arguments.domain + ": not a domain"});
  }
  return domain->text();
}

std::expected<std::vector<report::analysis::BrokenSignatures>, Refusal> read_broken(
    const Arguments& arguments, std::chrono::sys_seconds since) {
  auto store = open_store(arguments.store, Absence::refuse);
  if (!store) {
    return std::unexpected(store.error());
  }
  auto tallies =
      report::store::read_tallies(store->database(), report::store::TallyKind::change, since);
  if (!tallies) {
    return std::unexpected(Refusal{exit_failure, tallies.error().text});
  }
  std::vector<report::analysis::BrokenSignatures> broken;
  broken.reserve(tallies->size());
  for (report::store::Tally& tally : *tallies) {
    broken.push_back({std::chrono::floor<std::chrono::days>(tally.begin), std::move(tally.author),
                      std::move(tally.party), std::move(tally.detail), tally.messages});
  }
  return broken;
}

std::expected<void, Refusal> show(const Arguments& arguments) {
  const auto author = author_of(arguments);
  if (!author) {
    return std::unexpected(author.error());
  }
  const auto since = parse_since(
      arguments.since,
      std::chrono::floor<std::chrono::days>(present_time(arguments.now)) - default_window);
  if (!since) {
    return std::unexpected(since.error());
  }
  const auto broken = read_broken(arguments, *since);
  if (!broken) {
    return std::unexpected(broken.error());
  }
  const auto sums = report::analysis::sum_breakage(*broken, *author);
  std::cout << (arguments.format == "json" ? format_breakage_json(sums, *since)
                                           : format_breakage_text(sums, *since));
  return {};
}

int run(const Arguments& arguments) {
  const auto shown = show(arguments);
  return shown ? exit_success : complain("report breakage", shown.error());
}

}  // namespace

void add_report_breakage(Command& report) {
  Command breakage =
      report.command("breakage", "Tell which lists and hosts break DKIM signatures, and how");
  Arguments& arguments = breakage.runs(run);
  add_store_options(breakage, arguments.store);
  breakage.option("--domain DOMAIN", arguments.domain,
                  "Only signatures of this organizational domain");
  breakage.option("--since DATE", arguments.since, "First day; default: 30 days ago");
  add_now_option(breakage, arguments.now);
  breakage.choice("--format", arguments.format, {"text", "json"}, "Output format");
}

}  // namespace sekisho::tools
