// Section [feedback] of the configuration, as far as it is about keeping.
#pragma once

#include <chrono>
#include <cstddef>
#include <string>

namespace sekisho::report::recorder {

struct RecorderOptions {
  std::string store;  ///< A location (parse_location()); empty: nothing is kept.
  std::chrono::milliseconds commit_interval{1'000};
  std::size_t queue = 10'000;  ///< Messages that wait to be counted, at most.
  /// Empty: beside the database; with PostgreSQL, default_spill_file.
  std::string spill_file;
  std::size_t spill_limit = 67'108'864;  ///< Octets.
  std::chrono::seconds retention{std::chrono::days{90}};

  bool operator==(const RecorderOptions&) const = default;
};

inline constexpr const char* default_spill_file = "/var/lib/sekisho/feedback.spill";

}  // namespace sekisho::report::recorder
