#include "config/suggestion.hpp"

#include <algorithm>
#include <cstddef>
#include <vector>

namespace sekisho::config {

namespace {

/// Insertions, deletions and replacements of single characters (Levenshtein).
std::size_t distance(std::string_view from, std::string_view to) {
  std::vector<std::size_t> row(to.size() + 1);
  for (std::size_t j = 0; j < row.size(); ++j) {
    row[j] = j;
  }
  for (std::size_t i = 0; i < from.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i + 1;
    for (std::size_t j = 0; j < to.size(); ++j) {
      const std::size_t replaced = diagonal + (from[i] == to[j] ? 0 : 1);
      diagonal = row[j + 1];
      row[j + 1] = std::min({replaced, row[j] + 1, diagonal + 1});
    }
  }
  return row.back();
}

std::string_view last_part(std::string_view name) {
  return name.substr(name.rfind('.') + 1);  // npos + 1 is 0: the whole name
}

}  // namespace

std::string suggest(std::string_view unknown, std::span<const std::string> known) {
  constexpr std::size_t longest_name = 64;
  if (unknown.size() > longest_name) {
    return {};
  }
  std::string nearest;
  std::size_t least = unknown.size() / 4 + 2;  // more edits than that are another word
  for (const std::string& name : known) {
    const bool other_table = last_part(name) == last_part(unknown);
    const std::size_t edits = other_table ? 1 : distance(unknown, name);
    if (edits < least) {
      least = edits;
      nearest = name;
    }
  }
  return nearest;
}

}  // namespace sekisho::config
