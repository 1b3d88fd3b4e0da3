#include "tools/report/read_report.hpp"

#include <algorithm>
#include <tuple>
#include <utility>

#include <fmt/core.h>

namespace sekisho::tools {

namespace {

// What matters most first: what fails, then what there is much of.
auto weight(const report::analysis::MessageCounts& tally) {
  return std::tuple(tally.fail(), tally.messages);
}

std::vector<FeedbackSource> sorted_sources(const report::analysis::Sources& sources) {
  std::vector<FeedbackSource> sorted;
  sorted.reserve(sources.size());
  for (const auto& [address, tally] : sources) {
    sorted.push_back({.address = address, .tally = tally, .name = {}});
  }
  std::ranges::stable_sort(sorted, std::greater{},
                           [](const FeedbackSource& source) { return weight(source.tally); });
  return sorted;
}

}  // namespace

void arrange(Feedback& feedback) {
  feedback.domains.clear();
  for (const auto& [name, domain] : feedback.summary.domains()) {
    feedback.domains.push_back(
        {.name = name, .total = domain.total, .sources = sorted_sources(domain.sources)});
  }
  std::ranges::stable_sort(feedback.domains, std::greater{},
                           [](const FeedbackDomain& domain) { return weight(domain.total); });
}

std::string format_share(std::uint64_t part, std::uint64_t whole) {
  if (whole == 0) {
    return "-";
  }
  const double share = 100.0 * static_cast<double>(part) / static_cast<double>(whole);
  const double lowest = part == 0 ? 0.0 : 0.1;
  const double highest = part >= whole ? 100.0 : 99.9;
  return fmt::format("{:.1f} %", std::clamp(share, lowest, highest));
}

std::string format_day(std::chrono::sys_days day) {
  const std::chrono::year_month_day date(day);
  return fmt::format("{:04}-{:02}-{:02}", static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()));
}

std::string format_days(const report::format::Period& period) {
  using std::chrono::days;
  using std::chrono::floor;
  const auto first = floor<days>(period.begin);
  // A period that ends at midnight ends with the day before.
  const auto last = std::max(first, floor<days>(period.end - std::chrono::seconds(1)));
  return first == last ? format_day(first) : format_day(first) + " to " + format_day(last);
}

std::string format_published(const report::format::PolicyPublished& policy) {
  std::string text;
  const auto add = [&](std::string_view tag, const std::optional<dmarc::Policy>& value) {
    if (value) {
      text += fmt::format("{}{}={}", text.empty() ? "" : " ", tag, dmarc::format_policy(*value));
    }
  };
  add("p", policy.policy);
  add("sp", policy.subdomain_policy);
  add("np", policy.nonexistent_policy);
  if (policy.testing.value_or(false)) {
    text += " t=y";
  }
  if (policy.percent.value_or(100) != 100) {
    text += fmt::format(" pct={}", *policy.percent);
  }
  return text;
}

}  // namespace sekisho::tools
