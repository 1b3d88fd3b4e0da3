// Other forms of the same moment (RFC 5322 §3.3, §4.3).
#include "dkim_diagnosis/header_field_repairs.hpp"
#include "mail/ascii.hpp"

#include <array>
#include <charconv>
#include <chrono>
#include <optional>
#include <sstream>

namespace sekisho::dkim_diagnosis {

namespace {

constexpr std::array<std::string_view, 12> months = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                     "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
constexpr std::array<std::string_view, 7> days = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};

std::optional<int> number(std::string_view text) {
  int value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc() && end == text.data() + text.size() ? std::optional(value)
                                                                  : std::nullopt;
}

std::vector<std::string> words_of(std::string_view text) {
  std::string spaced(text);
  for (char& c : spaced) {
    c = c == ',' || mail::is_folding_white_space(c) ? ' ' : c;
  }
  std::istringstream stream(spaced);
  std::vector<std::string> words;
  for (std::string word; words.size() < 12 && stream >> word;) {
    words.push_back(word);
  }
  return words;
}

// Minutes east of Greenwich.
std::optional<int> read_zone(std::string_view word) {
  if (word == "GMT" || word == "UT" || word == "UTC" || word == "Z") {
    return 0;
  }
  const auto digits = word.size() == 5 ? number(word.substr(1)) : std::nullopt;
  if (!digits || (word.front() != '+' && word.front() != '-')) {
    return std::nullopt;
  }
  const int minutes = *digits / 100 * 60 + *digits % 100;
  return word.front() == '-' ? -minutes : minutes;
}

// The moment that a Date field names, in seconds.
std::optional<std::chrono::sys_seconds> read_date(std::string_view value) {
  std::vector<std::string> words = words_of(value);
  if (!words.empty() && mail::is_alpha(words.front().front())) {
    words.erase(words.begin());
  }
  if (words.size() < 5) {
    return std::nullopt;
  }
  unsigned month = 0;
  for (unsigned i = 0; i < months.size(); ++i) {
    month = mail::equals_ignoring_case(words[1], months.at(i)) ? i + 1 : month;
  }
  const auto day = number(words[0]);
  const auto year = number(words[2]);
  const std::string& time = words[3];
  const auto hour = number(time.substr(0, 2));
  const auto minute = time.size() >= 5 ? number(time.substr(3, 2)) : std::nullopt;
  const auto second = time.size() == 8 ? number(time.substr(6, 2)) : std::optional(0);
  const auto zone = read_zone(words[4]);
  if (month == 0 || !day || !year || !hour || !minute || !second || !zone) {
    return std::nullopt;
  }
  const auto date = std::chrono::year(*year) / std::chrono::month(month) /
                    std::chrono::day(static_cast<unsigned>(*day));
  if (!date.ok()) {
    return std::nullopt;
  }
  return std::chrono::sys_days(date) + std::chrono::hours(*hour) + std::chrono::minutes(*minute) +
         std::chrono::seconds(*second) - std::chrono::minutes(*zone);
}

std::string two_digits(long value) {
  return (value < 10 ? "0" : "") + std::to_string(value);
}

struct DateStyle {
  bool has_day_name = true;
  bool pads_day = true;
  bool has_seconds = true;
};

std::string write_date(std::chrono::sys_seconds moment, int zone, const DateStyle& style) {
  const auto local = moment + std::chrono::minutes(zone);
  const auto midnight = std::chrono::floor<std::chrono::days>(local);
  const std::chrono::year_month_day date(midnight);
  const std::chrono::hh_mm_ss time(local - midnight);
  const auto day = static_cast<long>(static_cast<unsigned>(date.day()));
  std::string text = style.has_day_name
                         ? std::string(days.at(std::chrono::weekday(midnight).c_encoding())) + ", "
                         : "";
  text += style.pads_day ? two_digits(day) : std::to_string(day);
  text += ' ' + std::string(months.at(static_cast<unsigned>(date.month()) - 1)) + ' ' +
          std::to_string(static_cast<int>(date.year())) + ' ';
  text += two_digits(time.hours().count()) + ':' + two_digits(time.minutes().count());
  return text + (style.has_seconds ? ':' + two_digits(time.seconds().count()) : "");
}

std::string write_zone(int zone) {
  const int minutes = zone < 0 ? -zone : zone;
  return (zone < 0 ? "-" : "+") + two_digits(minutes / 60) + two_digits(minutes % 60);
}

std::vector<std::string> zone_forms(int zone) {
  std::vector<std::string> forms = {write_zone(zone)};
  if (zone == 0) {
    for (const char* form : {"GMT", "-0000", "UTC", "UT", "+0000 (UTC)", "+0000 (GMT)", "Z"}) {
      forms.emplace_back(form);
    }
  }
  const std::pair<int, std::string_view> names[] = {
      {60, "CET"},   {120, "CEST"}, {60, "BST"},   {-300, "EST"}, {-240, "EDT"}, {-360, "CST"},
      {-300, "CDT"}, {-420, "MST"}, {-360, "MDT"}, {-480, "PST"}, {-420, "PDT"}, {540, "JST"},
      {120, "EET"},  {180, "EEST"}, {180, "MSK"},  {330, "IST"}};
  for (const auto& [offset, name] : names) {
    if (offset == zone) {
      forms.push_back(write_zone(zone) + " (" + std::string(name) + ")");
    }
  }
  return forms;
}

}  // namespace

void add_date_repairs(const mail::HeaderField& field, FieldRepairs& repairs) {
  const auto moment = read_date(field.value);
  if (!moment) {
    return;
  }
  constexpr int quarter = 15;
  std::vector<int> zones = {0};
  for (int zone = -12 * 60; zone <= 14 * 60; zone += 2 * quarter) {
    zones.push_back(zone);
  }
  zones.push_back(5 * 60 + 3 * quarter);
  for (const int zone : zones) {
    for (const std::string& form : zone_forms(zone)) {
      for (const bool has_day_name : {true, false}) {
        for (const bool pads_day : {true, false}) {
          for (const bool has_seconds : {true, false}) {
            repairs.push_back(
                {ChangeId::head_date,
                 {field.name, ' ' +
                                  write_date(*moment, zone, {has_day_name, pads_day, has_seconds}) +
                                  ' ' + form}});
          }
        }
      }
    }
  }
}

}  // namespace sekisho::dkim_diagnosis
