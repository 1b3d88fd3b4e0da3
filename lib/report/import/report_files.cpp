#include "report/import/report_files.hpp"

#include "c_ptr.hpp"
#include "report/import/files.hpp"
#include "report/import/frame.hpp"
#include "report/import/unpack.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <iterator>
#include <optional>
#include <span>
#include <system_error>
#include <utility>

#include <sys/stat.h>
#include <unistd.h>

namespace sekisho::report::import {

namespace {

using File = CPtr<std::FILE, &std::fclose>;

constexpr std::string_view standard_input = "-";

std::string shown_name(const std::string& path) {
  return path == standard_input ? "(standard input)" : path;
}

// A pipe is no place to go back in: it goes through a file without a name.
File seekable(File input) {
  struct stat status{};
  if (!input || fstat(fileno(input.get()), &status) != 0) {
    return nullptr;
  }
  if (S_ISDIR(status.st_mode)) {
    errno = EISDIR;
    return nullptr;
  }
  if (S_ISREG(status.st_mode)) {
    return input;
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

std::uint64_t size_of(int descriptor) {
  struct stat status{};
  return fstat(descriptor, &status) == 0 ? static_cast<std::uint64_t>(status.st_size) : 0;
}

/// In the reading process: what is found becomes frames.
class FrameSender {
 public:
  explicit FrameSender(ProcessOutput& output) : output_(output) {}

  /// The number is that of the file; messages of a mailbox are read from `first_message` on.
  void send_file(int descriptor, const std::string& name, std::uint64_t number,
                 std::uint64_t first_message) {
    const std::uint64_t size = size_of(descriptor);
    begin({.kind = FrameKind::file, .number = number}, size);
    unpack(descriptor, name,
           {.first_message = first_message,
            .on_search =
                [this, size](std::uint64_t message) {
                  begin({.kind = FrameKind::message, .number = message}, size);
                },
            .on_message = [this](std::uint64_t octets) { output_.begin_work(octets); },
            .on_document = [this](const ReportDocument& document) { send_document(document); },
            .on_problem =
                [this](const std::string& what, const std::string& problem) {
                  send({.kind = FrameKind::problem, .name = what, .problem = problem});
                },
            .on_other_mail =
                [this](const std::string& mail) {
                  send({.kind = FrameKind::other_mail, .name = mail});
                },
            .on_feedback =
                [this](const std::string& /*name*/, const format::FeedbackReport& report) {
                  send({.kind = FrameKind::feedback, .feedback = report});
                }});
  }
  void send_problem(const std::string& name, const std::string& problem) {
    send({.kind = FrameKind::problem, .name = name, .problem = problem});
  }
  void send_done() { send({.kind = FrameKind::done}); }

 private:
  void send(const Frame& frame) {
    append_frame(output_.octets(), frame);
    output_.flush_if_large();
  }
  // Whatever comes now, it is known where it came from.
  void begin(const Frame& frame, std::uint64_t octets) {
    append_frame(output_.octets(), frame);
    output_.flush();
    output_.begin_work(octets);
  }

  void send_document(const ReportDocument& document) {
    switch (document.kind) {
      case ReportDocumentKind::aggregate:
        send_aggregate(document);
        return;
      case ReportDocumentKind::tls:
        send_tls(document);
        return;
    }
  }

  void send_aggregate(const ReportDocument& document) {
    auto reading =
        format::read_aggregate(document.octets, {}, [this](format::AggregateRecord record) {
          record_.record = std::move(record);
          send(record_);
        });
    if (reading) {
      send({.kind = FrameKind::aggregate, .name = document.name, .aggregate = *std::move(reading)});
    } else {
      send({.kind = FrameKind::refused, .name = document.name, .problem = reading.error()});
    }
  }

  void send_tls(const ReportDocument& document) {
    const auto readings = format::read_tls_reports(document.octets, {});
    if (!readings) {
      send_problem(document.name, readings.error());
      return;
    }
    for (const format::TlsReading& reading : *readings) {
      send({.kind = FrameKind::tls, .name = document.name, .tls = reading});
    }
  }

  ProcessOutput& output_;
  Frame record_{.kind = FrameKind::record};
};

/// Where the reading is: a file, and in a mailbox a message.
struct Position {
  std::size_t file = 0;
  std::uint64_t message = 0;  // 0: none was begun
};

/// In the program: frames become what the sink is told, and a new process goes on where one ended.
class Reception {
 public:
  Reception(std::vector<std::string> files, const ProcessLimits& limits, ReportSink& sink)
      : files_(std::move(files)), limits_(limits), sink_(sink) {
    if (std::ranges::find(files_, standard_input) != files_.end()) {
      input_ = seekable(File(fdopen(dup(STDIN_FILENO), "rb")));
    }
  }

  void read_all() {
    while (next_.file < files_.size()) {
      read_on();
    }
  }

 private:
  // Runs in the reading process.
  void send_files(ProcessOutput& output) const {
    FrameSender sender(output);
    for (std::size_t i = next_.file; i < files_.size(); ++i) {
      const std::string name = shown_name(files_[i]);
      const bool is_input = files_[i] == standard_input;
      const File own = is_input ? nullptr : seekable(File(std::fopen(files_[i].c_str(), "rbe")));
      std::FILE* const file = is_input ? input_.get() : own.get();
      if (file == nullptr) {
        sender.send_problem(name, "cannot be read: " + std::generic_category().message(errno));
        continue;
      }
      sender.send_file(fileno(file), name, i, i == next_.file ? next_.message : 1);
    }
    sender.send_done();
  }

  void read_on() {
    const int kept = input_ ? fileno(input_.get()) : -1;
    auto process =
        ReaderProcess::start([this](ProcessOutput& output) { send_files(output); }, limits_, kept);
    if (!process) {
      sink_.add_problem(shown_name(files_[next_.file]), process.error());
      next_ = {.file = files_.size()};
      return;
    }
    at_ = {.file = next_.file};
    receive(*process);
    if (is_done_) {
      static_cast<void>(process->wait());
      next_ = {.file = files_.size()};
      return;
    }
    const std::string end = process->wait();
    sink_.drop_records();
    sink_.add_problem(name_of(at_), end.empty() ? "cannot be read" : end);
    next_ = at_.message == 0 ? Position{.file = at_.file + 1, .message = 1}
                             : Position{.file = at_.file, .message = at_.message + 1};
  }

  [[nodiscard]] std::string name_of(const Position& position) const {
    const std::string file = shown_name(files_[position.file]);
    return position.message == 0 ? file : file + ": message " + std::to_string(position.message);
  }

  void receive(ReaderProcess& process) {
    FrameReader frames;
    for (;;) {
      const std::string_view octets = process.read();
      if (octets.empty()) {
        return;
      }
      frames.add(octets);
      while (auto frame = frames.next()) {
        take(*std::move(frame));
      }
      if (frames.is_broken()) {
        return;
      }
    }
  }

  void take(Frame frame) {
    switch (frame.kind) {
      case FrameKind::file:
        at_ = {.file = std::min<std::size_t>(frame.number, files_.size() - 1)};
        sink_.begin_file(at_.file + 1, files_.size());
        return;
      case FrameKind::message:
        at_.message = frame.number;
        return;
      case FrameKind::record:
        sink_.add(std::move(frame.record));
        return;
      case FrameKind::aggregate:
        sink_.end_aggregate(frame.name, frame.aggregate);
        return;
      case FrameKind::refused:
        sink_.drop_records();
        sink_.add_problem(frame.name, frame.problem);
        return;
      case FrameKind::tls:
        sink_.add(frame.name, frame.tls);
        return;
      case FrameKind::feedback:
        sink_.add(frame.feedback);
        return;
      case FrameKind::other_mail:
        sink_.add_other_mail(frame.name);
        return;
      case FrameKind::problem:
        sink_.add_problem(frame.name, frame.problem);
        return;
      case FrameKind::done:
        is_done_ = true;
        return;
    }
  }

  std::vector<std::string> files_;
  ProcessLimits limits_;
  ReportSink& sink_;
  File input_;
  Position next_{.file = 0, .message = 1};
  Position at_;
  bool is_done_ = false;
};

std::vector<std::string> files_for(const std::vector<std::string>& paths, ReportSink& sink) {
  std::vector<std::string> files;
  for (const std::string& path : paths) {
    if (path == standard_input) {
      files.push_back(path);
      continue;
    }
    FoundFiles found = files_of(path);
    for (const auto& problem : found.problems) {
      sink.add_problem(problem.path, problem.text);
    }
    std::ranges::move(found.files, std::back_inserter(files));
  }
  return files;
}

}  // namespace

void read_reports(const std::vector<std::string>& paths, const ProcessLimits& limits,
                  ReportSink& sink) {
  Reception(files_for(paths, sink), limits, sink).read_all();
}

}  // namespace sekisho::report::import
