#include "tools/cli/progress.hpp"

#include <iostream>

#include <unistd.h>

namespace sekisho::tools {

namespace {

constexpr std::chrono::milliseconds interval{200};

}  // namespace

Progress::Progress()
    : on_terminal_(isatty(STDERR_FILENO) != 0), last_(std::chrono::steady_clock::now()) {}

Progress::~Progress() {
  clear();
}

bool Progress::is_due() const {
  return on_terminal_ && std::chrono::steady_clock::now() - last_ >= interval;
}

void Progress::show(std::string_view line) {
  std::cerr << "\r\033[K" << line << std::flush;
  shown_ = true;
  last_ = std::chrono::steady_clock::now();
}

void Progress::clear() {
  if (shown_) {
    std::cerr << "\r\033[K" << std::flush;
    shown_ = false;
  }
}

}  // namespace sekisho::tools
