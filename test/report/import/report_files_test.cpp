#include "report/import/report_files.hpp"

#include "report/sample.hpp"

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

namespace sekisho::report::import {

namespace {

namespace fs = std::filesystem;
using Strings = std::vector<std::string>;

/// Each thing that is told, in a line.
class Listing final : public ReportSink {
 public:
  void begin_file(std::size_t number, std::size_t all) override {
    lines.push_back("file " + std::to_string(number) + " of " + std::to_string(all));
  }
  void add(format::AggregateRecord record) override { messages += record.count; }
  void end_aggregate(const std::string& name, const format::AggregateReading& reading) override {
    lines.push_back(name + ": " + reading.header.metadata.report_id + ", " +
                    std::to_string(std::exchange(messages, 0)) + " messages" +
                    (reading.is_cut ? ", cut" : ""));
  }
  void drop_records() override { messages = 0; }
  void add(const std::string& name, const format::TlsReading& reading) override {
    lines.push_back(name + ": TLS " + reading.report.report_id);
  }
  void add(const format::FeedbackReport& report) override {
    lines.push_back("failure " + report.author_domain);
  }
  void add_other_mail(const std::string& name) override { lines.push_back(name + ": mail"); }
  void add_problem(const std::string& name, const std::string& text) override {
    lines.push_back(name + ": " + text);
  }

  Strings lines;
  std::uint64_t messages = 0;
};

class Folder {
 public:
  Folder() {
    std::string pattern = (fs::temp_directory_path() / "sekisho-import-XXXXXX").string();
    path_ = mkdtemp(pattern.data());
  }
  ~Folder() { fs::remove_all(path_); }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;

  std::string keep(const std::string& name, std::string_view content) const {
    const fs::path file = path_ / name;
    std::ofstream(file, std::ios::binary) << content;
    return file.string();
  }

 private:
  fs::path path_;
};

Strings read(const Strings& paths, const ProcessLimits& limits = {}) {
  Listing listing;
  read_reports(paths, limits, listing);
  return listing.lines;
}

std::string report(const std::string& id, int count) {
  return "<feedback><report_metadata><report_id>" + id +
         "</report_id></report_metadata><policy_published><domain>example.org</domain>"
         "</policy_published><record><row><source_ip>192.0.2.1</source_ip><count>" +
         std::to_string(count) + "</count></row></record></feedback>";
}

}  // namespace

TEST_CASE("files are read in their order, and what is wrong with them is told", "[report]") {
  const Folder folder;
  const std::string good = folder.keep("1", report("a", 3));
  const std::string broken = folder.keep("2", report("b", 5).substr(0, 100));
  const std::string cut = folder.keep("3", report("c", 7) + " ");
  const std::string tls = folder.keep("4", text_of("rfc8460.json"));
  const std::string mail = folder.keep("5", "From: a@example.org\n\nHello.\n");
  CHECK(read({good, broken, cut, tls, mail, "/none"}) ==
        Strings{"/none: no such file", "file 1 of 5", good + ": a, 3 messages", "file 2 of 5",
                broken + ": ends before its first record does", "file 3 of 5",
                cut + ": c, 7 messages", "file 4 of 5",
                tls + ": TLS 5065427c-23d3-47ca-b6e0-946ea0e8c4be", "file 5 of 5",
                mail + ": mail"});
  CHECK(read({}).empty());
}

TEST_CASE("records of a report that is refused are not those of the next", "[report]") {
  const Folder folder;
  std::string refused = report("a", 100);
  refused.insert(refused.rfind("</feedback>"), "<!DOCTYPE x>");
  const std::string first = folder.keep("1", refused);
  const std::string second = folder.keep("2", report("b", 3));
  CHECK(read({first, second}) ==
        Strings{"file 1 of 2",
                first + ": line 1: a document type (DOCTYPE) has no place in a report",
                "file 2 of 2", second + ": b, 3 messages"});
}

#ifndef SEKISHO_SANITIZED
TEST_CASE("what ends the reading process costs one file", "[report]") {
  const Folder folder;
  // More memory than the process gets here, and less than a mail may have.
  const std::string large = "A: b\n\n" + std::string(33'000'000, 'x') + "\n\n";
  const std::string first = folder.keep("1", report("a", 3));
  const std::string hostile = folder.keep("2", large);
  const std::string last = folder.keep("3", report("d", 7));
  CHECK(read({first, hostile, last}, {.memory = std::uint64_t{64} << 20U}) ==
        Strings{"file 1 of 3", first + ": a, 3 messages", "file 2 of 3",
                hostile + ": takes too much memory to read", "file 3 of 3",
                last + ": d, 7 messages"});
}

TEST_CASE("a mail that ends the splitting of a mailbox costs itself alone", "[report]") {
  const Folder folder;
  const auto mail = [](const std::string& text) {
    return "From a\nContent-Type: application/xml\n\n" + text + "\n\n";
  };
  const std::string box =
      folder.keep("1", mail(report("a", 3)) + mail(std::string(33'000'000, 'x')) +
                           mail(std::string(33'000'000, 'x')) + mail(report("b", 5)));
  const std::string last = folder.keep("2", report("c", 7));
  CHECK(read({box, last}, {.memory = std::uint64_t{64} << 20U}) ==
        Strings{"file 1 of 2", box + ": message 1: a, 3 messages",
                box + ": message 2: takes too much memory to read", "file 1 of 2",
                box + ": message 3: takes too much memory to read", "file 1 of 2",
                box + ": message 4: b, 5 messages", "file 2 of 2", last + ": c, 7 messages"});
}
#endif

}  // namespace sekisho::report::import
