#include "tools/config/status_text.hpp"

#include "report/format/printable.hpp"

#include <cstddef>
#include <cstdint>
#include <string_view>

#include <fmt/core.h>
#include <nlohmann/json.hpp>

namespace sekisho::tools {

namespace {

using Json = nlohmann::ordered_json;

std::string text_of(const Json& value) {
  constexpr std::size_t longest = 4'096;
  return report::format::printable(value.get_ref<const std::string&>(), longest);
}

std::string text_if_any(const Json& object, const char* name) {
  return object.contains(name) ? text_of(object.at(name)) : "";
}

std::string line(std::string_view what, std::string_view text) {
  return fmt::format("{:<16}{}\n", what, text);
}

/// `pass 3, fail 1`, without those that are nought.
std::string counts_text(const Json& counts) {
  std::string text;
  for (const auto& [name, count] : counts.items()) {
    if (const auto number = count.get<std::uint64_t>(); number > 0) {
      text += fmt::format("{}{} {}", text.empty() ? "" : ", ", name, number);
    }
  }
  return text.empty() ? "none" : text;
}

std::string duration_text(std::uint64_t seconds) {
  constexpr std::uint64_t minute = 60;
  constexpr std::uint64_t hour = 60 * minute;
  constexpr std::uint64_t day = 24 * hour;
  if (seconds >= day) {
    return fmt::format("{} d {} h", seconds / day, seconds % day / hour);
  }
  if (seconds >= hour) {
    return fmt::format("{} h {} min", seconds / hour, seconds % hour / minute);
  }
  return seconds >= minute ? fmt::format("{} min", seconds / minute) : fmt::format("{} s", seconds);
}

std::string mean_text(const Json& times) {
  constexpr double milli = 1'000;
  return times.contains("mean")
             ? fmt::format("{:.1f} ms on average", times.at("mean").get<double>() * milli)
             : "not yet";
}

std::string reload_text(const Json& reloads) {
  if (!reloads.contains("last")) {
    return "never";
  }
  const Json& last = reloads.at("last");
  const std::string time = text_of(last.at("time"));
  return last.at("good").get<bool>()
             ? time
             : time + ", refused, what was before goes on: " + text_if_any(last, "reason");
}

std::string daemon_text(const Json& document) {
  return fmt::format("sekishod {}, process {}\n", text_of(document.at("version")),
                     document.at("process").get<std::int64_t>()) +
         line("runs since",
              fmt::format("{} ({})", text_of(document.at("started")),
                          duration_text(document.at("seconds").get<std::uint64_t>()))) +
         line("configuration", text_of(document.at("configuration"))) +
         line("last reload", reload_text(document.at("reloads")));
}

std::string messages_text(const Json& messages) {
  return line("messages", counts_text(messages.at("actions"))) +
         line("under way", fmt::format("{} of {}", messages.at("under_way").get<std::uint64_t>(),
                                       messages.at("under_way_limit").get<std::uint64_t>())) +
         line("turned away", counts_text(messages.at("turned_away"))) +
         line("recipients",
              fmt::format("{} refused", messages.at("recipients_refused").get<std::uint64_t>())) +
         line("faults", fmt::format("{}", messages.at("faults").get<std::uint64_t>())) +
         line("end of message", mean_text(messages.at("end_of_message_seconds")));
}

std::string results_text(const Json& results) {
  std::string text;
  for (const auto& [method, counts] : results.items()) {
    text += line(method, counts_text(counts));
  }
  return text;
}

std::string signing_text(const Json& signing) {
  return line("signed", fmt::format("{} signatures, {} seals, {} messages left unsigned",
                                    signing.at("signatures_made").get<std::uint64_t>(),
                                    signing.at("seals_made").get<std::uint64_t>(),
                                    signing.at("left_unsigned").get<std::uint64_t>())) +
         line("keys", counts_text(signing.at("keys")));
}

std::string dns_text(const Json& dns) {
  return line("dns", fmt::format("{} questions, {} from the cache",
                                 dns.at("questions").get<std::uint64_t>(),
                                 dns.at("cache_hits").get<std::uint64_t>())) +
         line("dns answers", counts_text(dns.at("answers"))) +
         line("dns time", mean_text(dns.at("answer_seconds")));
}

std::string feedback_text(const Json& feedback) {
  return line("feedback",
              fmt::format("{} messages for DMARC's reports, {} written, {} wait, {} lost",
                          feedback.at("recorded").get<std::uint64_t>(),
                          feedback.at("written").get<std::uint64_t>(),
                          feedback.at("waiting").get<std::uint64_t>(),
                          feedback.at("dropped").get<std::uint64_t>())) +
         (feedback.at("store_away").get<bool>() ? line("", "the store does not answer") : "");
}

std::string sent_text(const Json& sent) {
  std::string text;
  for (const Json& count : sent) {
    text += line(text.empty() ? "sent in 24 h" : "",
                 fmt::format("{} to {} by {}", count.at("messages").get<std::uint64_t>(),
                             text_of(count.at("receiver")), text_of(count.at("author"))));
  }
  return text;
}

std::string refusal_text(const Json& refusal) {
  std::string text = fmt::format("{} {} {} from {} <{}>", text_of(refusal.at("time")),
                                 text_if_any(refusal, "queue_id"), text_of(refusal.at("action")),
                                 text_of(refusal.at("client")), text_of(refusal.at("sender")));
  if (refusal.contains("recipient")) {
    text += fmt::format(" to <{}>", text_of(refusal.at("recipient")));
  }
  if (refusal.contains("author")) {
    text += fmt::format(" author {}", text_of(refusal.at("author")));
  }
  return text + "\n    " + text_if_any(refusal, "reason") + "\n";
}

std::string refusals_text(const Json& refusals) {
  std::string text = refusals.empty() ? "" : "\nnot accepted, the latest first:\n";
  for (const Json& refusal : refusals) {
    text += refusal_text(refusal);
  }
  return text;
}

}  // namespace

std::string format_status_text(const nlohmann::ordered_json& document) {
  return daemon_text(document) + "\n" + messages_text(document.at("messages")) + "\n" +
         results_text(document.at("results")) + "\n" + signing_text(document.at("signing")) + "\n" +
         dns_text(document.at("dns")) + "\n" + feedback_text(document.at("feedback")) +
         sent_text(document.value("sent_in_24_hours", Json::array())) +
         refusals_text(document.at("refusals"));
}

}  // namespace sekisho::tools
