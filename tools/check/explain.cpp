#include "tools/check/report.hpp"

#include <algorithm>
#include <chrono>
#include <cstddef>

#include <fmt/core.h>

namespace sekisho::tools {

namespace {

using Milliseconds = std::chrono::duration<double, std::milli>;
using Lookups = std::vector<checkpoint::ExplainedLookup>;

std::string format_path(const policy::Disposition& disposition) {
  std::string text = "how it was decided\n";
  for (const policy::Step& step : disposition.path) {
    text += fmt::format("  {}\n    {}{}\n", step.decided, step.found,
                        step.section.empty() ? "" : " [" + step.section + "]");
  }
  if (disposition.path.empty()) {
    text += "  no rule matched, and no option had anything against it\n";
  }
  return text + fmt::format("  = {}{}\n\n", policy::format_action(disposition.action),
                            disposition.withheld ? ", by the dry run" : "");
}

// Names may hold any octet: macros of SPF take them from the sender (RFC 7208 §7).
std::string printable(std::string name) {
  std::ranges::replace_if(name, [](char c) { return c <= ' ' || c >= 0x7F; }, '?');
  return name;
}

// Where a look-up lies in the time of all of them.
std::string bar_of(const dns::LookupRecord& record, Milliseconds first, Milliseconds whole) {
  constexpr double columns = 30;
  const auto column = [&](std::chrono::steady_clock::time_point time) {
    const Milliseconds since = time.time_since_epoch() - first;
    const double share = whole.count() > 0 ? since.count() / whole.count() : 0;
    return static_cast<std::size_t>(std::clamp(share, 0.0, 1.0) * columns);
  };
  const std::size_t begin = column(record.begin);
  const std::size_t end = column(record.end);
  return std::string(begin, ' ') + std::string(std::max<std::size_t>(end - begin, 1), '=');
}

std::string format_lookups(const Lookups& lookups) {
  if (lookups.empty()) {
    return "";
  }
  auto first = lookups.front().record.begin;
  auto last = lookups.front().record.end;
  for (const auto& [mechanism, record] : lookups) {
    first = std::min(first, record.begin);
    last = std::max(last, record.end);
  }
  std::string text = "look-ups (milliseconds from the first)\n";
  for (const auto& [mechanism, record] : lookups) {
    text +=
        fmt::format("  {:<9} {:<5} {:<44} {:<12} {:7.1f} {:7.1f}  |{}\n", mechanism,
                    dns::format_type(record.question.type), printable(record.question.name),
                    dns::format_status(record.status), Milliseconds(record.begin - first).count(),
                    Milliseconds(record.end - first).count(),
                    bar_of(record, first.time_since_epoch(), last - first));
  }
  return text + "\n";
}

}  // namespace

std::string format_explanation(const CheckReport& report) {
  return (report.disposition ? format_path(*report.disposition) : "") +
         format_lookups(report.lookups);
}

}  // namespace sekisho::tools
