#include "arc/instance.hpp"

#include "mail/ascii.hpp"

#include <algorithm>

namespace sekisho::arc {

namespace {

// Follows the comments of a text, which nest (RFC 5322 §3.2.2).
class Comments {
 public:
  /// Whether `c`, the next character, is part of a comment.
  bool cover(char c) {
    if (depth_ == 0) {
      depth_ = c == '(' ? 1 : 0;
      return depth_ > 0;
    }
    if (is_escaped_) {
      is_escaped_ = false;
      return true;
    }
    is_escaped_ = c == '\\';
    depth_ += c == '(' ? 1 : 0;
    depth_ -= c == ')' ? 1 : 0;
    return true;
  }

 private:
  std::size_t depth_ = 0;
  bool is_escaped_ = false;
};

void skip_blank(std::string_view& text) {
  text.remove_prefix(text.starts_with(' ') ? 1 : 0);
}

// instance = [CFWS] %s"i" [CFWS] "=" [CFWS] position
std::optional<std::size_t> parse_instance(std::string_view text) {
  const std::string plain = without_comments(text);
  std::string_view rest = plain;
  for (const char c : {'i', '='}) {
    if (!rest.starts_with(c)) {
      return std::nullopt;
    }
    rest.remove_prefix(1);
    skip_blank(rest);
  }
  return parse_position(rest);
}

}  // namespace

std::optional<std::size_t> parse_position(std::string_view text) {
  if (text.empty() || text.size() > 2 || !std::ranges::all_of(text, mail::is_digit)) {
    return std::nullopt;
  }
  std::size_t position = 0;
  for (const char digit : text) {
    position = position * 10 + static_cast<std::size_t>(digit - '0');
  }
  return position >= 1 && position <= max_instance ? std::optional(position) : std::nullopt;
}

std::optional<Instance> find_leading_instance(std::string_view value) {
  Comments comments;
  const auto end =
      std::ranges::find_if(value, [&comments](char c) { return !comments.cover(c) && c == ';'; });
  if (end == value.end()) {
    return std::nullopt;
  }
  const auto position = parse_instance(std::string_view(value.begin(), end));
  return position ? std::optional(Instance{*position, std::string_view(end + 1, value.end())})
                  : std::nullopt;
}

std::string as_tag_list(std::string_view value) {
  const std::optional<Instance> instance = find_leading_instance(value);
  return instance ? "i=" + std::to_string(instance->position) + ";" + std::string(instance->rest)
                  : std::string(value);
}

std::string without_comments(std::string_view text) {
  Comments comments;
  std::string plain;
  for (const char c : text) {
    const bool is_white = comments.cover(c) || mail::is_blank(c) || c == '\r' || c == '\n';
    if (!is_white) {
      plain += c;
    } else if (!plain.empty() && !plain.ends_with(' ')) {
      plain += ' ';
    }
  }
  if (plain.ends_with(' ')) {
    plain.pop_back();
  }
  return plain;
}

}  // namespace sekisho::arc
