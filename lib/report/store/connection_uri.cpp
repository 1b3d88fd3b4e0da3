#include "report/store/connection_uri.hpp"

#include "mail/ascii.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <ranges>
#include <vector>

namespace sekisho::report::store {

namespace {

struct Parts {
  std::string_view userinfo;  // user[:password]
  std::string_view hosts;
  std::string_view path;   // with its slash
  std::string_view query;  // without the question mark
};

Parts split(std::string_view uri) {
  Parts parts;
  const std::size_t scheme_end = uri.find("://");
  std::string_view rest = uri.substr(scheme_end == std::string_view::npos ? 0 : scheme_end + 3);
  if (const std::size_t mark = rest.find('?'); mark != std::string_view::npos) {
    parts.query = rest.substr(mark + 1);
    rest = rest.substr(0, mark);
  }
  if (const std::size_t slash = rest.find('/'); slash != std::string_view::npos) {
    parts.path = rest.substr(slash);
    rest = rest.substr(0, slash);
  }
  const std::size_t at = rest.rfind('@');
  if (at != std::string_view::npos) {
    parts.userinfo = rest.substr(0, at);
    rest = rest.substr(at + 1);
  }
  parts.hosts = rest;
  return parts;
}

std::optional<unsigned> hex_digit(char c) {
  constexpr std::string_view digits = "0123456789abcdef";
  const std::size_t value = digits.find(mail::to_lower(c));
  return value == std::string_view::npos ? std::nullopt
                                         : std::optional(static_cast<unsigned>(value));
}

// Nullopt: a percent sign without two hexadecimal digits, or NUL.
std::optional<std::string> decoded(std::string_view text) {
  std::string plain;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      plain += text[i];
      continue;
    }
    const auto high = i + 2 < text.size() ? hex_digit(text[i + 1]) : std::nullopt;
    const auto low = i + 2 < text.size() ? hex_digit(text[i + 2]) : std::nullopt;
    if (!high || !low || (*high == 0 && *low == 0)) {
      return std::nullopt;
    }
    plain += static_cast<char>(*high * 16 + *low);
    i += 2;
  }
  return plain;
}

template <typename Belongs>
bool is_made_of(std::string_view text, Belongs belongs) {
  return std::ranges::all_of(text, belongs);
}

// host[:port], the host a name, an address, [an IPv6 address], a percent-encoded folder, or none.
bool is_host(std::string_view text) {
  const std::size_t bracket = text.rfind(']');
  const std::size_t colon = text.find(':', bracket == std::string_view::npos ? 0 : bracket);
  const std::string_view port =
      colon == std::string_view::npos ? std::string_view() : text.substr(colon + 1);
  const std::string_view host = text.substr(0, colon);
  return is_made_of(port, mail::is_digit) && is_made_of(host, [](char c) {
           return mail::is_alphanumeric(c) || std::string_view(".-_%[]:").contains(c);
         });
}

bool is_option(std::string_view text) {
  const std::size_t equals = text.find('=');
  return equals != std::string_view::npos && equals > 0 &&
         is_made_of(text.substr(0, equals), [](char c) { return mail::is_alpha(c) || c == '_'; }) &&
         !text.substr(equals + 1).contains('=');
}

std::vector<std::string_view> pieces(std::string_view text, char separator) {
  std::vector<std::string_view> all;
  for (const auto& piece : std::views::split(text, separator)) {
    all.emplace_back(piece);
  }
  return all;
}

std::vector<std::string> passwords_of(std::string_view uri) {
  const Parts parts = split(uri);
  std::vector<std::string_view> raw;
  if (const std::size_t colon = parts.userinfo.find(':'); colon != std::string_view::npos) {
    raw.push_back(parts.userinfo.substr(colon + 1));
  }
  for (const std::string_view option : pieces(parts.query, '&')) {
    const std::size_t equals = option.find('=');
    if (equals != std::string_view::npos && option.substr(0, equals).ends_with("password")) {
      raw.push_back(option.substr(equals + 1));
    }
  }
  std::vector<std::string> passwords;
  for (const std::string_view one : raw) {
    passwords.emplace_back(one);
    passwords.push_back(decoded(one).value_or(""));
  }
  std::erase_if(passwords, [](const std::string& one) { return one.empty(); });
  std::ranges::sort(passwords, std::ranges::greater{}, &std::string::size);
  return passwords;
}

}  // namespace

std::optional<std::string> find_uri_fault(std::string_view uri) {
  if (!is_made_of(uri, [](char c) { return c > ' ' && c != '\x7f'; })) {
    return "blanks and controls of a URI are to be percent-encoded";
  }
  if (!decoded(uri)) {
    return "a % of a URI is to be written as %25";
  }
  const Parts parts = split(uri);
  const auto hosts = pieces(parts.hosts, ',');
  const bool is_at_odds = uri.contains('#') || parts.userinfo.contains('@') ||
                          parts.path.contains('@') || parts.path.find('/', 1) < uri.size() ||
                          (parts.path.empty() && parts.query.contains('@')) ||
                          !std::ranges::all_of(hosts, is_host);
  const bool has_options =
      parts.query.empty() || std::ranges::all_of(pieces(parts.query, '&'), is_option);
  if (is_at_odds || !has_options) {
    return "it is not postgresql://USER:PASSWORD@HOST:PORT/NAME?OPTION=VALUE; the characters @ / ? "
           "# "
           "of a password are to be percent-encoded: %40 %2F %3F %23";
  }
  return std::nullopt;
}

std::string hide_passwords(std::string text, std::string_view uri) {
  constexpr std::string_view mark = "***";
  for (const std::string& password : passwords_of(uri)) {
    for (std::size_t place = text.find(password); place != std::string::npos;
         place = text.find(password, place + mark.size())) {
      text.replace(place, password.size(), mark);
    }
  }
  return text;
}

}  // namespace sekisho::report::store
