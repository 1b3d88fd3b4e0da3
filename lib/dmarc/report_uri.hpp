// The addresses of rua= and ruf= (RFC 9989 §4.6, §4.8; RFC 7489 §6.4 for the size limit).
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace sekisho::dmarc {

/// Further addresses of one tag are ignored.
inline constexpr std::size_t max_report_uris = 50;

/// dmarc-uri or obs-dmarc-uri: a URI (RFC 3986) without raw commas and exclamation marks, then
/// perhaps `!` and a size. A `mailto:` URI must also hold one address whose domain is a domain
/// name. Other schemes are as good.
[[nodiscard]] bool is_report_uri(std::string_view text);

/// The valid members of a dmarc-urilist, as written, in their order.
[[nodiscard]] std::vector<std::string> parse_report_uris(std::string_view list);

}  // namespace sekisho::dmarc
