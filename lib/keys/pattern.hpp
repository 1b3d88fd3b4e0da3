// The patterns of `refile:` tables, as opendkim 2.11 takes them.
#pragma once

#include <cstddef>
#include <expected>
#include <memory>
#include <string>
#include <string_view>

namespace sekisho::keys {

/// In octets. Longer than any address of SMTP (RFC 5321 §4.5.3.1).
inline constexpr std::size_t max_pattern_octets = 1'000;

/// A pattern for a whole text. `*` matches any text, including none; a dot and a plus sign match
/// themselves. opendkim.conf(5) documents no more than that, but opendkim makes an extended regular
/// expression of the pattern (regex(7)), in which `[ab]`, `(a|b)`, `a?`, `^` and `$` are special.
/// Unlike with opendkim, each alternative of `a@x|b@x` has to match the whole text: otherwise it
/// would also match `a@x.example.net`, and a stranger's domain would be signed for.
class Pattern {
 public:
  /// Returns an error message for a pattern that cannot be compiled within a fixed amount of
  /// memory, is longer than max_pattern_octets, or contains a repetition count or a backslash:
  /// counts are of no use in an address, and escapes do not work in opendkim.
  [[nodiscard]] static std::expected<Pattern, std::string> parse(std::string text);

  /// Returns whether the pattern matches its own text and nothing else.
  [[nodiscard]] bool is_literal() const { return !expression_ && !text_.contains('*'); }
  /// Takes time proportional to the product of both lengths at most, and keeps no more memory
  /// however many texts there are. May be called from any thread.
  [[nodiscard]] bool matches(std::string_view text) const;

 private:
  struct Expression;

  Pattern(std::string text, std::shared_ptr<const Expression> expression)
      : text_(std::move(text)), expression_(std::move(expression)) {}

  std::string text_;
  std::shared_ptr<const Expression> expression_;  // null: only asterisks are special
};

}  // namespace sekisho::keys
