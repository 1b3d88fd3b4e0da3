// The location of the store, as given in the configuration.
#pragma once

#include <cstdint>
#include <expected>
#include <string>
#include <string_view>

namespace sekisho::report::store {

enum class Backend : std::uint8_t { sqlite, postgresql };

struct Location {
  Backend backend = Backend::sqlite;
  std::string target;  ///< A file, or a connection URI of libpq.

  bool operator==(const Location&) const = default;
};

/// Parses `sqlite:///var/lib/sekisho/feedback.db` or a path (SQLite), or `postgresql://…` or
/// `postgres://…` (PostgreSQL). The error is for people.
[[nodiscard]] std::expected<Location, std::string> parse_location(std::string_view text);
/// Returns the location without passwords.
[[nodiscard]] std::string format_location(const Location& location);
/// The same for unparsed text: if it is not a valid location, a password may be anywhere in it.
[[nodiscard]] std::string shown_location(std::string_view text);

}  // namespace sekisho::report::store
