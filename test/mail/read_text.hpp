// A message given as text, read as a file would be.
#pragma once

#include "mail/message_reader.hpp"

#include <sstream>
#include <string>
#include <string_view>

namespace sekisho::mail {

struct ReadText {
  ReadReport report;
  HeaderSection header;
  std::string body;
  int header_calls = 0;
};

inline ReadText read_text(std::string_view message, const ReadLimits& limits = {}) {
  ReadText read;
  std::istringstream input{std::string(message)};
  read.report = read_message(
      input, limits,
      [&read](HeaderSection header) {
        read.header = std::move(header);
        ++read.header_calls;
      },
      [&read](std::string_view chunk) { read.body += chunk; });
  return read;
}

}  // namespace sekisho::mail
