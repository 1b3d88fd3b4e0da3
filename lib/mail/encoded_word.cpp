#include "mail/encoded_word.hpp"

#include "mail/ascii.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

namespace sekisho::mail {
namespace {

/// What stands before the next "?", which is cut off with it; nullopt: there is none.
std::optional<std::string_view> take_part(std::string_view& rest) {
  const std::size_t end = rest.find('?');
  if (end == std::string_view::npos) {
    return std::nullopt;
  }
  const std::string_view part = rest.substr(0, end);
  rest.remove_prefix(end + 1);
  return part;
}

bool is_token(std::string_view charset) {
  return !charset.empty() && charset.find_first_of("= \t\r\n") == std::string_view::npos;
}

std::optional<unsigned> hex_value(char c) {
  const std::size_t value = std::string_view("0123456789abcdef").find(to_lower(c));
  return value == std::string_view::npos ? std::nullopt : std::optional<unsigned>(value);
}

std::string decode_q(std::string_view text) {
  std::string decoded;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto high = text[i] == '=' && text.size() - i > 2 ? hex_value(text[i + 1]) : std::nullopt;
    const auto low = high ? hex_value(text[i + 2]) : std::nullopt;
    decoded += low ? static_cast<char>(*high << 4U | *low) : text[i];
    i += low ? 2 : 0;
  }
  return decoded;
}

/// Nullopt for all that one decoder reads and another does not, but for padding that is missing.
std::optional<std::string> decode_b(std::string_view text) {
  constexpr std::string_view alphabet =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  text = text.substr(0, text.find_last_not_of('=') + 1);  // npos + 1 is 0
  std::string decoded;
  std::uint32_t bits = 0;
  std::size_t digits = 0;
  for (const char c : text) {
    if (is_folding_white_space(c)) {
      continue;
    }
    const std::size_t value = alphabet.find(c);
    if (value == std::string_view::npos) {
      return std::nullopt;
    }
    bits = (bits << 6U | static_cast<std::uint32_t>(value)) & 0xffffffU;
    if (digits++ % 4 != 0) {
      const unsigned left = 6 - 2 * static_cast<unsigned>((digits - 1) % 4);
      decoded += static_cast<char>(bits >> left & 0xffU);
    }
  }
  return digits % 4 == 1 ? std::nullopt : std::optional(std::move(decoded));
}

/// Whether ASCII text is the same octets in this charset, and no other octets are an `@` in it.
bool is_known_charset(std::string_view charset) {
  constexpr std::string_view names[] = {"ascii",       "us-ascii",  "utf-8",     "utf8",
                                        "gb2312",      "gbk",       "gb18030",   "big5",
                                        "sjis",        "shift_jis", "shift-jis", "ks_c_5601-1987",
                                        "iso-2022-jp", "tis-620",   "latin1"};
  constexpr std::string_view families[] = {"iso-8859-", "iso8859-", "windows-", "cp125",
                                           "koi8-",     "euc-",     "big5-"};
  const std::string name = to_lower(charset);
  return std::ranges::find(names, name) != std::end(names) ||
         std::ranges::any_of(families,
                             [&](std::string_view each) { return name.starts_with(each); });
}

/// ISO-2022-JP without what stands between `ESC $`, which begins two octets a character, and the
/// next `ESC (`, which ends them.
std::string without_double_octets(std::string text) {
  for (std::size_t at = text.find("\x1b$"); at != std::string::npos; at = text.find("\x1b$", at)) {
    const std::size_t end = text.find("\x1b(", at);
    text.erase(at, end == std::string::npos ? end : end - at);
  }
  return text;
}

bool shows_at_sign(std::string_view text) {
  return text.contains('@') || text.contains("=?") || has_at_sign_lookalike(text);
}

bool may_hide_at_sign(const EncodedWord& word) {
  if (!word.is_closed || !is_known_charset(word.charset)) {
    return true;
  }
  std::optional<std::string> text = decode(word);
  if (text && equals_ignoring_case(word.charset, "iso-2022-jp")) {
    text = without_double_octets(*std::move(text));
  }
  return !text || shows_at_sign(*text);
}

}  // namespace

std::optional<EncodedWord> take_encoded_word(std::string_view& rest) {
  for (std::size_t at = rest.find("=?"); at != std::string_view::npos; at = rest.find("=?")) {
    rest.remove_prefix(at + 2);
    std::string_view inner = rest;
    const auto charset = take_part(inner);
    const auto encoding = take_part(inner);
    if (!charset || !is_token(*charset) || !encoding || encoding->size() != 1) {
      continue;
    }
    const std::size_t end = inner.find("?=");
    const bool is_closed = end != std::string_view::npos;
    const EncodedWord word{charset->substr(0, charset->find('*')), to_lower(encoding->front()),
                           inner.substr(0, end), is_closed};
    rest = is_closed ? inner.substr(end + 2) : std::string_view{};
    return word;
  }
  return std::nullopt;
}

std::optional<std::string> decode(const EncodedWord& word) {
  if (word.encoding == 'q') {
    return decode_q(word.text);
  }
  return word.encoding == 'b' ? decode_b(word.text) : std::nullopt;
}

bool may_hold_encoded_word(std::string_view text) {
  const std::size_t start = text.find("=?");
  return start != std::string_view::npos && text.find("?=", start + 2) != std::string_view::npos;
}

bool has_at_sign_lookalike(std::string_view text) {
  return text.contains("\xef\xbc\xa0") || text.contains("\xef\xb9\xab");
}

bool may_hide_at_sign(std::string_view text) {
  while (const auto word = take_encoded_word(text)) {
    if (may_hide_at_sign(*word)) {
      return true;
    }
  }
  return false;
}

}  // namespace sekisho::mail
