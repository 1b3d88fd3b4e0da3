#include "tools/report_files.hpp"

#include "c_ptr.hpp"
#include "report/aggregate_reader.hpp"
#include "report/printable.hpp"

#include <array>
#include <cstdio>
#include <iostream>
#include <iterator>
#include <utility>

#include <sys/stat.h>
#include <unistd.h>

namespace sekisho::tools {

namespace {

using File = CPtr<std::FILE, &std::fclose>;

// A pipe is no place to go back in: it goes through a file without a name.
File seekable(File input) {
  struct stat status{};
  if (!input || fstat(fileno(input.get()), &status) != 0) {
    return nullptr;
  }
  if (S_ISREG(status.st_mode)) {
    return input;
  }
  if (S_ISDIR(status.st_mode)) {
    return nullptr;
  }
  File copy(std::tmpfile());
  std::array<char, 65'536> buffer{};
  while (const std::size_t count = std::fread(buffer.data(), 1, buffer.size(), input.get())) {
    if (!copy || std::fwrite(buffer.data(), 1, count, copy.get()) != count) {
      return nullptr;
    }
  }
  const bool whole = copy && std::ferror(input.get()) == 0 && std::fflush(copy.get()) == 0;
  return whole ? std::move(copy) : nullptr;
}

File open_input(const std::string& path) {
  return seekable(
      File(path == "-" ? fdopen(dup(STDIN_FILENO), "rb") : std::fopen(path.c_str(), "rbe")));
}

void add_files(const std::string& path, std::vector<std::string>& files,
               const ReportFileEvents& events) {
  auto found = path == "-" ? std::vector{path} : report::files_of(path);
  if (!found) {
    events.on_problem(path, found.error());
    return;
  }
  files.insert(files.end(), std::make_move_iterator(found->begin()),
               std::make_move_iterator(found->end()));
}

void read_file(const std::string& path, const ReportFileEvents& events) {
  const std::string name = path == "-" ? "(standard input)" : path;
  const File file = open_input(path);
  if (!file) {
    events.on_problem(name, "cannot be read");
    return;
  }
  report::unpack(fileno(file.get()), name,
                 {.on_document = events.on_document,
                  .on_problem = events.on_problem,
                  .on_other_mail = events.on_other_mail});
}

}  // namespace

void read_report_files(const std::vector<std::string>& paths, const ReportFileEvents& events) {
  std::vector<std::string> files;
  for (const std::string& path : paths) {
    add_files(path, files, events);
  }
  for (std::size_t i = 0; i < files.size(); ++i) {
    events.on_file(i + 1, files.size());
    read_file(files[i], events);
  }
}

std::expected<WholeReport, std::string> read_whole_report(const report::Document& document) {
  WholeReport whole;
  auto reading = report::read_aggregate(
      document.octets, {}, [&](report::Record record) { whole.records.add(std::move(record)); });
  if (!reading) {
    return std::unexpected(std::move(reading).error());
  }
  whole.header = std::move(reading->header);
  return whole;
}

void complain_of_file(std::string_view subcommand, const std::string& file,
                      const std::string& problem) {
  constexpr std::size_t max_name = 1'000;  // those of files in a Maildir are not ours
  std::cerr << "sekisho " << subcommand << ": " << report::printable(file, max_name) << ": "
            << problem << '\n';
}

}  // namespace sekisho::tools
