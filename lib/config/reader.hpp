// A text of TOML → Options, and where each was set.
#pragma once

#include "config/load.hpp"
#include "config/options.hpp"

#include <cstddef>
#include <expected>
#include <functional>
#include <map>
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

struct Document {
  Options options;
  /// "dns.timeout", "rule[2].client" → line.
  std::map<std::string, std::size_t> lines;
};

/// Reads and validates; does not open the files that it names.
[[nodiscard]] std::expected<Document, std::vector<Problem>> read_document(
    std::string_view text, const std::string& shown_path);

}  // namespace sekisho::config
