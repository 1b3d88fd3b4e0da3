#include "report/aggregate_reader.hpp"
#include "report/tls_report.hpp"
#include "tools/dns_options.hpp"
#include "tools/feedback.hpp"
#include "tools/progress.hpp"
#include "tools/refusal.hpp"
#include "tools/report_files.hpp"
#include "tools/source_names.hpp"
#include "tools/subcommands.hpp"

#include <expected>
#include <fstream>
#include <iostream>
#include <string>
#include <utility>
#include <vector>

#include <unistd.h>

#include <fmt/format.h>

namespace sekisho::tools {

namespace {

struct Arguments {
  DnsArguments dns;
  bool no_names = false;
  std::size_t sources = 20;
  std::string format = "text";
  std::string html;
  std::vector<std::string> files;
};

/// Reads files into Feedback; what cannot be read is said at once and kept.
class FeedbackReader {
 public:
  FeedbackReader(Feedback& feedback, Progress& progress)
      : feedback_(feedback), progress_(progress) {}

  void read(const std::vector<std::string>& paths) {
    read_report_files(
        paths,
        {.on_file =
             [this](std::size_t number, std::size_t all) {
               number_ = number;
               all_ = all;
               show_progress();
             },
         .on_document = [this](const report::Document& document) { read_document(document); },
         .on_problem = [this](const std::string& file,
                              const std::string& problem) { complain_of(file, problem); },
         .on_other_mail = [this](const std::string&) { ++feedback_.other_mails; }});
  }

 private:
  void read_document(const report::Document& document) {
    show_progress();
    switch (document.kind) {
      case report::DocumentKind::aggregate:
        read_aggregate(document);
        return;
      case report::DocumentKind::tls:
        read_tls(document);
        return;
    }
    std::unreachable();
  }

  void read_aggregate(const report::Document& document) {
    report::ReportTally tally;
    const auto reading =
        report::read_aggregate(document.octets, {}, [&](const report::Record& record) {
          tally.add(record);
          if (++records_ % 1'024 == 0) {
            show_progress();
          }
        });
    if (!reading) {
      complain_of(document.name, reading.error());
      return;
    }
    keep_notes(reading->notes);
    feedback_.duplicates += feedback_.summary.add(reading->header, std::move(tally)) ? 0 : 1;
  }

  void read_tls(const report::Document& document) {
    const auto reading = report::read_tls_report(document.octets, {});
    if (!reading) {
      complain_of(document.name, reading.error());
      return;
    }
    keep_notes(reading->notes);
    feedback_.duplicates += feedback_.summary.add(reading->report) ? 0 : 1;
  }

  void keep_notes(const std::vector<report::Note>& notes) {
    for (const report::Note& note : notes) {
      ++feedback_.notes[note.text];
    }
  }

  void complain_of(const std::string& file, const std::string& problem) {
    progress_.clear();
    complain_of_file("report read", file, problem);
    feedback_.problems.push_back({.file = file, .text = problem});
  }

  void show_progress() {
    if (progress_.is_due()) {
      progress_.show(fmt::format("reading file {} of {}: {} reports, {} records", number_, all_,
                                 feedback_.summary.reports(), records_));
    }
  }

  Feedback& feedback_;
  Progress& progress_;
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
    return format_feedback_json(feedback);
  }
  if (arguments.format == "csv") {
    return format_feedback_csv(feedback);
  }
  return format_feedback_text(feedback, arguments.sources, isatty(STDOUT_FILENO) != 0);
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
    FeedbackReader(feedback, progress).read(arguments.files);
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
  const bool found = feedback.summary.reports() != 0;
  if (!found && feedback.problems.empty()) {
    return complain("report read", {exit_failure, "no report found"});
  }
  return feedback.problems.empty() ? exit_success : exit_failure;
}

}  // namespace

void add_report_read(Command& report) {
  Command read = report.command(
      "read", "Sum up DMARC aggregate reports and TLS reports, per domain and source");
  Arguments& arguments = read.runs(run);
  add_dns_options(read, arguments.dns);
  read.flag("--no-names", arguments.no_names, "Do not ask the DNS for the sources' names");
  read.number("--sources NUMBER", arguments.sources,
              "Sources of a domain that are shown; 0 shows all");
  read.choice("--format", arguments.format, {"text", "json", "csv"}, "How to print what was read");
  read.option("--html FILE", arguments.html, "Also write one page for a browser");
  read.argument("FILE", arguments.files,
                "XML or JSON, gzip, zip, mail, mailbox, Maildir, folder; - is standard input")
      .required();
}

}  // namespace sekisho::tools
