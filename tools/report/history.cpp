#include "report/store/history.hpp"

#include "report/format/digest.hpp"
#include "report/store/codec.hpp"
#include "report/store/store.hpp"
#include "tools/cli/progress.hpp"
#include "tools/cli/refusal.hpp"
#include "tools/cli/subcommands.hpp"
#include "tools/report/store.hpp"

#include <cstdint>
#include <expected>
#include <fstream>
#include <iostream>
#include <string>
#include <utility>
#include <vector>

#include <fmt/core.h>

namespace sekisho::tools {

namespace {

struct Arguments {
  StoreArguments store;
  std::string file;
};

/// Counts a file's messages in batches that have names of their own: those of a file that was
/// imported before are known to the store.
class HistoryImport {
 public:
  HistoryImport(report::store::Store& store, std::string name)
      : store_(store), name_(std::move(name)) {}

  void add(report::store::Observation observation) {
    constexpr std::size_t batch_size = 5'000;
    batch_.push_back(std::move(observation));
    if (batch_.size() == batch_size) {
      flush();
    }
  }
  void flush() {
    if (batch_.empty() || !error_.empty()) {
      return;
    }
    const auto added = store_.add(batch_, name_ + ":" + std::to_string(++batches_));
    if (!added) {
      error_ = added.error().text;
    } else if (*added == report::store::Counted::before) {
      known_ += batch_.size();
    }
    messages_ += batch_.size();
    batch_.clear();
    if (progress_.is_due()) {
      progress_.show(fmt::format("{} messages read", messages_));
    }
  }
  [[nodiscard]] const std::string& error() const { return error_; }
  /// Messages that an import before this one has counted.
  [[nodiscard]] std::uint64_t known() const { return known_; }

 private:
  report::store::Store& store_;
  std::string name_;
  std::uint64_t batches_ = 0;
  std::uint64_t messages_ = 0;
  std::uint64_t known_ = 0;
  std::vector<report::store::Observation> batch_;
  std::string error_;
  Progress progress_;
};

/// Of the content of a file: the digests of its parts, together.
std::string digest_of_file(std::istream& file) {
  std::string digests;
  std::vector<char> buffer(1'048'576);
  while (file.read(buffer.data(), static_cast<std::streamsize>(buffer.size())) ||
         file.gcount() > 0) {
    digests += report::format::digest_of({buffer.data(), static_cast<std::size_t>(file.gcount())});
  }
  file.clear();
  file.seekg(0);
  return report::format::digest_of(digests);
}

struct Imported {
  report::store::HistoryCounts counts;
  std::uint64_t known = 0;  ///< Of those read: counted before.
};

std::expected<Imported, Refusal> import(const Arguments& arguments) {
  std::ifstream file(arguments.file, std::ios::binary);
  const std::string digest = file ? digest_of_file(file) : "";
  if (!file) {
    return std::unexpected(
        Refusal{exit_failure, arguments.file + ": cannot be read: " + last_reason()});
  }
  auto store = open_store(arguments.store, Absence::make);
  if (!store) {
    return std::unexpected(store.error());
  }
  HistoryImport import(*store, "history:" + digest);
  const report::store::HistoryCounts counts = report::store::read_history(
      file, [&](report::store::Observation observation) { import.add(std::move(observation)); });
  import.flush();
  if (!import.error().empty()) {
    return std::unexpected(Refusal{exit_failure, import.error()});
  }
  return Imported{counts, import.known()};
}

int run(const Arguments& arguments) {
  const auto imported = import(arguments);
  if (!imported) {
    return complain("report import-history", imported.error());
  }
  const report::store::HistoryCounts& counts = imported->counts;
  if (counts.read + counts.unreported + counts.unreadable == 0) {
    return complain("report import-history", {exit_failure, arguments.file + ": no history"});
  }
  std::cout << fmt::format(
      "{} messages to be reported, {} that nobody asks about, {} that cannot be read\n",
      counts.read, counts.unreported, counts.unreadable);
  if (imported->known > 0) {
    std::cout << fmt::format("{} of them were imported before, and are not counted again\n",
                             imported->known);
  }
  return exit_success;
}

}  // namespace

void add_report_history(Command& report) {
  Command history = report.command(
      "import-history", "Count the messages of OpenDMARC's HistoryFile; a file counts once");
  Arguments& arguments = history.runs(run);
  add_store_options(history, arguments.store);
  history.argument("FILE", arguments.file, "HistoryFile of opendmarc.conf").required();
}

}  // namespace sekisho::tools
