#include "domain_check/finding_counts.hpp"

#include "mail/domain.hpp"
#include "mail/line_ends.hpp"

#include <charconv>
#include <optional>
#include <sstream>

namespace sekisho::domain_check {

namespace {

std::optional<FindingCount> parse_count(const std::string& line) {
  std::istringstream words(line);
  FindingCount count;
  std::string level;
  std::string number;
  std::string rest;
  if (!(words >> count.domain >> level >> number) || words >> rest) {
    return std::nullopt;
  }
  const auto domain = mail::Domain::parse(count.domain);
  const auto parsed_level = parse_level(level);
  const char* const end = number.data() + number.size();
  const auto [last, error] = std::from_chars(number.data(), end, count.count);
  if (!domain || !parsed_level || error != std::errc() || last != end) {
    return std::nullopt;
  }
  count.domain = domain->text();
  count.level = *parsed_level;
  return count;
}

}  // namespace

std::string format_counts(std::span<const FindingCount> counts) {
  std::string text;
  for (const FindingCount& count : counts) {
    text += count.domain + ' ' + std::string(format_level(count.level)) + ' ' +
            std::to_string(count.count) + '\n';
  }
  return text;
}

std::vector<FindingCount> parse_counts(std::string_view text) {
  std::vector<FindingCount> counts;
  for (const std::string& line : mail::lines_of(text.substr(0, max_counts_octets))) {
    if (auto count = parse_count(line)) {
      counts.push_back(*std::move(count));
    }
  }
  return counts;
}

}  // namespace sekisho::domain_check
