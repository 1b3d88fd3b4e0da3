// Domain names as mail uses them (RFC 5321 §2.3.5, RFC 5890, RFC 8616).
#pragma once

#include <compare>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace sekisho::mail {

/// A domain name that is safe to print, to compare and to ask for: labels of letters, digits,
/// hyphens and underscores (hosts with an underscore do send mail) in lower case, U-labels turned
/// into A-labels, no dot at the end, at most 253 octets. Two equal names compare equal.
class Domain {
 public:
  /// Accepts A-labels, U-labels (through IDNA 2008, UTS 46 non-transitional) and one dot at the
  /// end; nullopt for anything else: empty labels, labels over 63 octets, blanks, control bytes,
  /// address literals, invalid UTF-8.
  [[nodiscard]] static std::optional<Domain> parse(std::string_view text);

  /// A-labels, lower case.
  [[nodiscard]] const std::string& text() const { return text_; }
  /// For people: U-labels where they are valid, else as text().
  [[nodiscard]] std::string unicode() const;

  [[nodiscard]] std::size_t label_count() const;
  /// The last `count` labels; the whole name when it has no more. `count` is not 0.
  [[nodiscard]] Domain suffix(std::size_t count) const;
  /// Whether this is `other` or lies below it.
  [[nodiscard]] bool is_within(const Domain& other) const;

  auto operator<=>(const Domain&) const = default;

 private:
  explicit Domain(std::string text) : text_(std::move(text)) {}
  std::string text_;
};

}  // namespace sekisho::mail
