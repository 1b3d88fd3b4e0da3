#include "tools/cli/dns_options.hpp"
#include "tools/cli/progress.hpp"
#include "tools/cli/refusal.hpp"
#include "tools/cli/subcommands.hpp"
#include "tools/report/files.hpp"
#include "tools/report/read_report.hpp"
#include "tools/report/source_names.hpp"

#include <expected>
#include <fstream>
#include <iostream>
#include <string>
#include <utility>
#include <vector>

#include <unistd.h>

#include <fmt/core.h>

namespace sekisho::tools {

namespace {

struct Arguments {
  DnsArguments dns;
  bool no_names = false;
  std::size_t sources = 20;
  std::string format = "text";
  std::string html;
  bool show = false;
  std::vector<std::string> files;
};

/// Sums up what is read; what cannot be read is said at once and kept.
class FeedbackSink final : public report::import::ReportSink {
 public:
  FeedbackSink(Feedback& feedback, Progress& progress) : feedback_(feedback), progress_(progress) {}

  void begin_file(std::size_t number, std::size_t all) override {
    number_ = number;
    all_ = all;
    show_progress();
  }
  void add(report::format::AggregateRecord record) override {
    tally_.add(record);
    if (++records_ % 1'024 == 0) {
      show_progress();
    }
  }
  void end_aggregate(const std::string& name,
                     const report::format::AggregateReading& reading) override {
    feedback_.notes.add(reading.notes);
    if (reading.is_cut) {
      add_problem(name, cut_report);
    }
    count(feedback_.summary.add(reading.header, std::exchange(tally_, {})));
  }
  void drop_records() override { tally_ = {}; }
  void add(const std::string& /*name*/, const report::format::TlsReading& reading) override {
    feedback_.notes.add(reading.notes);
    count(feedback_.summary.add(reading.report));
  }
  void add(const report::format::FeedbackReport& report) override {
    count(feedback_.summary.add(report));
  }
  void add_other_mail(const std::string& /*name*/) override { ++feedback_.other_mails; }
  void add_problem(const std::string& name, const std::string& text) override {
    progress_.clear();
    complain_of_file("report read", name, text);
    feedback_.problems.push_back({.file = name, .text = text});
  }

 private:
  void count(bool is_new) { feedback_.duplicates += is_new ? 0 : 1; }

  void show_progress() {
    if (progress_.is_due()) {
      progress_.show(fmt::format("reading file {} of {}: {} reports, {} records", number_, all_,
                                 feedback_.summary.reports(), records_));
    }
  }

  Feedback& feedback_;
  Progress& progress_;
  report::analysis::ReportCounts tally_;
  std::size_t number_ = 0;
  std::size_t all_ = 0;
  std::uint64_t records_ = 0;
};

std::expected<void, Refusal> name_sources(const Arguments& arguments, Feedback& feedback,
                                          Progress& progress) {
  if (arguments.no_names || feedback.domains.empty()) {
    return {};
  }
  const auto resolver = open_resolver(arguments.dns);
  if (!resolver) {
    return std::unexpected(resolver.error());
  }
  const std::size_t per_domain = arguments.format == "text" ? arguments.sources : 0;
  if (!name_sources(feedback, per_domain, *resolver, progress)) {
    progress.clear();
    std::cerr << "sekisho report read: the DNS does not answer; sources stay without names\n";
  }
  return {};
}

std::string formatted(const Arguments& arguments, const Feedback& feedback) {
  if (arguments.format == "json") {
    return format_feedback_json(feedback, arguments.show);
  }
  if (arguments.format == "csv") {
    return format_feedback_csv(feedback);
  }
  return format_feedback_text(feedback, {.max_sources = arguments.sources,
                                         .colour = isatty(STDOUT_FILENO) != 0,
                                         .personal = arguments.show});
}

std::expected<void, Refusal> write_page(const Arguments& arguments, const Feedback& feedback) {
  if (arguments.html.empty()) {
    return {};
  }
  std::ofstream file(arguments.html, std::ios::binary | std::ios::trunc);
  file << format_feedback_html(feedback, arguments.sources);
  if (!file.flush()) {
    return std::unexpected(Refusal{exit_failure, arguments.html + ": cannot be written"});
  }
  return {};
}

std::expected<void, Refusal> read_reports(const Arguments& arguments, Feedback& feedback) {
  {
    Progress progress;
    FeedbackSink sink(feedback, progress);
    report::import::read_reports(arguments.files, {}, sink);
    arrange(feedback);
    if (const auto named = name_sources(arguments, feedback, progress); !named) {
      return named;
    }
  }
  std::cout << formatted(arguments, feedback);
  if (!std::cout.flush()) {
    return std::unexpected(Refusal{exit_failure, "the output cannot be written"});
  }
  return write_page(arguments, feedback);
}

int run(const Arguments& arguments) {
  Feedback feedback;
  if (const auto done = read_reports(arguments, feedback); !done) {
    return complain("report read", done.error());
  }
  const bool found = feedback.summary.reports() != 0 || !feedback.summary.feedback().empty();
  if (!found && feedback.problems.empty()) {
    return complain("report read", {exit_failure, "no report found"});
  }
  return feedback.problems.empty() ? exit_success : exit_failure;
}

}  // namespace

void add_report_read(Command& report) {
  Command read = report.command(
      "read", "Sum up DMARC reports, TLS reports and failure reports, per domain and source");
  Arguments& arguments = read.runs(run);
  add_dns_options(read, arguments.dns);
  read.flag("--no-names", arguments.no_names, "Do not ask the DNS for the sources' names");
  read.number("--sources NUMBER", arguments.sources,
              "Maximum number of sources for each domain; 0 shows all");
  read.choice("--format", arguments.format, {"text", "json", "csv"}, "Output format");
  read.flag("--show", arguments.show,
            "Also show authors, recipients and subjects of failure reports");
  read.option("--html FILE", arguments.html, "Also write an HTML page");
  read.argument("FILE", arguments.files,
                "XML, JSON, gzip, zip, mail, mailbox, Maildir or folder, or - for standard input")
      .required();
}

}  // namespace sekisho::tools
