#include "report/store/received.hpp"
#include "report/store/received_tls.hpp"
#include "tools/cli/progress.hpp"
#include "tools/cli/refusal.hpp"
#include "tools/cli/subcommands.hpp"
#include "tools/report/files.hpp"
#include "tools/report/store.hpp"

#include <chrono>
#include <cstdint>
#include <expected>
#include <iostream>
#include <string>
#include <utility>
#include <vector>

#include <fmt/core.h>

namespace sekisho::tools {

namespace {

struct Arguments {
  StoreArguments store;
  std::vector<std::string> files;
};

/// Keeps what is read.
class ImportSink final : public report::import::ReportSink {
 public:
  explicit ImportSink(report::store::Store& store) : received_(store), received_tls_(store) {}

  void begin_file(std::size_t number, std::size_t all) override {
    if (progress_.is_due()) {
      progress_.show(fmt::format("reading file {} of {}: {} reports kept", number, all, kept_));
    }
  }
  void add(report::format::AggregateRecord record) override { records_.add(std::move(record)); }
  void end_aggregate(const std::string& name,
                     const report::format::AggregateReading& reading) override {
    if (reading.is_cut) {
      add_problem(name, cut_report);
    }
    const report::store::ReceivedRecords records = std::exchange(records_, {});
    settle(name, received_.add(reading.header, records, now()), reading.notes);
  }
  void drop_records() override { records_ = {}; }
  void add(const std::string& name, const report::format::TlsReading& reading) override {
    settle(name, received_tls_.add(reading.report, now()), reading.notes);
  }
  void add(const report::format::FeedbackReport& /*report*/) override { ++feedback_; }
  void add_other_mail(const std::string& /*name*/) override { ++other_mails_; }
  void add_problem(const std::string& name, const std::string& text) override {
    progress_.clear();
    complain_of_file("report import", name, text);
    has_problems_ = true;
  }

  [[nodiscard]] std::string summary() const {
    std::string text = fmt::format("{} {} kept", kept_, kept_ == 1 ? "report" : "reports");
    const auto add = [&text](std::uint64_t count, std::string_view what) {
      text += count == 0 ? "" : fmt::format(", {} {}", count, what);
    };
    add(known_, "known before");
    add(undated_, "without a date not kept");
    add(feedback_, "reports about single messages passed over");
    add(other_mails_, "mails without a report");
    text += "\n";
    for (const auto& [note, reports] : notes_.counts()) {
      text += fmt::format("note: {} ({} {})\n", note, reports, reports == 1 ? "report" : "reports");
    }
    return text;
  }
  [[nodiscard]] bool has_problems() const { return has_problems_; }
  [[nodiscard]] bool found_any() const { return kept_ + known_ + undated_ + feedback_ > 0; }

 private:
  static std::chrono::sys_seconds now() {
    return std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
  }

  void settle(const std::string& name,
              const std::expected<report::store::AddOutcome, report::store::StoreError>& receipt,
              const std::vector<report::format::ReportNote>& notes) {
    if (!receipt) {
      add_problem(name, receipt.error().text);
      return;
    }
    switch (*receipt) {
      case report::store::AddOutcome::kept:
        ++kept_;
        notes_.add(notes);
        return;
      case report::store::AddOutcome::known:
        ++known_;
        return;
      case report::store::AddOutcome::too_many:
        add_problem(name, "too many different records to be kept");
        return;
      case report::store::AddOutcome::undated:
        ++undated_;
        add_problem(name, "not kept: it has no dates that can be read");
        return;
    }
    std::unreachable();
  }

  report::store::ReceivedReports received_;
  report::store::ReceivedTlsReports received_tls_;
  report::store::ReceivedRecords records_;
  Progress progress_;
  ReportNotes notes_;
  std::uint64_t kept_ = 0;
  std::uint64_t known_ = 0;
  std::uint64_t undated_ = 0;
  std::uint64_t feedback_ = 0;
  std::uint64_t other_mails_ = 0;
  bool has_problems_ = false;
};

int run(const Arguments& arguments) {
  auto store = open_store(arguments.store, Absence::make);
  if (!store) {
    return complain("report import", store.error());
  }
  ImportSink sink(*store);
  report::import::read_reports(arguments.files, {}, sink);
  if (!sink.found_any() && !sink.has_problems()) {
    return complain("report import", {exit_failure, "no report found"});
  }
  std::cout << sink.summary();
  return sink.has_problems() ? exit_failure : exit_success;
}

}  // namespace

void add_report_import(Command& report) {
  Command import = report.command(
      "import", "Add DMARC and TLS reports about our domains to the store, each once");
  Arguments& arguments = import.runs(run);
  add_store_options(import, arguments.store);
  import
      .argument("FILE", arguments.files,
                "XML, JSON, gzip, zip, mail, mailbox, Maildir or folder, or - for standard input")
      .required();
}

}  // namespace sekisho::tools
