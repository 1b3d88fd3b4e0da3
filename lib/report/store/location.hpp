// Where the feedback is kept, as the configuration says it.
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

/// `sqlite:///var/lib/sekisho/feedback.db` or a path for SQLite, `postgresql://…` (or
/// `postgres://…`) for PostgreSQL. The error is for people.
[[nodiscard]] std::expected<Location, std::string> parse_location(std::string_view text);
/// Without what is secret in it.
[[nodiscard]] std::string format_location(const Location& location);
/// The same for a text as somebody wrote it: one that is no location may hold a password anywhere.
[[nodiscard]] std::string shown_location(std::string_view text);

}  // namespace sekisho::report::store
