// Notes about faults of a report that could be read nevertheless.
#pragma once

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sekisho::report::format {

struct ReportNote {
  std::string text;  ///< For people; contains nothing from the report.
  std::uint64_t times = 1;

  bool operator==(const ReportNote&) const = default;
};

/// Each note once, with the number of times it was added.
class ReportNotes {
 public:
  void add(std::string_view text) {
    const auto known = std::ranges::find(notes_, text, &ReportNote::text);
    if (known != notes_.end()) {
      ++known->times;
      return;
    }
    notes_.push_back({.text = std::string(text)});
  }

  /// Adds a note whose number stays one.
  void add_once(std::string_view text) {
    if (std::ranges::find(notes_, text, &ReportNote::text) == notes_.end()) {
      notes_.push_back({.text = std::string(text)});
    }
  }

  [[nodiscard]] std::vector<ReportNote> take() { return std::exchange(notes_, {}); }

 private:
  std::vector<ReportNote> notes_;
};

}  // namespace sekisho::report::format
