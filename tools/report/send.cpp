#include "report/mailer/smtp_mailer.hpp"
#include "tools/cli/progress.hpp"
#include "tools/cli/subcommands.hpp"
#include "tools/report/read_report.hpp"
#include "tools/report/run.hpp"
#include "tools/report/send_text.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <utility>

#include <fmt/core.h>

namespace sekisho::tools {

namespace {

struct Arguments {
  RunArguments run;
  std::string domain;
  bool dry_run = false;
  std::string output;
  std::string format = "text";
};

/// Days and which of their reports, in the order of time.
struct Part {
  std::chrono::sys_days day;
  report::aggregate_sender::Selection selection = report::aggregate_sender::Selection::all;
};

std::expected<std::vector<std::chrono::sys_days>, Refusal> wanted_days(const Arguments& arguments,
                                                                       const ReportRun& run) {
  const std::chrono::sys_days last =
      report::aggregate_sender::last_complete_day(run.options.report, run.clock());
  auto days = days_of(arguments.run, last);
  if (days && days->back() > last && !arguments.dry_run) {
    return std::unexpected(
        Refusal{exit_usage, format_day(days->back()) +
                                " is not over, or not long enough (report.delay): what comes "
                                "later would not be reported"});
  }
  return days;
}

/// Of a daily run also what is left of the days before.
std::expected<std::vector<Part>, report::store::StoreError> parts_of(
    const RunArguments& arguments, const std::vector<std::chrono::sys_days>& days,
    report::aggregate_sender::AggregateSender& sender) {
  std::vector<Part> parts;
  if (arguments.since.empty() && arguments.until.empty()) {
    const auto unfinished = sender.unfinished_days(days.front());
    if (!unfinished) {
      return std::unexpected(unfinished.error());
    }
    for (const std::chrono::sys_days day : *unfinished) {
      parts.push_back({day, report::aggregate_sender::Selection::unsent});
    }
  }
  for (const std::chrono::sys_days day : days) {
    parts.push_back({day, report::aggregate_sender::Selection::all});
  }
  return parts;
}

/// Reports as files, under the names that they have in mails.
class OutputFolder {
 public:
  explicit OutputFolder(std::filesystem::path folder) : folder_(std::move(folder)) {}

  void write(const report::aggregate_sender::Package& package) {
    if (folder_.empty()) {
      return;
    }
    std::error_code error;
    std::filesystem::create_directories(folder_, error);
    const std::filesystem::path path = folder_ / package.names.file_name;
    std::ofstream file(path, std::ios::binary | std::ios::trunc);
    file << package.xml_gz;
    if (!file.flush()) {
      problem_ =
          path.string() + ": cannot be written: " + (error ? error.message() : last_reason());
    }
  }

  [[nodiscard]] const std::string& problem() const { return problem_; }

 private:
  std::filesystem::path folder_;
  std::string problem_;
};

/// What a run has come to.
struct Done {
  std::vector<report::aggregate_sender::SendResult> reports;
  std::string problem;  ///< Why it ended before its time; empty: it did not.
};

report::aggregate_sender::SenderEvents events_for(Done& done, OutputFolder& output,
                                                  Progress& progress) {
  report::aggregate_sender::SenderEvents events;
  events.on_progress = [&](const std::string& domain, std::uint64_t records) {
    if (progress.is_due()) {
      progress.show(
          fmt::format("{} reports done; {}: {} records", done.reports.size(), domain, records));
    }
  };
  events.on_package = [&](const report::aggregate_sender::Package& package) {
    output.write(package);
  };
  events.on_report = [&](const report::aggregate_sender::SendResult& report) {
    done.reports.push_back(report);
    if (progress.is_due()) {
      progress.show(fmt::format("{} reports done; {}", done.reports.size(), report.policy_domain));
    }
  };
  return events;
}

std::string store_problem(const report::store::StoreError& error) {
  return "the store: " + error.text;
}

/// Empty: all went well.
std::string send_parts(const std::vector<Part>& parts, const std::string& domain,
                       report::aggregate_sender::AggregateSender& sender, const Done& done,
                       const std::string& smarthost) {
  for (const auto& [day, selection] : parts) {
    const auto sent = sender.send(day, selection, domain);
    if (!sent) {
      return store_problem(sent.error());
    }
    if (!*sent) {
      return smarthost + " takes no mail: " + done.reports.back().reason +
             "; what is left is sent by the next run";
    }
  }
  return "";
}

Done send_days(const Arguments& arguments, ReportRun& run,
               const std::vector<std::chrono::sys_days>& days) {
  Done done;
  OutputFolder output(arguments.output);
  Progress progress;
  const report::mailer::SmtpOptions& smtp = run.options.report.smtp;
  report::mailer::SmtpMailer mailer(smtp);
  report::mailer::DryRunMailer dry_run;
  report::aggregate_sender::AggregateSender sender =
      run.sender(arguments.dry_run ? static_cast<report::mailer::Mailer&>(dry_run) : mailer,
                 events_for(done, output, progress));
  const auto parts = parts_of(arguments.run, days, sender);
  done.problem = parts ? send_parts(*parts, arguments.domain, sender, done, smtp.smarthost)
                       : store_problem(parts.error());
  if (done.problem.empty()) {
    done.problem = output.problem();
  }
  return done;
}

int run_send(const Arguments& given) {
  Arguments arguments = given;
  if (!arguments.domain.empty()) {
    const auto domain = mail::Domain::parse(arguments.domain);
    if (!domain) {
      return complain("report send", {exit_usage, arguments.domain + ": not a domain"});
    }
    arguments.domain = domain->text();
  }
  auto run = open_run(arguments.run);
  if (!run) {
    return complain("report send", run.error());
  }
  const auto days = wanted_days(arguments, *run);
  if (!days) {
    return complain("report send", days.error());
  }
  const Done done = send_days(arguments, *run, *days);
  if (done.problem.empty() && done.reports.empty() && !arguments.domain.empty()) {
    return complain("report send",
                    {exit_failure, "no message in that time met a policy of " + arguments.domain +
                                       " that asks for reports; nothing was sent"});
  }
  std::cout << (arguments.format == "json" ? format_sent_json(done.reports, arguments.dry_run)
                                           : format_sent_text(done.reports, arguments.dry_run));
  if (!std::cout.flush()) {
    return complain("report send", {exit_failure, "the output cannot be written"});
  }
  return done.problem.empty() ? exit_success
                              : complain("report send", {exit_failure, done.problem});
}

}  // namespace

void add_report_send(Command& report) {
  Command send = report.command(
      "send", "Send DMARC aggregate reports to the owners of domains who ask for them");
  Arguments& arguments = send.runs(run_send);
  add_run_options(send, arguments.run);
  send.option("--domain DOMAIN", arguments.domain, "Only the report to this policy domain");
  send.flag("--dry-run", arguments.dry_run,
            "Create the reports, but do not send or store anything");
  send.option("--output DIR", arguments.output, "Also write the reports to this folder");
  send.choice("--format", arguments.format, {"text", "json"}, "Output format");
}

}  // namespace sekisho::tools
