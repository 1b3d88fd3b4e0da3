#include "report/store/received.hpp"
#include "tools/progress.hpp"
#include "tools/refusal.hpp"
#include "tools/report_files.hpp"
#include "tools/report_store.hpp"
#include "tools/subcommands.hpp"

#include <chrono>
#include <cstdint>
#include <expected>
#include <iostream>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

namespace sekisho::tools {

namespace {

struct Arguments {
  StoreArguments store;
  std::vector<std::string> files;
};

/// Keeps what the files have.
class Importer {
 public:
  explicit Importer(report::Store& store) : received_(store) {}

  void import(const std::vector<std::string>& paths) {
    read_report_files(
        paths,
        {.on_file = [this](std::size_t number, std::size_t all) { show_progress(number, all); },
         .on_document = [this](const report::Document& document) { keep(document); },
         .on_problem = [this](const std::string& file,
                              const std::string& problem) { complain(file, problem); },
         .on_other_mail = [](const std::string&) {}});
  }

  [[nodiscard]] std::string summary() const {
    std::string text = fmt::format("{} reports kept", kept_);
    if (known_ > 0) {
      text += fmt::format(", {} known before", known_);
    }
    if (passed_over_ > 0) {
      text += fmt::format(", {} TLS reports passed over", passed_over_);
    }
    return text + "\n";
  }
  [[nodiscard]] bool has_problems() const { return has_problems_; }
  [[nodiscard]] bool found_any() const { return kept_ + known_ + passed_over_ > 0; }

 private:
  void keep(const report::Document& document) {
    if (document.kind == report::DocumentKind::tls) {
      ++passed_over_;
      return;
    }
    const auto whole = read_whole_report(document);
    if (!whole) {
      complain(document.name, whole.error());
      return;
    }
    const auto now = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
    const auto receipt = received_.add(whole->header, whole->records, now);
    if (!receipt) {
      complain(document.name, receipt.error().text);
      return;
    }
    switch (*receipt) {
      case report::Receipt::kept:
        ++kept_;
        return;
      case report::Receipt::known:
        ++known_;
        return;
      case report::Receipt::too_many:
        complain(document.name, "too many different records to be kept");
        return;
    }
    std::unreachable();
  }

  void complain(const std::string& file, const std::string& problem) {
    progress_.clear();
    complain_of_file("report import", file, problem);
    has_problems_ = true;
  }

  void show_progress(std::size_t number, std::size_t all) {
    if (progress_.is_due()) {
      progress_.show(fmt::format("reading file {} of {}: {} reports kept", number, all, kept_));
    }
  }

  report::Received received_;
  Progress progress_;
  std::uint64_t kept_ = 0;
  std::uint64_t known_ = 0;
  std::uint64_t passed_over_ = 0;
  bool has_problems_ = false;
};

int run(const Arguments& arguments) {
  auto store = open_store(arguments.store, Absence::make);
  if (!store) {
    return complain("report import", store.error());
  }
  Importer importer(*store);
  importer.import(arguments.files);
  if (!importer.found_any() && !importer.has_problems()) {
    return complain("report import", {exit_failure, "no report found"});
  }
  std::cout << importer.summary();
  return importer.has_problems() ? exit_failure : exit_success;
}

}  // namespace

void add_report_import(Command& report) {
  Command import =
      report.command("import", "Keep aggregate reports about our domains in the store, each once");
  Arguments& arguments = import.runs(run);
  add_store_options(import, arguments.store);
  import
      .argument("FILE", arguments.files,
                "XML, gzip, zip, mail, mailbox, Maildir, folder; - is standard input")
      .required();
}

}  // namespace sekisho::tools
