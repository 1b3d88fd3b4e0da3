// What libspf2 may see.
#pragma once

#include "spf/arguments.hpp"
#include "spf/record.hpp"

#include <cstddef>
#include <string_view>

namespace sekisho::spf {

/// The session's part: printable US-ASCII of ordinary length, local part and HELO plain (see
/// is_plain()), and no loopback client, which the library lets pass unchecked.
[[nodiscard]] bool is_fit_for_libspf2(const Arguments& arguments);

/// An SPF record whose text was parsed to `record`.
[[nodiscard]] bool is_fit_for_libspf2(std::string_view text, const Record& record);

/// A name that the DNS gave, of a mail host or of the client.
[[nodiscard]] bool is_name_fit_for_libspf2(std::string_view name);

/// How many terms of a record count against the limit of RFC 7208 §4.6.4.
[[nodiscard]] std::size_t count_lookup_terms(const Record& record);

}  // namespace sekisho::spf
