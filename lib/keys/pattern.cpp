#include "keys/pattern.hpp"

#include "mail/ascii.hpp"

#include <cstdint>
#include <utility>

#include <re2/re2.h>

namespace sekisho::keys {

namespace {

bool matches_asterisks(std::string_view pattern, std::string_view text) {
  constexpr std::size_t none = std::string_view::npos;
  std::size_t at = 0;
  std::size_t star = none;  // the last one met, and where the text it stands for ends
  std::size_t star_end = 0;
  for (std::size_t i = 0; i < text.size();) {
    if (at < pattern.size() && pattern[at] == '*') {
      star = at++;
      star_end = i;
    } else if (at < pattern.size() && pattern[at] == text[i]) {
      ++at;
      ++i;
    } else if (star != none) {
      at = star + 1;
      i = ++star_end;
    } else {
      return false;
    }
  }
  return pattern.find_first_not_of('*', at) == none;
}

// RE2's default is eight times as much; what needs more is no pattern for an address.
constexpr std::int64_t max_memory = 1 << 20;

// As dkimf_mkregexp() of opendkim does it, within brackets, too.
std::string to_expression(std::string_view pattern) {
  std::string expression;
  for (const char octet : pattern) {
    if (octet == '*') {
      expression += '.';
    } else if (octet == '.' || octet == '+') {
      expression += '\\';
    }
    expression += octet;
  }
  return expression;
}

// POSIX' extended regular expressions over octets.
RE2::Options expression_options() {
  RE2::Options options;
  options.set_encoding(RE2::Options::EncodingLatin1);
  options.set_posix_syntax(true);
  options.set_one_line(true);
  options.set_dot_nl(true);
  options.set_never_capture(true);
  options.set_log_errors(false);
  options.set_max_mem(max_memory);
  return options;
}

// `{2}` and `{2,3}`. Braces are legal in a local part (RFC 5322 §3.2.3).
bool has_repetition_count(std::string_view text) {
  for (std::size_t at = 0; (at = text.find('{', at)) != text.npos; ++at) {
    if (at + 1 < text.size() && mail::is_digit(text[at + 1])) {
      return true;
    }
  }
  return false;
}

}  // namespace

struct Pattern::Expression {
  explicit Expression(const std::string& text) : compiled(text, expression_options()) {}

  RE2 compiled;
};

std::expected<Pattern, std::string> Pattern::parse(std::string text) {
  if (text.size() > max_pattern_octets) {
    return std::unexpected("the pattern is too long");
  }
  const bool is_plain = text.find_first_of("[]()?|^$") == text.npos;
  if (text.contains('\\') || has_repetition_count(text) || (!is_plain && text.contains('{'))) {
    return std::unexpected("a pattern has no backslash and no repetition count");
  }
  if (is_plain) {
    return Pattern(std::move(text), nullptr);
  }
  auto expression = std::make_shared<const Expression>(to_expression(text));
  if (!expression->compiled.ok()) {
    return std::unexpected("the pattern is no regular expression, or is too complex");
  }
  return Pattern(std::move(text), std::move(expression));
}

bool Pattern::matches(std::string_view text) const {
  return expression_ ? RE2::FullMatch({text.data(), text.size()}, expression_->compiled)
                     : matches_asterisks(text_, text);
}

}  // namespace sekisho::keys
