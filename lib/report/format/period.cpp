#include "report/format/period.hpp"

#include "mail/ascii.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>

namespace sekisho::report::format {

namespace {

class DateTimeScanner {
 public:
  explicit DateTimeScanner(std::string_view text) : rest_(text) {}

  // Exactly so many digits.
  std::optional<int> number(std::size_t digits) {
    int value = 0;
    const std::string_view text = rest_.substr(0, digits);
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || end != text.data() + digits || !mail::is_digit(text[0])) {
      return std::nullopt;
    }
    rest_.remove_prefix(digits);
    return value;
  }

  // One of `these`, in any case.
  std::optional<char> one_of(std::string_view these) {
    if (rest_.empty() || these.find(mail::to_lower(rest_[0])) == these.npos) {
      return std::nullopt;
    }
    const char c = mail::to_lower(rest_[0]);
    rest_.remove_prefix(1);
    return c;
  }

  void skip_fraction() {
    if (!rest_.starts_with('.')) {
      return;
    }
    const std::size_t end = rest_.find_first_not_of("0123456789", 1);
    rest_.remove_prefix(std::min(end, rest_.size()));
  }

  [[nodiscard]] bool at_end() const { return rest_.empty(); }

 private:
  std::string_view rest_;
};

// Numbers of so many digits, two and two, with `separator` between them.
std::optional<std::array<int, 3>> scan_three(DateTimeScanner& scanner, std::size_t first_digits,
                                             std::string_view separator) {
  const auto first = scanner.number(first_digits);
  const auto first_separator = scanner.one_of(separator);
  const auto second = scanner.number(2);
  const auto second_separator = scanner.one_of(separator);
  const auto third = scanner.number(2);
  if (!first || !first_separator || !second || !second_separator || !third) {
    return std::nullopt;
  }
  return std::array{*first, *second, *third};
}

std::optional<std::chrono::sys_days> scan_date(DateTimeScanner& scanner) {
  using namespace std::chrono;
  const auto numbers = scan_three(scanner, 4, "-");
  if (!numbers) {
    return std::nullopt;
  }
  const auto [y, m, d] = *numbers;
  const year_month_day date{year(y), month(static_cast<unsigned>(m)),
                            day(static_cast<unsigned>(d))};
  return date.ok() ? std::optional(sys_days(date)) : std::nullopt;
}

std::optional<std::chrono::seconds> scan_time(DateTimeScanner& scanner) {
  using namespace std::chrono;
  const auto numbers = scan_three(scanner, 2, ":");
  if (!numbers) {
    return std::nullopt;
  }
  const auto [h, m, s] = *numbers;
  if (h > 24 || m > 59 || s > 60) {
    return std::nullopt;
  }
  return hours(h) + minutes(m) + seconds(s);
}

std::optional<std::chrono::seconds> scan_offset(DateTimeScanner& scanner) {
  using namespace std::chrono;
  if (scanner.at_end()) {
    return seconds(0);
  }
  const auto sign = scanner.one_of("z+-");
  if (!sign) {
    return std::nullopt;
  }
  if (*sign == 'z') {
    return seconds(0);
  }
  const auto h = scanner.number(2);
  static_cast<void>(scanner.one_of(":"));
  const auto m = scanner.number(2);
  if (!h || !m || *h > 23 || *m > 59) {
    return std::nullopt;
  }
  const seconds offset = hours(*h) + minutes(*m);
  return *sign == '-' ? -offset : offset;
}

}  // namespace

std::optional<Period> period_between(std::optional<std::chrono::sys_seconds> begin,
                                     std::optional<std::chrono::sys_seconds> end,
                                     std::string_view element, ReportNotes& notes) {
  if (!begin || !end) {
    notes.add(std::string(element) + " is missing or no time");
    return std::nullopt;
  }
  if (*end < *begin) {
    notes.add(std::string(element) + " ends before it begins");
    std::swap(begin, end);
  }
  return Period{.begin = *begin, .end = *end};
}

std::optional<std::chrono::sys_seconds> parse_date_time(std::string_view text) {
  DateTimeScanner scanner(text);
  const auto date = scan_date(scanner);
  if (date && scanner.at_end()) {
    return std::chrono::sys_seconds(*date);
  }
  if (!date || !scanner.one_of("t ")) {
    return std::nullopt;
  }
  const auto time = scan_time(scanner);
  scanner.skip_fraction();
  const auto offset = time ? scan_offset(scanner) : std::nullopt;
  if (!offset || !scanner.at_end()) {
    return std::nullopt;
  }
  return std::chrono::sys_seconds(*date) + *time - *offset;
}

std::optional<std::chrono::sys_seconds> parse_timestamp(std::string_view text) {
  constexpr std::int64_t max_seconds = 253'402'300'799;  // the year 9999, and no more digits
  const std::string_view whole = text.substr(0, text.find('.'));
  std::int64_t value = -1;
  const auto [end, error] = std::from_chars(whole.data(), whole.data() + whole.size(), value);
  if (error != std::errc{} || end != whole.data() + whole.size()) {
    return parse_date_time(text);
  }
  value /= value > max_seconds ? 1'000 : 1;
  return value >= 0 && value <= max_seconds
             ? std::optional(std::chrono::sys_seconds(std::chrono::seconds(value)))
             : std::nullopt;
}

}  // namespace sekisho::report::format
