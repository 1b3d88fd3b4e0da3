#include "report/import/mime_field.hpp"

#include "mail/ascii.hpp"
#include "mail/header_field.hpp"

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <map>

namespace sekisho::report::import {

namespace {

std::string_view trimmed(std::string_view text) {
  return mail::trimmed<mail::is_folding_white_space>(text);
}

// The line at the front of `rest`, with its end, which is taken off.
std::string_view take_line(std::string_view& rest) {
  const std::size_t end = rest.find('\n');
  const std::string_view line = rest.substr(0, end == rest.npos ? rest.size() : end + 1);
  rest.remove_prefix(line.size());
  return line;
}

bool is_field_named(std::string_view line, std::string_view name) {
  const std::size_t colon = line.find(':');
  return colon != line.npos && !mail::is_blank(line[0]) &&
         mail::equals_ignoring_case(mail::trimmed(line.substr(0, colon)), name);
}

/// Steps over `; name=value` after `; name=value`.
class ParameterScanner {
 public:
  explicit ParameterScanner(std::string_view field) : rest_(field) { skip_to_semicolon(); }

  struct Parameter {
    std::string name;  // lower case
    std::string value;
  };

  std::optional<Parameter> next() {
    while (!rest_.empty()) {
      rest_.remove_prefix(1);  // the semicolon
      const std::size_t end = rest_.find_first_of("=;");
      if (end == rest_.npos) {
        return std::nullopt;
      }
      const std::string_view name = trimmed(rest_.substr(0, end));
      rest_.remove_prefix(end);
      if (rest_.front() == '=') {
        rest_.remove_prefix(1);
        return Parameter{.name = mail::to_lower(name), .value = take_value()};
      }
    }
    return std::nullopt;
  }

 private:
  void skip_to_semicolon() { rest_.remove_prefix(std::min(rest_.find(';'), rest_.size())); }

  std::string take_value() {
    while (!rest_.empty() && mail::is_folding_white_space(rest_.front())) {
      rest_.remove_prefix(1);
    }
    std::string value = rest_.starts_with('"') ? take_quoted() : std::string();
    const std::string_view tail = rest_.substr(0, rest_.find(';'));
    if (value.empty()) {
      value = trimmed(tail);
    }
    rest_.remove_prefix(tail.size());
    return value;
  }

  std::string take_quoted() {
    std::string value;
    rest_.remove_prefix(1);
    while (!rest_.empty() && rest_.front() != '"') {
      if (rest_.front() == '\\' && rest_.size() > 1) {
        rest_.remove_prefix(1);
      }
      value += rest_.front();
      rest_.remove_prefix(1);
    }
    rest_.remove_prefix(rest_.empty() ? 0 : 1);
    return value;
  }

  std::string_view rest_;
};

std::string percent_decoded(std::string_view text) {
  std::string decoded;
  while (!text.empty()) {
    unsigned octet = 0;
    const std::string_view digits = text.substr(std::min<std::size_t>(1, text.size()), 2);
    const auto* const end = digits.data() + digits.size();
    const bool is_code = text.front() == '%' && digits.size() == 2 &&
                         std::from_chars(digits.data(), end, octet, 16).ptr == end;
    decoded += is_code ? static_cast<char>(octet) : text.front();
    text.remove_prefix(is_code ? 3 : 1);
  }
  return decoded;
}

// RFC 2231 §4: charset'language'text.
std::string without_charset(std::string_view text) {
  const std::size_t first = text.find('\'');
  const std::size_t second = first == text.npos ? text.npos : text.find('\'', first + 1);
  return std::string(second == text.npos ? text : text.substr(second + 1));
}

/// The pieces of one parameter: `name`, `name*`, `name*0`, `name*1*` and so on.
class Pieces {
 public:
  void add(std::string_view suffix, const std::string& value) {
    const bool is_encoded = suffix.ends_with('*');
    suffix.remove_suffix(is_encoded ? 1 : 0);
    suffix.remove_prefix(suffix.starts_with('*') ? 1 : 0);
    unsigned number = 0;
    const auto* const end = suffix.data() + suffix.size();
    if (!suffix.empty() && std::from_chars(suffix.data(), end, number).ptr != end) {
      return;
    }
    const std::string text = is_encoded && number == 0 ? without_charset(value) : value;
    pieces_.try_emplace(number, is_encoded ? percent_decoded(text) : text);
  }

  [[nodiscard]] std::optional<std::string> whole() const {
    if (pieces_.empty()) {
      return std::nullopt;
    }
    std::string value;
    for (const auto& [number, piece] : pieces_) {
      value += piece;
    }
    return value;
  }

 private:
  std::map<unsigned, std::string> pieces_;
};

}  // namespace

std::string field_value(std::string_view header, std::string_view name) {
  while (!header.empty()) {
    const std::string_view line = take_line(header);
    if (!is_field_named(line, name)) {
      continue;
    }
    std::string value(line.substr(line.find(':') + 1).substr(0, max_field_octets));
    while (!header.empty() && mail::is_blank(header.front()) && value.size() < max_field_octets) {
      value += take_line(header).substr(0, max_field_octets - value.size());
    }
    return std::string(trimmed(mail::unfold(value)));
  }
  return "";
}

std::string main_value(std::string_view field) {
  std::string value;
  std::ranges::copy_if(mail::to_lower(field.substr(0, field.find(';'))), std::back_inserter(value),
                       [](char c) { return !mail::is_folding_white_space(c); });
  return value;
}

std::optional<std::string> parameter(std::string_view field, std::string_view name) {
  Pieces pieces;
  ParameterScanner scanner(field.substr(0, max_field_octets));
  while (const auto found = scanner.next()) {
    const std::string_view full = found->name;
    if (full == name || (full.starts_with(name) && full[name.size()] == '*')) {
      pieces.add(full.substr(name.size()), found->value);
    }
  }
  return pieces.whole();
}

}  // namespace sekisho::report::import
