#include "report/format/aggregate_writer.hpp"
#include "tools/cli/subcommands.hpp"
#include "tools/report/read_report.hpp"
#include "tools/report/run.hpp"
#include "tools/report/send_text.hpp"

#include <iostream>
#include <utility>

#include <unistd.h>

namespace sekisho::tools {

namespace {

struct Arguments {
  RunArguments run;
  std::string domain;
  bool xml = false;
  std::size_t sources = 20;
  std::string format = "text";
};

/// What would go out for one day.
struct Preview {
  report::store::ReportedDomain reported;
  report::aggregate_sender::SendResult report;
};

std::expected<std::vector<Preview>, report::store::StoreError> find_previews(
    ReportRun& run, const std::string& domain, const std::vector<std::chrono::sys_days>& days) {
  std::vector<Preview> previews;
  report::aggregate_sender::SenderEvents events;
  events.on_report = [&](const report::aggregate_sender::SendResult& report) {
    previews.back().report = report;
  };
  report::mailer::DryRunMailer mailer;
  report::aggregate_sender::AggregateSender sender = run.sender(mailer, std::move(events));
  for (const std::chrono::sys_days day : days) {
    auto found = run.store->domains(report::aggregate_sender::period_of(day), domain);
    if (!found) {
      return std::unexpected(found.error());
    }
    if (found->empty()) {
      continue;
    }
    previews.push_back({.reported = std::move(found->front()), .report = {}});
    if (const auto sent = sender.send(day, report::aggregate_sender::Selection::every, domain);
        !sent) {
      return std::unexpected(sent.error());
    }
  }
  return previews;
}

report::format::AggregateHeader header_for(const ReportRun& run, const Preview& preview) {
  const report::format::Period& period = preview.report.period;
  const std::string& domain = preview.report.policy_domain;
  const auto names = report::aggregate_sender::names_of(
      report::aggregate_sender::unique_id(run.reporter.submitter, domain, period),
      run.reporter.submitter, domain, period, preview.report.form);
  return report::aggregate_sender::header_of(run.reporter, preview.reported, preview.report, names);
}

std::expected<void, report::store::StoreError> print_xml(ReportRun& run, const Preview& preview) {
  report::format::AggregateWriter writer(header_for(run, preview),
                                         [](std::string_view piece) { std::cout << piece; });
  const auto read = run.store->records(
      preview.report.policy_domain, preview.report.period,
      [&](const report::format::AggregateRecord& record) { writer.record(record); });
  writer.finish();
  std::cout << '\n';
  return read ? std::expected<void, report::store::StoreError>{} : std::unexpected(read.error());
}

std::expected<Feedback, report::store::StoreError> sum_up(ReportRun& run,
                                                          const std::vector<Preview>& previews) {
  Feedback feedback;
  for (const Preview& preview : previews) {
    report::analysis::ReportCounts tally;
    const auto read = run.store->records(
        preview.report.policy_domain, preview.report.period,
        [&](const report::format::AggregateRecord& record) { tally.add(record); });
    if (!read) {
      return std::unexpected(read.error());
    }
    feedback.summary.add(header_for(run, preview), std::move(tally));
  }
  arrange(feedback);
  return feedback;
}

std::expected<void, report::store::StoreError> print_summary(const Arguments& arguments,
                                                             ReportRun& run,
                                                             const std::vector<Preview>& previews) {
  const auto feedback = sum_up(run, previews);
  if (!feedback) {
    return std::unexpected(feedback.error());
  }
  if (arguments.format == "json") {
    std::cout << format_feedback_json(*feedback, /*personal=*/false);
    return {};
  }
  for (const Preview& preview : previews) {
    std::cout << format_report_text(preview.report);
  }
  std::cout << '\n'
            << format_feedback_text(*feedback, {.max_sources = arguments.sources,
                                                .colour = isatty(STDOUT_FILENO) != 0});
  return {};
}

std::expected<void, report::store::StoreError> print(const Arguments& arguments, ReportRun& run,
                                                     const std::vector<Preview>& previews) {
  if (!arguments.xml) {
    return print_summary(arguments, run, previews);
  }
  for (const Preview& preview : previews) {
    if (auto printed = print_xml(run, preview); !printed) {
      return printed;
    }
  }
  return {};
}

int run_preview(const Arguments& arguments) {
  auto run = open_run(arguments.run);
  if (!run) {
    return complain("report preview", run.error());
  }
  const auto domain = mail::Domain::parse(arguments.domain);
  if (!domain) {
    return complain("report preview", {exit_usage, arguments.domain + ": not a domain"});
  }
  const auto days = days_of(arguments.run, report::aggregate_sender::last_complete_day(
                                               run->options.report, run->clock()));
  if (!days) {
    return complain("report preview", days.error());
  }
  if (arguments.xml && days->size() > 1) {
    return complain("report preview", {exit_usage, "--xml: each day has a report of its own"});
  }
  const auto previews = find_previews(*run, domain->text(), *days);
  if (!previews) {
    return complain("report preview", {exit_failure, "the store: " + previews.error().text});
  }
  if (previews->empty()) {
    return complain("report preview",
                    {exit_failure, "no message in that time met a policy of " + domain->text() +
                                       " that asks for reports"});
  }
  if (const auto printed = print(arguments, *run, *previews); !printed) {
    return complain("report preview", {exit_failure, "the store: " + printed.error().text});
  }
  return std::cout.flush()
             ? exit_success
             : complain("report preview", {exit_failure, "the output cannot be written"});
}

}  // namespace

void add_report_preview(Command& report) {
  Command preview = report.command("preview", "Show the report to a domain and its recipients");
  Arguments& arguments = preview.runs(run_preview);
  add_run_options(preview, arguments.run);
  preview.flag("--xml", arguments.xml, "Print the report itself");
  preview.number("--sources NUMBER", arguments.sources, "Maximum number of sources; 0 shows all");
  preview.choice("--format", arguments.format, {"text", "json"}, "Output format");
  preview.argument("DOMAIN", arguments.domain, "Policy domain").required();
}

}  // namespace sekisho::tools
