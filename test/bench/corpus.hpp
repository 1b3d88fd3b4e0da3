// A corpus for load: a folder of messages, each with a side file that says how it comes and what is
// expected of a filter.
#pragma once

#include "mail/header_field.hpp"

#include <filesystem>
#include <string>
#include <vector>

namespace sekisho::bench {

struct Case {
  std::string client;  ///< IPv4 address.
  std::string helo;
  std::string sender;  ///< Without angle brackets.
  std::string recipient;
  std::vector<std::string> expected;  ///< METHOD=RESULT, all of our Authentication-Results.
  mail::HeaderSection header;         ///< As an MTA gives it: folds are a bare LF.
  std::string body;
};

/// `NAME.eml` with its `NAME.json`. CRLF line ends.
void write_case(const std::filesystem::path& folder, const std::string& name, const Case& written);

/// All of a folder, by name. Throws, with the name of the file, where one cannot be read.
[[nodiscard]] std::vector<Case> read_corpus(const std::filesystem::path& folder);

}  // namespace sekisho::bench
