// OpenDKIM's data sets as far as its KeyTable and SigningTable need them: opendkim(8), "DATA SETS".
#pragma once

#include <cstddef>
#include <cstdint>
#include <expected>
#include <string>
#include <string_view>
#include <vector>

namespace sekisho::keys {

inline constexpr std::size_t max_table_octets = std::size_t{64} * 1024 * 1024;
inline constexpr std::size_t max_table_lines = 500'000;
inline constexpr std::size_t max_table_line_octets = std::size_t{16} * 1024;

struct TableLine {
  std::size_t number = 0;  ///< From 1; of a list, the element.
  std::string key;         ///< Not empty.
  std::string value;       ///< Not empty. May be a private key.
};

struct TableLines {
  std::vector<TableLine> lines;
  std::vector<std::string> problems;  ///< "LINE: what is wrong"
};

/// Lines of `key value`, separated by blanks; `#` begins a comment wherever it stands.
[[nodiscard]] TableLines parse_table_file(std::string_view text);
/// `key=value,key=value`
[[nodiscard]] TableLines parse_table_list(std::string_view text);

enum class TableKind : std::uint8_t {
  exact,     ///< `file:`, `csl:`
  patterns,  ///< `refile:`: keys are patterns, tried in the order of the lines.
};

/// A table that was read. Its values are wiped when it goes.
class Table {
 public:
  Table() = default;
  Table(TableKind kind, std::string name, bool is_private, std::vector<TableLine> lines)
      : kind_(kind), name_(std::move(name)), is_private_(is_private), lines_(std::move(lines)) {}
  Table(Table&&) noexcept = default;
  Table& operator=(Table&&) = delete;
  Table(const Table&) = delete;
  Table& operator=(const Table&) = delete;
  ~Table();

  /// Reads what an option names: `file:PATH`, `refile:PATH`, `csl:LIST`, a bare path, or a bare
  /// list. `problems` gets the lines that are none; an error: there is no table.
  [[nodiscard]] static std::expected<Table, std::string> read(const std::string& specification,
                                                              std::vector<std::string>& problems);

  [[nodiscard]] TableKind kind() const { return kind_; }
  [[nodiscard]] const std::vector<TableLine>& lines() const { return lines_; }
  /// A private key may stand in it: it is no file, or none that others can open.
  [[nodiscard]] bool is_private() const { return is_private_; }
  /// "FILE:LINE: ", "csl:ELEMENT: "
  [[nodiscard]] std::string place(std::size_t line) const;

 private:
  TableKind kind_ = TableKind::exact;
  std::string name_;
  bool is_private_ = true;
  std::vector<TableLine> lines_;
};

/// Without blanks at either end.
[[nodiscard]] std::string_view trimmed(std::string_view text);

}  // namespace sekisho::keys
