#include "domain_check/finding.hpp"

#include <algorithm>
#include <utility>

namespace sekisho::domain_check {

namespace {

constexpr std::size_t max_shown_octets = 200;

}  // namespace

std::string_view format_level(Level level) {
  switch (level) {
    case Level::error:
      return "error";
    case Level::warning:
      return "warning";
    case Level::advice:
      return "advice";
  }
  std::unreachable();
}

std::optional<Level> parse_level(std::string_view word) {
  for (const Level level : {Level::error, Level::warning, Level::advice}) {
    if (word == format_level(level)) {
      return level;
    }
  }
  return std::nullopt;
}

Finding& Outcomes::bad(Check check, std::string name, std::string evidence) {
  const CheckInfo& info = info_of(check);
  Finding finding;
  finding.check = check;
  finding.level = info.level;
  finding.name = shown(name);
  finding.evidence = std::move(evidence);
  finding.remedy = info.remedy;
  return findings_.emplace_back(std::move(finding));
}

void Outcomes::unknown(Check check, std::string name, std::string tried, std::string answer) {
  unknowns_.push_back({check, shown(name), shown(tried), std::move(answer)});
}

void Outcomes::not_asked(Check check, std::string name) {
  unknowns_.push_back({check, shown(name), "", "not asked"});
}

void Outcomes::good(Check check, std::string name) {
  goods_.push_back({check, shown(name)});
}

bool Outcomes::has(Check check) const {
  return std::ranges::count(findings_, check, &Finding::check) > 0;
}

std::string escaped(std::string_view text) {
  std::string line;
  for (const char c : text) {
    if (c >= ' ' && c <= '~' && c != '\\') {
      line += c;
      continue;
    }
    const auto octet = static_cast<unsigned char>(c);
    line += '\\';
    for (const unsigned place : {100U, 10U, 1U}) {
      line += static_cast<char>('0' + octet / place % 10);
    }
  }
  return line;
}

std::string shown(std::string_view text) {
  const std::string line = escaped(text.substr(0, max_shown_octets));
  return text.size() > max_shown_octets ? line + "..." : line;
}

}  // namespace sekisho::domain_check
