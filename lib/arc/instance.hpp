// The instance tag, which tells the ARC sets of a message apart (RFC 8617 §3.9, §4.2.1).
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace sekisho::arc {

/// The highest instance there may be (RFC 8617 §4.2.1).
inline constexpr std::size_t max_instance = 50;

/// position = 1*2DIGIT, from 1 to 50 (RFC 8617 §3.9).
[[nodiscard]] std::optional<std::size_t> parse_position(std::string_view text);

struct Instance {
  std::size_t position = 0;
  std::string_view rest;  ///< Of the value, behind the ";" that ends the tag.
};

/// The instance at the beginning of a value: `i=1;`, with CFWS. It must stand there in an
/// ARC-Authentication-Results field (RFC 8617 §4.1.1).
[[nodiscard]] std::optional<Instance> find_leading_instance(std::string_view value);

/// The value of an ARC-Message-Signature or ARC-Seal as a tag-list of RFC 6376 §3.2, which has no
/// comments; around the instance, where it comes first, RFC 8617 §4.1.2 and §4.1.3 allow them.
[[nodiscard]] std::string as_tag_list(std::string_view value);

/// Each run of CFWS (RFC 5322 §3.2.2) turned into one blank, none at either end.
[[nodiscard]] std::string without_comments(std::string_view text);

}  // namespace sekisho::arc
