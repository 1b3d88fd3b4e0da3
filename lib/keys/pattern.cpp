#include "keys/pattern.hpp"

#include <utility>

#include <regex.h>

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

// As dkimf_mkregexp() of opendkim does it, within brackets, too.
std::string to_expression(std::string_view pattern) {
  std::string expression = "^";
  for (const char octet : pattern) {
    if (octet == '*') {
      expression += '.';
    } else if (octet == '.' || octet == '+') {
      expression += '\\';
    }
    expression += octet;
  }
  return expression + '$';
}

}  // namespace

struct Pattern::Expression {
  explicit Expression(const std::string& text)
      : error(regcomp(&compiled, text.c_str(), REG_EXTENDED | REG_NOSUB)) {}
  ~Expression() {
    if (error == 0) {
      regfree(&compiled);
    }
  }
  Expression(const Expression&) = delete;
  Expression& operator=(const Expression&) = delete;
  Expression(Expression&&) = delete;
  Expression& operator=(Expression&&) = delete;

  regex_t compiled{};
  int error;
};

std::expected<Pattern, std::string> Pattern::parse(std::string text) {
  if (text.size() > max_pattern_octets) {
    return std::unexpected("the pattern is too long");
  }
  if (text.find_first_of("{\\") != std::string::npos) {
    return std::unexpected("a pattern has no backslash and no brace");
  }
  if (text.find_first_of("[]()?|^$") == std::string::npos) {
    return Pattern(std::move(text), nullptr);
  }
  auto expression = std::make_shared<const Expression>(to_expression(text));
  if (expression->error != 0) {
    return std::unexpected("the pattern is no regular expression");
  }
  return Pattern(std::move(text), std::move(expression));
}

bool Pattern::matches(std::string_view text) const {
  if (!expression_) {
    return matches_asterisks(text_, text);
  }
  return !text.contains('\0') &&
         regexec(&expression_->compiled, std::string(text).c_str(), 0, nullptr, 0) == 0;
}

}  // namespace sekisho::keys
