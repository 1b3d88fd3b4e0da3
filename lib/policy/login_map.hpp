// For which authors a login may have mail signed: the defence against users who write under each
// other's names.
#pragma once

#include "mail/address.hpp"
#include "policy/name_pattern.hpp"

#include <cstddef>
#include <expected>
#include <string>
#include <string_view>
#include <unordered_map>

namespace sekisho::policy {

/// A file of lines: a login (`*`: every login without a line of its own), blanks, and the authors
/// it may use, separated by blanks or commas: `user@example.org`, `example.org`, `.example.org`
/// (its sub-domains), `*`. A word that starts with `#` begins a comment. Logins are compared as
/// they are written, addresses without case.
///
/// Immutable, thread-safe.
class LoginMap {
 public:
  /// Lines longer than this, or more lines, are an error.
  static constexpr std::size_t max_line_octets = 4'096;
  static constexpr std::size_t max_lines = 1'000'000;

  /// An error names the line and what is wrong with it.
  [[nodiscard]] static std::expected<LoginMap, std::string> parse(std::string_view text,
                                                                  const std::string& shown_path);
  [[nodiscard]] static std::expected<LoginMap, std::string> load(const std::string& path);

  /// A login that has no line, where there is none for `*`, is allowed nothing.
  [[nodiscard]] bool allows(const std::string& login, const mail::Mailbox& author) const;

 private:
  /// One line of the file. An error says what is wrong with it.
  [[nodiscard]] std::expected<void, std::string> add_line(std::string_view line);

  std::unordered_map<std::string, NameSet> authors_;
};

}  // namespace sekisho::policy
