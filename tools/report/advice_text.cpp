#include "tools/report/advice_text.hpp"

#include "tools/report/read_report.hpp"

#include <chrono>
#include <map>
#include <string_view>
#include <utility>

#include <fmt/core.h>
#include <nlohmann/json.hpp>

namespace sekisho::tools {

namespace {

using report::analysis::AdviceStep;
using report::analysis::SenderKind;
using Json = nlohmann::ordered_json;

constexpr std::size_t most_senders = 40;

std::string plural(std::uint64_t count, std::string_view one) {
  return fmt::format("{} {}{}", count, one, count == 1 ? "" : "s");
}

std::string_view explain(SenderKind kind) {
  switch (kind) {
    case SenderKind::signs:
      return "signs for the domain";
    case SenderKind::spf_only:
      return "passes by SPF alone";
    case SenderKind::own:
      return "fails here, passes elsewhere";
    case SenderKind::changed:
      return "signed, changed on the way";
    case SenderKind::stranger:
      return "authenticates as itself";
    case SenderKind::nobody:
      return "nothing is authenticated";
  }
  std::unreachable();
}

std::string headline(const report::analysis::Advice& advice) {
  const std::string_view next = dmarc::format_policy(advice.next);
  switch (advice.step) {
    case AdviceStep::publish:
      return "Publish a record.";
    case AdviceStep::advance:
      return advice.current == advice.next
                 ? fmt::format("Put p={} in force.", next)
                 : fmt::format("Go on from p={} to p={}.", dmarc::format_policy(*advice.current),
                               next);
    case AdviceStep::stay:
      return fmt::format("Stay at p={}.", next);
    case AdviceStep::step_back:
      return fmt::format("Go back from p={} to p={}: mail of your own is being lost.",
                         dmarc::format_policy(*advice.current), next);
    case AdviceStep::done:
      return fmt::format("Stay at p={}.", next);
  }
  std::unreachable();
}

// Monday's date and what came in its week.
std::map<std::chrono::sys_days, report::analysis::MessageCounts> weeks_of(
    const report::analysis::DomainEvidence& evidence) {
  std::map<std::chrono::sys_days, report::analysis::MessageCounts> weeks;
  for (const auto& [day, tally] : evidence.days) {
    const std::chrono::weekday weekday(day);
    weeks[day - (weekday - std::chrono::Monday)].add(tally);
  }
  return weeks;
}

std::string weeks_text(const report::analysis::DomainEvidence& evidence) {
  std::string text = fmt::format("  {:<12} {:>12} {:>9}\n", "week of", "messages", "aligned");
  for (const auto& [monday, tally] : weeks_of(evidence)) {
    text += fmt::format("  {:<12} {:>12} {:>9}\n", format_day(monday), tally.messages,
                        format_share(tally.pass, tally.messages));
  }
  return text;
}

std::string senders_text(const report::analysis::DomainEvidence& evidence) {
  std::string text = fmt::format("  {:<30} {:>10} {:>9} {:>12}  {}\n", "sender", "messages",
                                 "aligned", "last 7 days", "how");
  std::size_t shown = 0;
  for (const report::analysis::MailSource& sender : evidence.senders) {
    if (shown++ == most_senders) {
      text += fmt::format("  and {} more\n", evidence.senders.size() - most_senders);
      break;
    }
    text +=
        fmt::format("  {:<30} {:>10} {:>9} {:>12}  {}\n", sender.name, sender.total.messages,
                    format_share(sender.total.pass, sender.total.messages),
                    format_share(sender.recent.pass, sender.recent.messages), explain(sender.kind));
  }
  return text;
}

std::string list_text(const char* title, const std::vector<std::string>& lines) {
  std::string text;
  for (const std::string& line : lines) {
    text += (text.empty() ? fmt::format("\n{}\n", title) : "") + fmt::format("  - {}\n", line);
  }
  return text;
}

// Strings of TXT records have 255 octets at most (RFC 1035 §3.3.14).
std::string txt_strings(std::string_view record) {
  constexpr std::size_t longest = 255;
  std::string text;
  while (!record.empty()) {
    text += (text.empty() ? "\"" : " \"") + std::string(record.substr(0, longest)) + '"';
    record.remove_prefix(std::min(longest, record.size()));
  }
  return text;
}

Json json_of(const report::analysis::MessageCounts& tally) {
  return {{"messages", tally.messages},
          {"pass", tally.pass},
          {"dkim_aligned", tally.dkim_aligned},
          {"spf_aligned", tally.spf_aligned}};
}

Json json_of(const report::analysis::MailSource& sender) {
  Json json{{"name", sender.name},
            {"kind", report::analysis::format_sender_kind(sender.kind)},
            {"days", sender.days}};
  json.update(json_of(sender.total));
  json["recent"] = json_of(sender.recent);
  return json;
}

}  // namespace

std::string format_advice_text(const report::analysis::DomainEvidence& evidence,
                               const report::analysis::Advice& advice) {
  std::string text =
      fmt::format("{}: {} in reports of {} by {}\n", evidence.domain,
                  plural(evidence.total.messages, "message"), plural(evidence.days.size(), "day"),
                  plural(evidence.reporters, "reporter"));
  if (!evidence.days.empty()) {
    text += "\n" + weeks_text(evidence) + "\n" + senders_text(evidence);
  }
  text += list_text(headline(advice).c_str(), advice.reasons);
  text += list_text("To do:", advice.to_do);
  text += fmt::format("\nRecord:\n  _dmarc.{}. IN TXT {}\n", evidence.domain,
                      txt_strings(advice.record));
  return text;
}

std::string format_advice_json(const report::analysis::DomainEvidence& evidence,
                               const report::analysis::Advice& advice) {
  Json json{
      {"domain", evidence.domain},
      {"step", report::analysis::format_advice_step(advice.step)},
      {"policy", advice.current ? Json(dmarc::format_policy(*advice.current)) : Json()},
      {"next", dmarc::format_policy(advice.next)},
      {"record", advice.record},
      {"reasons", advice.reasons},
      {"to_do", advice.to_do},
      {"shares",
       {{"at_risk", advice.at_risk}, {"changed", advice.changed}, {"spf_only", advice.spf_only}}},
      {"reporters", evidence.reporters},
      {"total", json_of(evidence.total)},
      {"days", Json::array()},
      {"senders", Json::array()}};
  for (const auto& [day, tally] : evidence.days) {
    Json entry{{"day", format_day(day)}};
    entry.update(json_of(tally));
    json["days"].push_back(std::move(entry));
  }
  for (const report::analysis::MailSource& sender : evidence.senders) {
    json["senders"].push_back(json_of(sender));
  }
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace sekisho::tools
