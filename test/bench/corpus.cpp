#include "bench/corpus.hpp"

#include "mail/message_reader.hpp"

#include <algorithm>
#include <fstream>
#include <stdexcept>
#include <string_view>
#include <utility>

#include <nlohmann/json.hpp>

namespace sekisho::bench {

namespace {

namespace fs = std::filesystem;

std::string with_bare_folds(std::string value) {
  std::erase(value, '\r');
  return value;
}

Case read_case(const fs::path& message_file) {
  Case read;
  std::ifstream message(message_file, std::ios::binary);
  mail::read_message(
      message, {}, [&](mail::HeaderSection header) { read.header = std::move(header); },
      [&](std::string_view chunk) { read.body += chunk; });
  for (mail::HeaderField& field : read.header) {
    field.value = with_bare_folds(std::move(field.value));
  }
  std::ifstream side(fs::path(message_file).replace_extension(".json"));
  const auto json = nlohmann::json::parse(side);
  read.client = json.at("client");
  read.helo = json.at("helo");
  read.sender = json.at("sender");
  read.recipient = json.at("recipient");
  read.expected = json.at("expected");
  return read;
}

}  // namespace

void write_case(const fs::path& folder, const std::string& name, const Case& written) {
  std::ofstream message(folder / (name + ".eml"), std::ios::binary);
  for (const mail::HeaderField& field : written.header) {
    message << field.name << ':' << field.value << "\r\n";
  }
  message << "\r\n" << written.body;
  std::ofstream side(folder / (name + ".json"));
  side << nlohmann::json{{"client", written.client},
                         {"helo", written.helo},
                         {"sender", written.sender},
                         {"recipient", written.recipient},
                         {"expected", written.expected}};
  if (!message.flush() || !side.flush()) {
    throw std::runtime_error("cannot write " + (folder / name).string());
  }
}

std::vector<Case> read_corpus(const fs::path& folder) {
  std::vector<fs::path> files;
  for (const fs::directory_entry& entry : fs::directory_iterator(folder)) {
    if (entry.path().extension() == ".eml") {
      files.push_back(entry.path());
    }
  }
  std::ranges::sort(files);
  std::vector<Case> corpus;
  for (const fs::path& file : files) {
    try {
      corpus.push_back(read_case(file));
    } catch (const std::exception& error) {
      throw std::runtime_error(file.string() + ": " + error.what());
    }
  }
  if (corpus.empty()) {
    throw std::runtime_error("no messages in " + folder.string());
  }
  return corpus;
}

}  // namespace sekisho::bench
