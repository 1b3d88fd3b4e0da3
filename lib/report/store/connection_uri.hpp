// Finds the passwords in connection URIs of libpq, since libpq quotes the parts it cannot read in
// its messages.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace sekisho::report::store {

/// Returns what is wrong with a URI
/// `postgresql://[user[:password]@][host[:port],...][/name][?key=value&...]` (libpq, "Connection
/// URIs"), without quoting any of it; nullopt if it is valid. This is stricter than libpq: a
/// character of a password that could end it must be percent-encoded, so that the rest of the
/// password is never taken for a host, a port or an option.
[[nodiscard]] std::optional<std::string> find_uri_fault(std::string_view uri);

/// Returns `text` with `***` in place of each password of the URI, as written there and decoded.
[[nodiscard]] std::string hide_passwords(std::string text, std::string_view uri);

}  // namespace sekisho::report::store
