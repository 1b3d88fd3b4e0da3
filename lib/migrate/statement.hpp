// The lines of an old configuration file, before anything is made of them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <expected>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sekisho::migrate {

inline constexpr std::size_t max_file_octets = std::size_t{16} * 1024 * 1024;
inline constexpr std::size_t max_line_octets = std::size_t{16} * 1024;
inline constexpr std::size_t max_statements = 10'000;  ///< Of one program, with what it includes.
inline constexpr std::size_t max_files = 100;          ///< Likewise.
inline constexpr std::size_t max_include_depth = 5;    ///< opendkim.conf(5), Include

/// The text of a file, or why there is none. Refuses what is larger than max_file_octets.
using ReadFile = std::function<std::expected<std::string, std::string>(const std::string& path)>;

struct Place {
  std::string file;
  std::size_t line = 0;  ///< 0: no line; it is a default, or the file as a whole.
  bool operator==(const Place&) const = default;
};
/// "FILE:LINE", printable whatever the file is called.
[[nodiscard]] std::string format_place(const Place& place);

/// One option as it was set. The value is not empty.
struct Statement {
  std::string name;
  std::string value;
  Place place;
  bool operator==(const Statement&) const = default;
};

enum class Notation : std::uint8_t {
  words,        ///< `Name value`: OpenDKIM and its kin; names in any case.
  assignments,  ///< `name = value`: policyd-spf.
};

using Problems = std::vector<std::string>;

/// `#` begins a comment wherever it stands. Every problem is "FILE:LINE: what is wrong".
[[nodiscard]] std::expected<std::vector<Statement>, Problems> parse_statements(
    std::string_view text, const std::string& file, Notation notation);

/// The same for a file; in words, `Include FILE` stands for the statements of that file.
[[nodiscard]] std::expected<std::vector<Statement>, Problems> read_statements(
    const std::string& path, Notation notation, const ReadFile& read_file);

/// The variables of a file such as /etc/default/opendkim, which a shell reads: `NAME=value`, the
/// value bare or in quotes, with $NAME and ${NAME} of lines above. What else a shell would do in a
/// value is refused.
[[nodiscard]] std::expected<std::vector<Statement>, Problems> parse_shell_variables(
    std::string_view text, const std::string& file);

/// Octets that are no printable US-ASCII become question marks.
[[nodiscard]] std::string printable(std::string_view text);
/// As opendkim.conf(5) has it: only the first octet counts.
[[nodiscard]] std::optional<bool> parse_boolean(std::string_view text);

}  // namespace sekisho::migrate
