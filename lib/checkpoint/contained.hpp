// A fault in one mechanism costs the result of that mechanism, never the message.
#pragma once

#include <exception>
#include <string>
#include <utility>
#include <vector>

namespace sekisho::checkpoint {

/// Runs `work`. If it throws, `faults` gets a line that begins with `mechanism`.
template <typename Work>
void contained(const char* mechanism, std::vector<std::string>& faults, Work&& work) {
  try {
    std::forward<Work>(work)();
  } catch (const std::exception& error) {
    faults.push_back(std::string(mechanism) + ": " + error.what());
  }
}

}  // namespace sekisho::checkpoint
