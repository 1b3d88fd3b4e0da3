// Keeps trouble that repeats itself from filling the log.
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace sekisho::milter {

/// Of one thread at a time. Its memory is bounded.
class RepeatLimit {
 public:
  using Time = std::chrono::steady_clock::time_point;

  static constexpr std::size_t per_minute = 10;  ///< Of the same kind.
  /// More kinds within a minute are taken for one.
  static constexpr std::size_t max_kinds = 100;

  struct LeftOut {
    std::string kind;  ///< Empty: of several that were taken for one.
    std::size_t count = 0;

    bool operator==(const LeftOut&) const = default;
  };

  /// Whether one more may be written. A minute begins with the first of its kind.
  [[nodiscard]] bool admit(std::string_view kind, Time now);
  /// Ends the minutes that are over, and gives what was not admitted in them, each once.
  [[nodiscard]] std::vector<LeftOut> collect(Time now);

 private:
  struct Minute {
    Time begin;
    std::size_t count = 0;
  };
  std::map<std::string, Minute, std::less<>> kinds_;
};

}  // namespace sekisho::milter
