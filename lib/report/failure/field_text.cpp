#include "report/failure/field_text.hpp"

#include "mail/ascii.hpp"
#include "mail/header_field.hpp"
#include "mail/utf8.hpp"

#include <algorithm>
#include <array>

namespace sekisho::report::failure {

namespace {

constexpr std::size_t columns = 78;    // RFC 5322 §2.1.1
constexpr std::size_t max_word = 900;  // a line has 998 octets at most

// The value in one line, its ends trimmed.
std::string clean(std::string_view value, FieldCharset charset) {
  std::string text = mail::unfold(value.substr(0, max_field_octets));
  const bool keeps_eight_bit = charset == FieldCharset::utf8 && mail::is_valid_utf8(text);
  std::ranges::replace_if(
      text,
      [&](char c) {
        return (mail::is_control(c) && c != '\t') || (mail::is_eight_bit(c) && !keeps_eight_bit);
      },
      '?');
  const auto begin = text.find_first_not_of(" \t");
  if (begin == std::string::npos) {
    return {};
  }
  return text.substr(begin, text.find_last_not_of(" \t") - begin + 1);
}

// A run of blanks with the word behind it; cuts it off `rest`.
std::string_view take_word(std::string_view& rest) {
  const auto begin = rest.find_first_not_of(" \t");
  const auto end = rest.find_first_of(" \t", begin);
  const std::string_view word = rest.substr(0, end);
  rest.remove_prefix(word.size());
  return word;
}

std::string two_digits(unsigned number) {
  const std::string text = std::to_string(number);
  return text.size() < 2 ? std::string("0").append(text) : text;
}

}  // namespace

bool is_field_name(std::string_view name) {
  return !name.empty() && name.size() <= columns &&
         std::ranges::all_of(name, [](char c) { return c > ' ' && c < 0x7F && c != ':'; });
}

std::string field_text(std::string_view name, std::string_view value, FieldCharset charset) {
  const std::string line = clean(value, charset);
  std::string text(name);
  text += ": ";
  std::size_t column = text.size();
  for (std::string_view rest = line; !rest.empty();) {
    const std::string_view word = take_word(rest);
    const bool begins_value = word.data() == line.data();
    if (!begins_value && (column + word.size() > columns)) {
      text += "\r\n";
      column = 0;
    }
    const std::string_view kept = word.substr(0, max_word);
    text += kept;
    column += kept.size();
  }
  return text + "\r\n";
}

std::string quoted_string(std::string_view text) {
  std::string quoted = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') {
      quoted += '\\';
    }
    quoted += c;
  }
  return quoted + '"';
}

std::string date_text(std::chrono::sys_seconds time) {
  constexpr std::array<const char*, 7> days{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  constexpr std::array<const char*, 12> months{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                               "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const auto day = std::chrono::floor<std::chrono::days>(time);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss clock(time - day);
  std::string text = days.at(std::chrono::weekday(day).c_encoding());
  text.append(", ").append(std::to_string(static_cast<unsigned>(date.day()))).append(" ");
  text.append(months.at(static_cast<unsigned>(date.month()) - 1)).append(" ");
  text.append(std::to_string(static_cast<int>(date.year()))).append(" ");
  text.append(two_digits(static_cast<unsigned>(clock.hours().count()))).append(":");
  text.append(two_digits(static_cast<unsigned>(clock.minutes().count()))).append(":");
  text.append(two_digits(static_cast<unsigned>(clock.seconds().count()))).append(" +0000");
  return text;
}

}  // namespace sekisho::report::failure
