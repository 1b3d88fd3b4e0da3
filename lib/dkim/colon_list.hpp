// Colon-separated lists, as the tags h=, q=, s= and t= hold them (RFC 6376 §3.5, §3.6.1).
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

namespace sekisho::dkim {

/// The members without the white space around each; a member may be empty or hold white space
/// within. At most `limit` + 1 are returned, so that the caller sees when there are too many.
[[nodiscard]] std::vector<std::string_view> split_colon_list(std::string_view value,
                                                             std::size_t limit);

/// Whether one of the members is `word`; case does not matter.
[[nodiscard]] bool colon_list_contains(std::string_view value, std::string_view word);

}  // namespace sekisho::dkim
