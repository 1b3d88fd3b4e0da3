#include "preflight/date.hpp"

#include "mail/ascii.hpp"
#include "preflight/content_type.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <string>
#include <utility>

namespace sekisho::preflight {

namespace {

constexpr std::array<std::string_view, 7> day_names{"sun", "mon", "tue", "wed",
                                                    "thu", "fri", "sat"};
constexpr std::array<std::string_view, 12> month_names{"jan", "feb", "mar", "apr", "may", "jun",
                                                       "jul", "aug", "sep", "oct", "nov", "dec"};

/// Words, numbers and signs, one after the other.
class Scanner {
 public:
  explicit Scanner(std::string_view text) : rest_(text) {}

  std::string word() {
    skip_blanks();
    std::string word;
    while (!rest_.empty() && mail::is_alpha(rest_.front())) {
      word += mail::to_lower(rest_.front());
      rest_.remove_prefix(1);
    }
    return word;
  }

  /// Nullopt: no number, or one with other than `least` to `most` digits.
  std::optional<unsigned> number(std::size_t least, std::size_t most) {
    skip_blanks();
    unsigned value = 0;
    std::size_t digits = 0;
    while (!rest_.empty() && mail::is_digit(rest_.front()) && digits <= most) {
      value = value * 10 + static_cast<unsigned>(rest_.front() - '0');
      rest_.remove_prefix(1);
      ++digits;
    }
    return digits >= least && digits <= most ? std::optional(value) : std::nullopt;
  }

  bool take(char c) {
    skip_blanks();
    if (!rest_.starts_with(c)) {
      return false;
    }
    rest_.remove_prefix(1);
    return true;
  }

  [[nodiscard]] std::size_t digits_ahead() {
    skip_blanks();
    return static_cast<std::size_t>(std::ranges::find_if_not(rest_, mail::is_digit) -
                                    rest_.begin());
  }
  [[nodiscard]] bool at_end() {
    skip_blanks();
    return rest_.empty();
  }

 private:
  void skip_blanks() { rest_ = mail::trimmed(rest_); }

  std::string_view rest_;
};

template <std::size_t n>
std::optional<unsigned> index_of(const std::array<std::string_view, n>& names,
                                 std::string_view word) {
  const auto* const found = std::ranges::find(names, word);
  return found == names.end() ? std::nullopt
                              : std::optional(static_cast<unsigned>(found - names.begin()));
}

// Zones of RFC 5322 §4.3; those of one letter mean nothing certain.
std::optional<int> obsolete_zone(std::string_view word) {
  constexpr std::array<std::pair<std::string_view, int>, 10> zones{{{"ut", 0},
                                                                    {"gmt", 0},
                                                                    {"edt", -4},
                                                                    {"est", -5},
                                                                    {"cdt", -5},
                                                                    {"cst", -6},
                                                                    {"mdt", -6},
                                                                    {"mst", -7},
                                                                    {"pdt", -7},
                                                                    {"pst", -8}}};
  const auto* const found =
      std::ranges::find(zones, word, &std::pair<std::string_view, int>::first);
  if (found != zones.end()) {
    return found->second * 60;
  }
  return word.size() == 1 && word != "j" ? std::optional(0) : std::nullopt;
}

struct Zone {
  int minutes = 0;
  bool is_obsolete = false;
};

std::optional<Zone> take_zone(Scanner& scanner) {
  const bool is_minus = scanner.take('-');
  if (is_minus || scanner.take('+')) {
    const auto digits = scanner.number(4, 4);
    if (!digits || *digits % 100 > 59) {
      return std::nullopt;
    }
    const int minutes = static_cast<int>(*digits / 100 * 60 + *digits % 100);
    return Zone{is_minus ? -minutes : minutes, false};
  }
  const auto minutes = obsolete_zone(scanner.word());
  return minutes ? std::optional(Zone{*minutes, true}) : std::nullopt;
}

struct Clock {
  unsigned hour = 0;
  unsigned minute = 0;
  unsigned second = 0;
};

std::optional<Clock> take_clock(Scanner& scanner) {
  const auto hour = scanner.number(2, 2);
  const auto minute = scanner.take(':') ? scanner.number(2, 2) : std::nullopt;
  std::optional<unsigned> second = 0;
  if (scanner.take(':')) {
    second = scanner.number(2, 2);
  }
  if (!hour || !minute || !second) {
    return std::nullopt;
  }
  return Clock{*hour, *minute, *second};
}

// Two and three digits are years of the last century (RFC 5322 §4.3).
int full_year(unsigned year, std::size_t digits) {
  if (digits >= 4) {
    return static_cast<int>(year);
  }
  return static_cast<int>(digits == 2 && year < 50 ? year + 2000 : year + 1900);
}

}  // namespace

std::string_view describe_date_fault(DateFault fault) {
  switch (fault) {
    case DateFault::none:
      return "";
    case DateFault::obsolete:
      return "an obsolete form";
    case DateFault::syntax:
      return "not a date as RFC 5322 has it";
    case DateFault::impossible:
      return "a date or time that does not exist";
    case DateFault::wrong_day_name:
      return "the name of the day is that of another day";
  }
  std::unreachable();
}

ParsedDate parse_date(std::string_view value) {
  using namespace std::chrono;
  const auto clean = without_comments(value);
  if (!clean) {
    return {};
  }
  Scanner scanner(*clean);
  const std::string day_name = scanner.word();
  const auto day_index = index_of(day_names, day_name);
  if (!day_name.empty() && (!day_index || !scanner.take(','))) {
    return {};
  }
  const auto day_number = scanner.number(1, 2);
  const auto month_index = index_of(month_names, scanner.word());
  const std::size_t year_digits = scanner.digits_ahead();
  const auto year_number = scanner.number(2, 4);
  const auto clock = take_clock(scanner);
  const auto zone = take_zone(scanner);
  if (!day_number || !month_index || !year_number || !clock || !zone || !scanner.at_end()) {
    return {};
  }
  const year_month_day date{year(full_year(*year_number, year_digits)), month(*month_index + 1),
                            day(*day_number)};
  if (!date.ok() || clock->hour > 23 || clock->minute > 59 || clock->second > 60) {
    return {DateFault::impossible, std::nullopt};
  }
  const sys_seconds time = sys_days(date) + hours(clock->hour) + minutes(clock->minute) +
                           seconds(clock->second) - minutes(zone->minutes);
  if (day_index && weekday(sys_days(date)).c_encoding() != *day_index) {
    return {DateFault::wrong_day_name, time};
  }
  const bool is_obsolete = zone->is_obsolete || year_digits < 4;
  return {is_obsolete ? DateFault::obsolete : DateFault::none, time};
}

}  // namespace sekisho::preflight
