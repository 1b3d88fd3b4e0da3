#include "domain_check/domain_check.hpp"
#include "domain_check/overlay.hpp"
#include "tools/cli/now_option.hpp"
#include "tools/cli/progress.hpp"
#include "tools/cli/subcommands.hpp"
#include "tools/domain/report.hpp"
#include "tools/domain/run.hpp"
#include "tools/domain/task.hpp"
#include "tools/domain/watch.hpp"

#include <algorithm>
#include <expected>
#include <iostream>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <unistd.h>

namespace sekisho::tools {

namespace {

domain_check::Options options_for(const DomainTask& task, const mail::Domain& domain) {
  domain_check::Options options = task.options;
  for (const NamedSelector& named : task.named) {
    if (named.domain == domain && std::ranges::count(options.selectors, named.selector) == 0) {
      options.selectors.push_back(named.selector);
    }
  }
  if (const auto stored = task.stored.find(domain); stored != task.stored.end()) {
    options.first_seen = stored->second.selectors;
    for (const auto& [selector, first] : options.first_seen) {
      options.reported_selectors.push_back(selector);
    }
  }
  return options;
}

std::expected<DomainRun, Refusal> check_one(const DomainArguments& arguments,
                                            const DomainTask& task, const mail::Domain& domain,
                                            Progress& progress) {
  std::shared_ptr<dns::Resolver> resolver = task.resolver;
  const auto stored = task.stored.find(domain);
  if (!arguments.with.empty()) {
    auto overlay = domain_check::parse_overlay(arguments.with, domain.text());
    if (!overlay) {
      return std::unexpected(Refusal{exit_usage, "--with " + overlay.error()});
    }
    resolver = std::make_shared<domain_check::Overlay>(resolver, *std::move(overlay));
  }
  DomainRun run = run_domain_check(resolver, domain, options_for(task, domain),
                                   present_time(arguments.now), progress);
  if (stored == task.stored.end()) {
    return run;
  }
  judge_policy(run.report, stored->second.evidence);
  if (!arguments.with.empty()) {
    run.effect = effect_of_records(task.resolver, resolver, domain, stored->second.mail,
                                   task.options.suffixes);
  }
  return run;
}

std::expected<std::vector<DomainRun>, Refusal> check_all(const DomainArguments& arguments,
                                                         const DomainTask& task) {
  Progress progress;
  std::vector<DomainRun> runs;
  for (const mail::Domain& domain : task.domains) {
    auto run = check_one(arguments, task, domain, progress);
    if (!run) {
      return std::unexpected(run.error());
    }
    runs.push_back(*std::move(run));
  }
  return runs;
}

// Keys can be compared when all domains were checked.
void compare_keys(std::vector<DomainRun>& runs) {
  std::vector<domain_check::Report> reports;
  for (DomainRun& run : runs) {
    reports.push_back(std::move(run.report));
  }
  domain_check::note_keys_of_several_domains(reports);
  for (std::size_t i = 0; i < runs.size(); ++i) {
    runs[i].report = std::move(reports[i]);
  }
}

bool is_bad_enough(const DomainArguments& arguments, domain_check::Level level) {
  return level == domain_check::Level::error || arguments.fail_on == "advice" ||
         (arguments.fail_on == "warning" && level == domain_check::Level::warning);
}

// What is wrong weighs more than what the DNS did not answer.
int status_of(const DomainArguments& arguments, const std::vector<DomainRun>& runs,
              const Selection& selection) {
  int status = exit_success;
  for (const DomainRun& run : runs) {
    for (const auto& finding : select(run.report, selection).findings) {
      if (is_bad_enough(arguments, finding.level)) {
        return exit_findings;
      }
    }
    status = run.report.is_answered ? status : exit_no_answer;
  }
  return status;
}

void print(const DomainArguments& arguments, const std::vector<DomainRun>& runs,
           const Selection& selection) {
  if (arguments.format == "json") {
    std::cout << format_domains_json(runs, selection);
    return;
  }
  const bool colour = isatty(STDOUT_FILENO) != 0;
  bool is_first = true;
  for (const DomainRun& run : runs) {
    std::cout << (std::exchange(is_first, false) ? "" : "\n")
              << format_domain_text(run, selection, colour);
  }
}

// What is not worse than in the last run is not told again.
void print_watched(const DomainArguments& arguments, const std::vector<DomainRun>& runs,
                   const Selection& selection) {
  if (arguments.format == "json") {
    std::cout << format_domains_json(runs, selection);
    return;
  }
  const std::string lines = format_lines(runs, selection);
  std::cout << lines;
  if (lines.empty()) {
    std::cout << runs.size() << (runs.size() == 1 ? " domain" : " domains")
              << " checked, nothing new\n";
  }
}

std::expected<void, Refusal> finish_watched(const DomainArguments& arguments, DomainTask& task,
                                            const std::vector<DomainRun>& runs) {
  const Baseline before = read_last_run(task.watched);
  task.selection.before = before;
  print_watched(arguments, runs, task.selection);
  return write_last_run(task.watched, known_after(before, runs));
}

int run(const DomainArguments& arguments) {
  auto task = read_domain_task(arguments);
  if (!task) {
    return complain("domain check", task.error());
  }
  auto runs = check_all(arguments, *task);
  if (!runs) {
    return complain("domain check", runs.error());
  }
  compare_keys(*runs);
  if (arguments.watched) {
    if (const auto done = finish_watched(arguments, *task, *runs); !done) {
      return complain("domain check", done.error());
    }
  } else {
    print(arguments, *runs, task->selection);
  }
  return std::cout.flush()
             ? status_of(arguments, *runs, task->selection)
             : complain("domain check", {exit_failure, "the output cannot be written"});
}

}  // namespace

void add_domain_check(Command& domain) {
  Command check =
      domain.command("check", "Check SPF, DKIM, DMARC, MX and other records of domains");
  DomainArguments& arguments = check.runs(run);
  add_domain_options(check, arguments);
}

}  // namespace sekisho::tools
