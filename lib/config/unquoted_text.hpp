// What may not stand outside of quotes and comments in a TOML document.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

namespace sekisho::config {

/// The line, from 1 on, of the first character that is not ASCII and stands outside of quotes and
/// comments, which no TOML document has (TOML 1.0, "Keys"). toml++ 3.3 must not meet one: for some
/// of them its own search for white space runs into code that it calls unreachable.
[[nodiscard]] std::optional<std::size_t> find_unquoted_non_ascii(std::string_view text);

}  // namespace sekisho::config
