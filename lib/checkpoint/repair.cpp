#include "checkpoint/repair.hpp"

#include "preflight/options.hpp"

#include <array>
#include <chrono>
#include <cstddef>
#include <string>
#include <string_view>

namespace sekisho::checkpoint {

namespace {

std::string digits(unsigned value, std::size_t width) {
  std::string text = std::to_string(value);
  return std::string(width > text.size() ? width - text.size() : 0, '0') + text;
}

// RFC 5322 §3.3, in UTC.
std::string date_of(std::chrono::sys_seconds now) {
  constexpr std::array<std::string_view, 7> day_names{"Sun", "Mon", "Tue", "Wed",
                                                      "Thu", "Fri", "Sat"};
  constexpr std::array<std::string_view, 12> month_names{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                         "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const auto today = std::chrono::floor<std::chrono::days>(now);
  const std::chrono::year_month_day date(today);
  const std::chrono::hh_mm_ss time(now - today);
  return std::string(day_names[std::chrono::weekday(today).c_encoding()]) + ", " +
         digits(static_cast<unsigned>(date.day()), 2) + " " +
         std::string(month_names[static_cast<unsigned>(date.month()) - 1]) + " " +
         std::to_string(static_cast<int>(date.year())) + " " +
         digits(static_cast<unsigned>(time.hours().count()), 2) + ":" +
         digits(static_cast<unsigned>(time.minutes().count()), 2) + ":" +
         digits(static_cast<unsigned>(time.seconds().count()), 2) + " +0000";
}

// Twenty digits at random: no two messages of a second are likely to share them.
std::string message_id_of(const Services& services, const mail::Author& author) {
  constexpr std::size_t draws = 10;
  std::string left = std::to_string(services.now().time_since_epoch().count()) + ".";
  for (std::size_t i = 0; i < draws; ++i) {
    left += digits(services.draw(), 2);
  }
  const std::string& right = author.status == mail::AuthorStatus::single_domain
                                 ? author.domains.front().text()
                                 : services.options.authserv_id;
  return "<" + left + "@" + right + ">";
}

}  // namespace

std::vector<mail::HeaderField> missing_fields(const Services& services,
                                              const mail::HeaderSection& header,
                                              const mail::Author& author) {
  const preflight::Options& options = services.options.preflight;
  std::vector<mail::HeaderField> fields;
  const auto lacks = [&](std::string_view name) {
    return mail::fields_named(header, name).empty();
  };
  if (preflight::repairs(options, preflight::Repair::message_id) && lacks("Message-ID")) {
    fields.push_back({"Message-ID", " " + message_id_of(services, author)});
  }
  if (preflight::repairs(options, preflight::Repair::date) && lacks("Date")) {
    fields.push_back({"Date", " " + date_of(services.now())});
  }
  return fields;
}

}  // namespace sekisho::checkpoint
