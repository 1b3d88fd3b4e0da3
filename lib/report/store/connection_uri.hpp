// Connection URIs of libpq, as far as what is secret in them has to be told from the rest: libpq's
// own messages quote the parts that it cannot read.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace sekisho::report::store {

/// What is wrong with a URI
/// `postgresql://[user[:password]@][host[:port],...][/name][?key=value&...]` (libpq, "Connection
/// URIs"), in words that quote nothing of it; nullopt: nothing. Stricter than libpq: a character of
/// a password that could end it there has to be percent-encoded, so that the rest of the password
/// is never taken for a host, a port or an option.
[[nodiscard]] std::optional<std::string> find_uri_fault(std::string_view uri);

/// `text` with `***` in place of each password of the URI, as it stands there and decoded.
[[nodiscard]] std::string hide_passwords(std::string text, std::string_view uri);

}  // namespace sekisho::report::store
