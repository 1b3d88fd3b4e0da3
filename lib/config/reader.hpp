// Texts of TOML → Options, and where each was set.
#pragma once

#include "config/load.hpp"
#include "config/options.hpp"
#include "config/source_files.hpp"

#include <compare>
#include <cstddef>
#include <expected>
#include <functional>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace sekisho::config {

/// A table that may stand several times: [[sign]], [[rule]]. The rows of the table of options are
/// those of its last entry.
struct ListSection {
  std::string name;
  std::vector<std::string> needed;  ///< Options that each entry must have.
  std::function<std::size_t(const Options&)> count;
  std::function<void(Options&, std::size_t)> resize;
};
[[nodiscard]] const std::vector<ListSection>& list_sections();
/// Null: there is none of this name.
[[nodiscard]] const ListSection* find_list_section(std::string_view name);

/// A line of one of the files, counted from 1; line 0: nowhere.
struct Place {
  std::size_t file = 0;
  std::size_t line = 0;

  auto operator<=>(const Place&) const = default;
};

struct Document {
  Options options;
  /// "dns.timeout", "rule[2].client" → where the value in force was set.
  std::map<std::string, Place> places;
  std::vector<std::string> files;  ///< Their paths.

  /// "FILE:LINE: " of a setting, or "FILE: " of the main file if it was not set.
  [[nodiscard]] std::string where(const std::string& name) const;
};

/// Reads and validates the files one after the other: a later value replaces an earlier one, and
/// the tables of a list are added. Does not open the files that they name. There is at least one.
[[nodiscard]] std::expected<Document, std::vector<Problem>> read_document(
    std::span<const SourceFile> files);

}  // namespace sekisho::config
