// One condition of a rule: a list in the configuration, or in files that it names.
#pragma once

#include "dns/ip_address.hpp"
#include "dns/network.hpp"
#include "policy/name_pattern.hpp"

#include <cstddef>
#include <expected>
#include <functional>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

namespace sekisho::policy {

class NetworkSet {
 public:
  static constexpr const char* expected = R"("192.0.2.0/24", "2001:db8::/32" or one address)";

  bool add(std::string_view network);
  [[nodiscard]] bool contains(const dns::IpAddress& address) const;

 private:
  std::vector<dns::Network> networks_;
};

/// Words as they are written.
class WordSet {
 public:
  static constexpr const char* expected = R"(a word, or "*" for any)";

  bool add(std::string_view word);
  [[nodiscard]] bool contains(const std::string& word) const;

 private:
  std::unordered_set<std::string> words_;
};

/// Reads the lines of a list: one entry each, without the blanks around it; `#` begins a comment at
/// the start of a line or behind a blank. `add` says whether an entry is one. An error names file
/// and line.
[[nodiscard]] std::expected<void, std::string> read_list_file(
    const std::string& path, const std::function<bool(std::string_view)>& add);

/// Entries `file:PATH` stand for the lines of that file. A condition whose files have no lines
/// holds for nothing.
template <typename Set>
struct Condition {
  std::vector<std::string> entries;  ///< As configured; empty: there is no such condition.
  Set set;                           ///< Of all of them, those in files after read_files().

  static constexpr std::string_view file_mark = "file:";

  [[nodiscard]] bool is_given() const { return !entries.empty(); }

  /// An error is the first entry that is none.
  [[nodiscard]] static std::expected<Condition, std::string> parse(
      std::vector<std::string> entries) {
    Condition condition;
    for (const std::string& entry : entries) {
      if (!entry.starts_with(file_mark) && !condition.set.add(entry)) {
        return std::unexpected(entry);
      }
    }
    condition.entries = std::move(entries);
    return condition;
  }

  [[nodiscard]] std::expected<void, std::string> read_files() {
    for (const std::string& entry : entries) {
      if (!entry.starts_with(file_mark)) {
        continue;
      }
      auto read = read_list_file(entry.substr(file_mark.size()),
                                 [this](std::string_view line) { return set.add(line); });
      if (!read) {
        return std::unexpected(read.error() + "; expected " + Set::expected);
      }
    }
    return {};
  }
};

}  // namespace sekisho::policy
