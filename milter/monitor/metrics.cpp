// The names of the metrics: man/sekishod.8, contrib/grafana and contrib/prometheus have them, too.
#include "milter/monitor/prometheus_text.hpp"
#include "milter/monitor/snapshot.hpp"

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace sekisho::milter {

namespace {

using enum PrometheusText::Kind;

std::uint64_t seconds_of(std::chrono::sys_seconds time) {
  return static_cast<std::uint64_t>(time.time_since_epoch().count());
}

void add_all(PrometheusText& page, std::string_view label, const std::vector<Counted>& all) {
  for (const auto& [name, count] : all) {
    page.sample({{label, name}}, count);
  }
}

void add_single(PrometheusText& page, std::string_view name, PrometheusText::Kind kind,
                std::string_view help, std::uint64_t value) {
  page.family(name, kind, help);
  page.sample(value);
}

void add_daemon(PrometheusText& page, const RecentEvents::Reading& recent_events) {
  page.family("sekisho_build_info", gauge, "Always 1; the label has the version.");
  page.sample({{"version", SEKISHO_VERSION}}, 1);
  add_single(page, "sekisho_start_time_seconds", gauge, "When the daemon started, in Unix time.",
             seconds_of(recent_events.started));
  page.family("sekisho_reloads_total", counter, "Reloads, by whether the configuration was taken.");
  page.sample({{"outcome", "good"}}, recent_events.good_reloads);
  page.sample({{"outcome", "refused"}}, recent_events.refused_reloads);
  const bool refused = recent_events.last_reload && !recent_events.last_reload->refusal.empty();
  add_single(page, "sekisho_last_reload_good", gauge,
             "0 where the latest reload was refused, else 1.", refused ? 0 : 1);
}

void add_messages(PrometheusText& page, const Snapshot& snapshot) {
  const MessageCounters::Reading& counters = snapshot.counters;
  page.family("sekisho_messages_total", counter, "Messages, by what was done with them.");
  add_all(page, "action", counters.actions);
  page.family("sekisho_messages_turned_away_total", counter,
              "Messages told to come again later before they were looked at, by why.");
  add_all(page, "reason", counters.turned_away);
  add_single(page, "sekisho_recipients_refused_total", counter, "Recipients refused at RCPT.",
             counters.recipients_refused);
  add_single(page, "sekisho_messages_under_way", gauge, "Messages under way now.",
             snapshot.under_way);
  add_single(page, "sekisho_messages_under_way_limit", gauge, "The option limits.messages.",
             snapshot.most_under_way);
  add_single(page, "sekisho_faults_total", counter, "Faults of the daemon's own; the log has them.",
             counters.faults);
  page.histogram("sekisho_end_of_message_seconds",
                 "For how long the mail server waited at the end of a message.", counters.waited);
}

void add_results(PrometheusText& page, const MessageCounters::Reading& counters) {
  page.family("sekisho_results_total", counter,
              "Results by method, one a message, for DKIM one a signature.");
  for (const CountedResults& counted : counters.results) {
    for (const auto& [result, count] : counted.results) {
      page.sample({{"method", counted.method}, {"result", result}}, count);
    }
  }
}

// The ids are those of sekisho-why(1); the daemon looks for one kind of change only.
void add_changes(PrometheusText& page, const MessageCounters::Reading& counters) {
  page.family("sekisho_dkim_change_total", counter,
              "Signatures that failed, by what was changed, where it is known.");
  page.sample({{"id", "body.tail"}}, counters.footers);
}

void add_signing(PrometheusText& page, const Snapshot& snapshot) {
  const MessageCounters::Reading& counters = snapshot.counters;
  add_single(page, "sekisho_signatures_made_total", counter, "DKIM signatures made.",
             counters.signatures);
  add_single(page, "sekisho_messages_left_unsigned_total", counter,
             "Messages of our own that got no signature.", counters.left_unsigned);
  add_single(page, "sekisho_seals_made_total", counter, "ARC seals made.", counters.seals);
  page.family("sekisho_keys", gauge, "Signing keys, by what the DNS shows of them.");
  for (const auto state : {keys::PublicationState::unknown, keys::PublicationState::published,
                           keys::PublicationState::missing, keys::PublicationState::mismatch}) {
    const auto found = snapshot.keys.find(state);
    page.sample({{"state", keys::format_publication_state(state)}},
                found == snapshot.keys.end() ? 0 : found->second);
  }
}

void add_preflight(PrometheusText& page, const MessageCounters::Reading& counters) {
  page.family("sekisho_preflight_total", counter,
              "Submissions with a finding of preflight, by its id and level.");
  for (const auto& [id, level, count] : counters.preflight) {
    page.sample({{"id", id}, {"level", level}}, count);
  }
}

void add_sent(PrometheusText& page, const std::vector<preflight::SentCount>& sent) {
  page.family("sekisho_preflight_sent_messages", gauge,
              "Messages of users to a large receiver in 24 hours, of all hosts of the store.");
  for (const preflight::SentCount& count : sent) {
    page.sample({{"author", count.author}, {"receiver", count.receiver}}, count.messages);
  }
}

void add_dns(PrometheusText& page, const dns::Statistics& dns) {
  add_single(page, "sekisho_dns_questions_total", counter, "Questions that messages caused.",
             dns.questions);
  add_single(page, "sekisho_dns_cache_hits_total", counter, "Those answered from the cache.",
             dns.cache_hits);
  add_single(page, "sekisho_dns_joined_total", counter,
             "Those that found the same question under way.", dns.joined);
  add_single(page, "sekisho_dns_timeouts_total", counter,
             "Those that got no answer within the time of their message.", dns.timeouts);
  add_single(page, "sekisho_dns_turned_away_total", counter,
             "Those that were not asked, since too many were under way.", dns.turned_away);
  add_single(page, "sekisho_dns_held_back_total", counter,
             "Those that waited until fewer of the same client were under way.", dns.held_back);
  add_single(page, "sekisho_dns_given_up_total", counter,
             "Those whose message ended before their answer came.", dns.given_up);
  page.family("sekisho_dns_answers_total", counter,
              "Questions put to the servers, by what came of them.");
  for (std::size_t i = 0; i < dns.answers.size(); ++i) {
    page.sample({{"outcome", dns::format_status(static_cast<dns::Status>(i))}}, dns.answers[i]);
  }
  page.family("sekisho_dns_queries_sent_total", counter,
              "Packets sent to the servers, by transport.");
  page.sample({{"transport", "udp"}}, dns.sent - std::min(dns.sent, dns.tcp));
  page.sample({{"transport", "tcp"}}, dns.tcp);
  add_single(page, "sekisho_dns_rejected_packets_total", counter,
             "Packets that did not answer the question that they came for.", dns.rejected);
  page.histogram("sekisho_dns_answer_seconds",
                 "For how long questions put to the servers took, all tries together.",
                 dns.latency);
}

void add_feedback(PrometheusText& page, const report::recorder::RecorderStatistics& feedback) {
  page.family("sekisho_feedback_messages_total", counter,
              "Messages for DMARC's reports, by what became of them.");
  page.sample({{"fate", "recorded"}}, feedback.recorded);
  page.sample({{"fate", "written"}}, feedback.written);
  page.sample({{"fate", "spilled"}}, feedback.spilled);
  page.sample({{"fate", "dropped"}}, feedback.dropped);
  add_single(page, "sekisho_feedback_waiting", gauge, "Those that wait for the store now.",
             feedback.waiting);
  add_single(page, "sekisho_feedback_store_away", gauge,
             "1 where the store did not answer last time, else 0.", feedback.is_away ? 1 : 0);
}

void add_domains(PrometheusText& page, const Snapshot& snapshot) {
  page.family("sekisho_domain_findings", gauge,
              "Findings in the records of watched domains, by level.");
  for (const auto& [domain, level, count] : snapshot.domain_findings) {
    page.sample({{"domain", domain}, {"level", domain_check::format_level(level)}}, count);
  }
}

}  // namespace

std::string format_metrics(const Snapshot& snapshot) {
  PrometheusText page;
  add_daemon(page, snapshot.recent_events);
  add_messages(page, snapshot);
  add_results(page, snapshot.counters);
  add_changes(page, snapshot.counters);
  add_signing(page, snapshot);
  add_preflight(page, snapshot.counters);
  add_sent(page, snapshot.sent);
  add_dns(page, snapshot.dns.value_or(dns::Statistics{}));
  add_feedback(page, snapshot.feedback);
  add_domains(page, snapshot);
  return page.take();
}

}  // namespace sekisho::milter
