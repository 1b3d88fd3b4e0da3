// Key files that were left for later, read to see whether they can be.
#pragma once

#include "dkim/signing_key.hpp"

#include <cstddef>
#include <functional>
#include <string>
#include <vector>

namespace sekisho::keys {

struct UnreadKeys {
  std::size_t read = 0;               ///< Files, the bad ones included.
  std::vector<std::string> problems;  ///< A line for each that cannot be used or is weak.
  bool was_stopped = false;
};

/// Reads the file of every key that nobody has needed yet, and keeps none of them in memory. Takes
/// about a quarter of a millisecond of processor time for each. `stop` is asked before each file.
[[nodiscard]] UnreadKeys read_unread_keys(const std::vector<dkim::SigningKeyPtr>& keys,
                                          const std::function<bool()>& stop);

}  // namespace sekisho::keys
