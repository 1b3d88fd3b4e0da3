#include "milter/monitor/snapshot.hpp"

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <ctime>
#include <string>
#include <utility>
#include <vector>

#include <unistd.h>

#include <nlohmann/json.hpp>

namespace sekisho::milter {

namespace {

using Json = nlohmann::ordered_json;

/// RFC 3339, in UTC.
std::string format_time(std::chrono::sys_seconds time) {
  const std::time_t seconds = std::chrono::system_clock::to_time_t(time);
  std::tm parts{};
  gmtime_r(&seconds, &parts);
  std::string text(sizeof "2026-01-01T00:00:00Z", '\0');
  text.resize(std::strftime(text.data(), text.size(), "%Y-%m-%dT%H:%M:%SZ", &parts));
  return text;
}

Json counts(const std::vector<Counted>& all) {
  Json object = Json::object();
  for (const auto& [name, count] : all) {
    object[std::string(name)] = count;
  }
  return object;
}

Json reload_of(const ReloadOutcome& outcome) {
  Json object{{"time", format_time(outcome.time)}, {"good", outcome.refusal.empty()}};
  if (!outcome.refusal.empty()) {
    object["reason"] = outcome.refusal;
  }
  return object;
}

Json reloads(const RecentEvents::Reading& recent_events) {
  Json object{{"good", recent_events.good_reloads}, {"refused", recent_events.refused_reloads}};
  if (recent_events.last_reload) {
    object["last"] = reload_of(*recent_events.last_reload);
  }
  return object;
}

/// Both in seconds; no mean of nothing.
Json times(const Histogram::Reading& reading) {
  const double sum = std::chrono::duration<double>(reading.sum).count();
  Json object{{"count", reading.count()}, {"sum", sum}};
  if (reading.count() > 0) {
    object["mean"] = sum / static_cast<double>(reading.count());
  }
  return object;
}

Json messages(const Snapshot& snapshot) {
  const MessageCounters::Reading& counters = snapshot.counters;
  return {{"under_way", snapshot.under_way},
          {"under_way_limit", snapshot.most_under_way},
          {"actions", counts(counters.actions)},
          {"turned_away", counts(counters.turned_away)},
          {"recipients_refused", counters.recipients_refused},
          {"faults", counters.faults},
          {"end_of_message_seconds", times(counters.waited)}};
}

Json results(const std::vector<CountedResults>& methods) {
  Json object = Json::object();
  for (const CountedResults& method : methods) {
    object[std::string(method.method)] = counts(method.results);
  }
  return object;
}

Json signing(const Snapshot& snapshot) {
  Json keys = Json::object();
  for (const auto& [state, count] : snapshot.keys) {
    keys[std::string(keys::format_publication_state(state))] = count;
  }
  return {{"signatures_made", snapshot.counters.signatures},
          {"left_unsigned", snapshot.counters.left_unsigned},
          {"seals_made", snapshot.counters.seals},
          {"keys", std::move(keys)}};
}

Json lookups(const dns::Statistics& dns) {
  Json answers = Json::object();
  for (std::size_t i = 0; i < dns.answers.size(); ++i) {
    answers[std::string(dns::format_status(static_cast<dns::Status>(i)))] = dns.answers[i];
  }
  return {{"questions", dns.questions},
          {"cache_hits", dns.cache_hits},
          {"joined", dns.joined},
          {"timeouts", dns.timeouts},
          {"turned_away", dns.turned_away},
          {"held_back", dns.held_back},
          {"given_up", dns.given_up},
          {"answers", std::move(answers)},
          {"answer_seconds", times(dns.latency)}};
}

Json feedback_as_json(const report::recorder::RecorderStatistics& feedback) {
  return {{"recorded", feedback.recorded}, {"written", feedback.written},
          {"spilled", feedback.spilled},   {"dropped", feedback.dropped},
          {"waiting", feedback.waiting},   {"store_away", feedback.is_away}};
}

void add_if_any(Json& object, const char* name, const std::string& value) {
  if (!value.empty()) {
    object[name] = value;
  }
}

Json refusal_as_json(const Refusal& refusal) {
  Json object{{"time", format_time(refusal.time)}};
  add_if_any(object, "queue_id", refusal.queue_id);
  object["action"] = refusal.action;
  object["client"] = refusal.client;
  object["sender"] = refusal.sender;
  add_if_any(object, "recipient", refusal.recipient);
  add_if_any(object, "author", refusal.author);
  add_if_any(object, "reason", refusal.reason);
  return object;
}

Json sent(const Snapshot& snapshot) {
  Json list = Json::array();
  for (const preflight::SentCount& count : snapshot.sent) {
    list.push_back(
        {{"author", count.author}, {"receiver", count.receiver}, {"messages", count.messages}});
  }
  return list;
}

Json refusals(const std::vector<Refusal>& all) {
  Json list = Json::array();
  for (const Refusal& refusal : all) {
    list.push_back(refusal_as_json(refusal));
  }
  return list;
}

}  // namespace

std::string format_status(const Snapshot& snapshot) {
  Json document;
  document["version"] = SEKISHO_VERSION;
  document["process"] = getpid();
  document["now"] = format_time(snapshot.now);
  document["started"] = format_time(snapshot.recent_events.started);
  // The clock may have been set back since.
  document["seconds"] =
      std::max(snapshot.now - snapshot.recent_events.started, std::chrono::seconds{0}).count();
  document["configuration"] = snapshot.configuration;
  document["reloads"] = reloads(snapshot.recent_events);
  document["messages"] = messages(snapshot);
  document["results"] = results(snapshot.counters.results);
  document["signing"] = signing(snapshot);
  document["dns"] = lookups(snapshot.dns.value_or(dns::Statistics{}));
  document["feedback"] = feedback_as_json(snapshot.feedback);
  document["sent_in_24_hours"] = sent(snapshot);
  document["refusals"] = refusals(snapshot.recent_events.refusals);
  // A path may hold any octets.
  return document.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace sekisho::milter
