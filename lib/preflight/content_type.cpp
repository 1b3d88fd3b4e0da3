#include "preflight/content_type.hpp"

#include "mail/ascii.hpp"

#include <algorithm>
#include <cstddef>

namespace sekisho::preflight {

namespace {

constexpr std::size_t max_parameters = 100;

bool is_token_character(char c) {
  constexpr std::string_view specials = "()<>@,;:\\\"/[]?=";
  return c > ' ' && c < '\x7f' && !specials.contains(c);
}

std::string_view take_token(std::string_view& rest) {
  rest = mail::trimmed(rest);
  const auto* const end = std::ranges::find_if_not(rest, is_token_character);
  const std::string_view token = rest.substr(0, static_cast<std::size_t>(end - rest.begin()));
  rest.remove_prefix(token.size());
  return token;
}

bool take(std::string_view& rest, char c) {
  rest = mail::trimmed(rest);
  if (!rest.starts_with(c)) {
    return false;
  }
  rest.remove_prefix(1);
  return true;
}

// Behind the opening quotation mark.
std::optional<std::string> take_quoted(std::string_view& rest) {
  std::string text;
  for (std::size_t i = 0; i < rest.size(); ++i) {
    if (rest[i] == '"') {
      rest.remove_prefix(i + 1);
      return text;
    }
    if (rest[i] == '\\' && i + 1 < rest.size()) {
      ++i;
    }
    text += rest[i];
  }
  return std::nullopt;
}

std::optional<std::string> take_parameter_value(std::string_view& rest) {
  if (take(rest, '"')) {
    return take_quoted(rest);
  }
  const std::string_view token = take_token(rest);
  return token.empty() ? std::nullopt : std::optional<std::string>(token);
}

bool take_parameter(std::string_view& rest, ContentType& content_type) {
  const std::string name = mail::to_lower(take_token(rest));
  if (name.empty() || !take(rest, '=')) {
    return false;
  }
  auto value = take_parameter_value(rest);
  if (!value) {
    return false;
  }
  content_type.parameters[name.substr(0, name.find('*'))] += *value;
  return true;
}

}  // namespace

std::string_view ContentType::parameter(std::string_view name) const {
  const auto found = parameters.find(name);
  return found == parameters.end() ? std::string_view{} : std::string_view(found->second);
}

std::optional<ContentType> parse_content_type(std::string_view value) {
  const auto clean = without_comments(value);
  if (!clean) {
    return std::nullopt;
  }
  std::string_view rest = *clean;
  ContentType content_type;
  content_type.type = mail::to_lower(take_token(rest));
  if (content_type.type.empty() || !take(rest, '/')) {
    return std::nullopt;
  }
  content_type.subtype = mail::to_lower(take_token(rest));
  if (content_type.subtype.empty()) {
    return std::nullopt;
  }
  for (std::size_t count = 0; take(rest, ';'); ++count) {
    if (mail::trimmed(rest).empty()) {
      return content_type;  // a semicolon at the end is common and does no harm
    }
    if (count >= max_parameters || !take_parameter(rest, content_type)) {
      return std::nullopt;
    }
  }
  return mail::trimmed(rest).empty() ? std::optional(content_type) : std::nullopt;
}

TransferEncoding parse_transfer_encoding(std::string_view value) {
  const auto clean = without_comments(value);
  const std::string word = clean ? mail::to_lower(*clean) : "";
  if (word == "7bit") {
    return TransferEncoding::seven_bit;
  }
  if (word == "8bit") {
    return TransferEncoding::eight_bit;
  }
  if (word == "binary") {
    return TransferEncoding::binary;
  }
  if (word == "quoted-printable") {
    return TransferEncoding::quoted_printable;
  }
  return word == "base64" ? TransferEncoding::base64 : TransferEncoding::unknown;
}

bool is_known_charset(std::string_view charset) {
  constexpr std::string_view names[] = {"ascii",
                                        "us-ascii",
                                        "utf-8",
                                        "utf8",
                                        "utf-7",
                                        "gb2312",
                                        "gbk",
                                        "gb18030",
                                        "big5",
                                        "shift_jis",
                                        "sjis",
                                        "x-sjis",
                                        "ms932",
                                        "cp932",
                                        "tis-620",
                                        "hz-gb-2312",
                                        "macintosh",
                                        "viscii",
                                        "unicode-1-1-utf-7"};
  constexpr std::string_view families[] = {
      "iso-8859-", "iso8859-",  "iso-2022-", "windows-", "cp",     "ibm",       "koi8-",     "euc-",
      "big5-",     "ks_c_5601", "utf-16",    "utf-32",   "x-mac-", "iso_8859-", "x-windows-"};
  const std::string name = mail::to_lower(charset.substr(0, charset.find('*')));
  return std::ranges::find(names, name) != std::end(names) ||
         std::ranges::any_of(families,
                             [&](std::string_view family) {
                               return name.starts_with(family) && name.size() > family.size();
                             }) ||
         name == "ks_c_5601" || name == "utf-16" || name == "utf-32";
}

std::optional<std::string> without_comments(std::string_view value) {
  std::string clean;
  std::size_t depth = 0;
  bool is_quoted = false;
  for (std::size_t i = 0; i < value.size(); ++i) {
    const char c = value[i];
    if (c == '\r' || c == '\n') {
      continue;
    }
    const bool is_escape = c == '\\' && (is_quoted || depth > 0) && i + 1 < value.size();
    if (depth == 0) {
      if (c == '(' && !is_quoted) {
        ++depth;
        clean += ' ';
        continue;
      }
      is_quoted = c == '"' ? !is_quoted : is_quoted;
      clean += c;
      if (is_escape) {
        clean += value[++i];
      }
      continue;
    }
    if (is_escape) {
      ++i;
    } else if (c == '(') {
      ++depth;
    } else if (c == ')') {
      --depth;
    }
  }
  if (depth > 0 || is_quoted) {
    return std::nullopt;
  }
  return std::string(mail::trimmed(clean));
}

}  // namespace sekisho::preflight
