#include "authres/scanner.hpp"

#include "mail/ascii.hpp"

#include <algorithm>

namespace sekisho::authres {

bool is_token_char(char c) {
  switch (c) {  // tspecials
    case '(':
    case ')':
    case '<':
    case '>':
    case '@':
    case ',':
    case ';':
    case ':':
    case '\\':
    case '"':
    case '/':
    case '[':
    case ']':
    case '?':
    case '=':
      return false;
    default:
      return c > ' ' && c < '\x7f';
  }
}

bool is_token(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, is_token_char);
}

bool is_dot_atom(std::string_view text) {
  const auto is_atext = [](char c) {
    constexpr std::string_view specials = "()<>[]:;@\\,.\"";
    return c > ' ' ? c != '\x7f' && !specials.contains(c) : mail::is_eight_bit(c);
  };
  return !text.empty() && text.front() != '.' && text.back() != '.' && !text.contains("..") &&
         std::ranges::all_of(text, [&](char c) { return c == '.' || is_atext(c); });
}

std::string quote(std::string_view text) {
  std::string quoted = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') {
      quoted += '\\';
    }
    quoted += c;
  }
  return quoted += '"';
}

bool Scanner::accept(char c) {
  if (at_end() || text_[at_] != c) {
    return false;
  }
  ++at_;
  return true;
}

template <typename Predicate>
std::string_view Scanner::run(Predicate belongs) {
  const std::size_t begin = at_;
  while (!at_end() && belongs(text_[at_])) {
    ++at_;
  }
  return text_.substr(begin, at_ - begin);
}

// A blank, or a fold: CRLF or bare LF with a blank behind it (RFC 5322 §2.2.3).
bool Scanner::skip_blank() {
  std::size_t next = at_;
  if (text_.substr(next).starts_with("\r\n")) {
    next += 2;
  } else if (peek() == '\n') {
    next += 1;
  }
  if (next == text_.size() || !mail::is_blank(text_[next])) {
    return false;
  }
  at_ = next + 1;
  return true;
}

bool Scanner::skip_comment() {
  std::size_t depth = 0;
  do {
    if (at_end()) {
      return false;
    }
    if (skip_blank()) {
      continue;
    }
    const char c = text_[at_++];
    if (mail::is_control(c)) {
      return false;
    }
    if (c == '\\') {
      if (at_end() || mail::is_control(peek())) {
        return false;
      }
      ++at_;
    } else if (c == '(') {
      ++depth;
    } else if (c == ')') {
      --depth;
    }
  } while (depth > 0);
  return true;
}

bool Scanner::skip_cfws() {
  while (!at_end()) {
    if (peek() == '(') {
      if (!skip_comment()) {
        return false;
      }
    } else if (!skip_blank()) {
      return true;
    }
  }
  return true;
}

std::string_view Scanner::keyword() {
  return run([](char c) { return mail::is_alphanumeric(c) || c == '-'; });
}

std::string_view Scanner::digits() {
  return run([](char c) { return mail::is_digit(c); });
}

std::string_view Scanner::token() {
  return run([](char c) { return is_token_char(c) || mail::is_eight_bit(c); });
}

std::string_view Scanner::unquoted() {
  return run([](char c) {
    constexpr std::string_view ends = " ;()\"\\";
    return !ends.contains(c) && !mail::is_control(c);
  });
}

std::optional<std::string> Scanner::quoted_string() {
  if (!accept('"')) {
    return std::nullopt;
  }
  std::string content;
  while (!at_end()) {
    if (accept('"')) {
      return content;
    }
    if (skip_blank()) {
      content += text_[at_ - 1];
      continue;
    }
    if (accept('\\') && at_end()) {
      return std::nullopt;
    }
    if (mail::is_control(peek())) {
      return std::nullopt;
    }
    content += text_[at_++];
  }
  return std::nullopt;
}

}  // namespace sekisho::authres
