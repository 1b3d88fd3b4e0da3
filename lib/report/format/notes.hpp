// What was odd in a report that could be read all the same.
#pragma once

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sekisho::report::format {

struct Note {
  std::string text;  ///< Ours, for people: nothing of the report is in it.
  std::uint64_t times = 1;

  bool operator==(const Note&) const = default;
};

/// Each oddity once, with the number of times it was met.
class Notes {
 public:
  void add(std::string_view text) {
    const auto known = std::ranges::find(notes_, text, &Note::text);
    if (known != notes_.end()) {
      ++known->times;
      return;
    }
    notes_.push_back({.text = std::string(text)});
  }

  /// However often it is met in one document, it is one oddity.
  void add_once(std::string_view text) {
    if (std::ranges::find(notes_, text, &Note::text) == notes_.end()) {
      notes_.push_back({.text = std::string(text)});
    }
  }

  [[nodiscard]] std::vector<Note> take() { return std::exchange(notes_, {}); }

 private:
  std::vector<Note> notes_;
};

}  // namespace sekisho::report::format
