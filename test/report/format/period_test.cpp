#include "report/format/period.hpp"

#include <cstdint>
#include <string>

#include <catch2/catch.hpp>

namespace sekisho::report::format {

namespace {

constexpr std::int64_t new_year = 1'767'225'600;  // 2026-01-01T00:00:00Z
constexpr std::int64_t none = -1;

std::int64_t seconds_of(std::optional<std::chrono::sys_seconds> time) {
  return time ? time->time_since_epoch().count() : none;
}

}  // namespace

TEST_CASE("times as reporters write them", "[report]") {
  const auto [text, seconds] = GENERATE(table<std::string, std::int64_t>({
      {"2026-01-01T00:00:00Z", new_year},
      {"2026-01-01t00:00:00z", new_year},
      {"2026-01-01 00:00:00", new_year},
      {"2026-01-01T00:00:00", new_year},  // Microsoft, January 2023
      {"2026-01-01", new_year},
      {"2026-01-01T00:00:00.999Z", new_year},
      {"2026-01-01T01:00:00+01:00", new_year},
      {"2026-01-01T01:00:00+0100", new_year},
      {"2025-12-31T24:00:00Z", new_year},
      {"2025-12-31T19:30:00-04:30", new_year},
      {"2026-01-01T00:00:00+1", none},
      {"2026-01-01T00:00:00 Z", none},
      {"2026-13-01", none},
      {"2026-01-01T", none},
      {"2026-1-1", none},
      {"today", none},
      {"", none},
  }));
  CAPTURE(text);
  CHECK(seconds_of(parse_date_time(text)) == seconds);
  CHECK(seconds_of(parse_timestamp(text)) == seconds);
}

TEST_CASE("seconds since 1970, and what stands for them", "[report]") {
  const auto [text, seconds] = GENERATE(table<std::string, std::int64_t>({
      {"1767225600", new_year},
      {"1767225600.999", new_year},
      {"1767225600000", new_year},  // Java's milliseconds
      {"0", 0},
      {"253402300799", 253'402'300'799},  // the last second of the year 9999
      {"253402300800", 253'402'300},
      {"253402300799999", 253'402'300'799},
      {"253402300800000", none},
      {"-1", none},
      {"1767225600x", none},
      {"99999999999999999999", none},
  }));
  CAPTURE(text);
  CHECK(seconds_of(parse_timestamp(text)) == seconds);
}

}  // namespace sekisho::report::format
