// Whether a text names us, in whatever disguise a reader could see through.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace sekisho::authres {

/// More than this before the first result is no authserv-id of anybody.
inline constexpr std::size_t max_head_octets = 4096;

/// A copy in which every blank, line break and control byte is a blank: how a fold was written, or
/// what stands where a C string would end, must not decide whose a field is.
[[nodiscard]] std::string with_blanks_only(std::string_view value);

/// Whether an encoded word (RFC 2047 §2) may begin in the text. It has no place where a field says
/// whose it is (§5), yet readers decode all of a value before they look at it, from charsets in
/// which any octets can be a name.
[[nodiscard]] bool holds_encoded_word(std::string_view text);

/// An authserv-id or host name of ours.
class OwnName {
 public:
  explicit OwnName(std::string_view name);

  /// Whether a reader could take `name` for this one: without case and last dots, A-labels as
  /// U-labels.
  [[nodiscard]] bool is(std::string_view name) const;
  /// Whether any reader could find this name in `text`: between other words, quoted, escaped,
  /// around comments, in other forms of its letters and dots (fold_for_comparison()). True where
  /// `text` exceeds `max_head_octets`.
  [[nodiscard]] bool may_be_in(std::string_view text) const;

 private:
  [[nodiscard]] bool is_found_in(std::string_view text) const;

  std::string name_;  // A-labels in lower case where it is a domain name, else only lower case
};

}  // namespace sekisho::authres
