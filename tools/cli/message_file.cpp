#include "tools/cli/message_file.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <filesystem>
#include <iostream>
#include <utility>

#include <stdlib.h>
#include <unistd.h>

namespace sekisho::tools {

namespace {

std::unexpected<Refusal> fail(std::string message) {
  return std::unexpected(Refusal{exit_failure, std::move(message)});
}

bool copy(std::istream& input, std::ostream& output) {
  std::array<char, 65'536> block{};
  do {
    input.read(block.data(), block.size());
    output.write(block.data(), input.gcount());
  } while (input && output);
  return input.eof() && output;
}

// For reading and writing, of the user alone; it is gone when it is closed.
std::fstream open_scratch_file() {
  std::error_code error;
  std::string path = (std::filesystem::temp_directory_path(error) / "sekisho-XXXXXX").string();
  const int descriptor = mkstemp(path.data());
  if (descriptor < 0) {
    return {};
  }
  close(descriptor);
  std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
  std::filesystem::remove(path, error);
  return file;
}

// A field as the lines of a file: its folds and its end as the file has them.
std::string as_lines(const mail::HeaderField& field, std::string_view line_end) {
  std::string text = field.name + ':' + field.value;
  if (line_end == "\n") {
    std::erase(text, '\r');
  }
  return text.append(line_end);
}

std::string_view line_end_of(std::string_view line) {
  return line.ends_with('\r') ? "\r\n" : "\n";
}

}  // namespace

std::expected<MessageFile, Refusal> MessageFile::open(const std::string& path) {
  if (path.empty() || path == "-") {
    return keep(std::cin);
  }
  std::fstream file(path, std::ios::in | std::ios::binary);
  if (!file) {
    return fail(path + ": cannot be opened: " + last_reason());
  }
  if (std::filesystem::is_directory(path)) {
    return fail(path + ": cannot be opened: it is a folder");
  }
  if (!std::filesystem::is_regular_file(path)) {
    return keep(file);  // a pipe cannot be read twice
  }
  return MessageFile(std::move(file));
}

std::expected<MessageFile, Refusal> MessageFile::keep(std::istream& input) {
  std::fstream scratch = open_scratch_file();
  if (!scratch) {
    return fail("no file can be made in the folder for temporary files");
  }
  if (!copy(input, scratch)) {
    return fail("the message cannot be kept in the folder for temporary files");
  }
  MessageFile message(std::move(scratch));
  message.rewind();
  return message;
}

void MessageFile::rewind() {
  file_.clear();
  file_.seekg(0);
}

mail::ReadReport MessageFile::read(const mail::ReadLimits& limits,
                                   const std::function<void(mail::HeaderSection)>& on_header,
                                   const std::function<void(std::string_view)>& on_body) {
  const mail::ReadReport report = mail::read_message(file_, limits, on_header, on_body);
  has_mailbox_line_ = report.has_mailbox_line;
  return report;
}

std::expected<void, Refusal> MessageFile::give(std::span<const mail::HeaderField> fields,
                                               const std::function<void(std::string_view)>& sink) {
  rewind();
  std::string first_line;
  std::getline(file_, first_line);
  const std::string_view line_end = line_end_of(first_line);
  if (has_mailbox_line_) {
    sink(first_line + '\n');
  } else {
    rewind();
  }
  for (const mail::HeaderField& field : fields) {
    sink(as_lines(field, line_end));
  }
  std::array<char, 65'536> block{};
  do {
    file_.read(block.data(), block.size());
    sink({block.data(), static_cast<std::size_t>(file_.gcount())});
  } while (file_);
  if (!file_.eof()) {
    return fail("the message cannot be read");
  }
  return {};
}

std::expected<void, Refusal> MessageFile::print(std::span<const mail::HeaderField> fields,
                                                std::ostream& output) {
  const auto given = give(fields, [&](std::string_view chunk) {
    output.write(chunk.data(), static_cast<std::streamsize>(chunk.size()));
  });
  if (!given || !output.flush()) {
    return fail("the output cannot be written");
  }
  return {};
}

}  // namespace sekisho::tools
