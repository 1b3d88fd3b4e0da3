#include "tools/setup/questions.hpp"

#include "mail/ascii.hpp"

#include <iostream>
#include <optional>

#include <unistd.h>

namespace sekisho::tools::setup {

namespace {

// Nullopt at the end of the input.
std::optional<std::string> read_answer(const std::string& prompt) {
  std::cout << prompt << std::flush;
  std::string line;
  if (!std::getline(std::cin, line)) {
    std::cout << '\n';
    return std::nullopt;
  }
  const std::size_t begin = line.find_first_not_of(" \t\r");
  return begin == std::string::npos
             ? std::string()
             : line.substr(begin, line.find_last_not_of(" \t\r") - begin + 1);
}

}  // namespace

bool has_terminal() {
  return isatty(STDIN_FILENO) != 0 && isatty(STDOUT_FILENO) != 0;
}

std::string ask(const std::string& question, const std::string& suggestion) {
  const auto answer = read_answer(question + " [" + suggestion + "]: ");
  return answer && !answer->empty() ? *answer : suggestion;
}

bool confirm(const std::string& question, bool suggestion) {
  while (true) {
    const auto answer = read_answer(question + (suggestion ? " [Y/n] " : " [y/N] "));
    if (!answer) {
      return false;
    }
    if (answer->empty()) {
      return suggestion;
    }
    const std::string word = mail::to_lower(*answer);
    if (word == "y" || word == "yes" || word == "n" || word == "no") {
      return word.front() == 'y';
    }
  }
}

}  // namespace sekisho::tools::setup
