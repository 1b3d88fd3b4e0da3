// The options of section [feedback] that concern recording.
#pragma once

#include <chrono>
#include <cstddef>
#include <string>

namespace sekisho::report::recorder {

struct RecorderOptions {
  std::string store;  ///< A location (parse_location()); empty: nothing is recorded.
  std::chrono::milliseconds commit_interval{1'000};
  std::size_t queue = 10'000;  ///< Limit of messages that wait to be written.
  /// Empty: next to the SQLite file; with PostgreSQL, default_spill_file.
  std::string spill_file;
  std::size_t spill_limit = 67'108'864;  ///< Octets.
  std::chrono::seconds retention{std::chrono::days{90}};
  bool reads_sent = false;  ///< Tell what other hosts sent.

  bool operator==(const RecorderOptions&) const = default;
};

inline constexpr const char* default_spill_file = "/var/lib/sekisho/feedback.spill";

}  // namespace sekisho::report::recorder
