#include "milter/record/sent_record.hpp"

#include "checkpoint/own_fields.hpp"
#include "milter/environment.hpp"
#include "preflight/recipients.hpp"

#include <utility>

namespace sekisho::milter {

namespace {

void count(Environment& environment, const Services& services, const checkpoint::Verdict& verdict) {
  const preflight::ReceiverRules& rules = *services.options.preflight.loaded_rules;
  const auto now = services.now();
  const auto counts = services.sent->count(
      {.author = preflight::counted_author(*verdict.preflight->author),
       .recipient_domains = preflight::recipient_domains(verdict.findings.envelope.recipients)},
      rules, *services.resolver, now);
  for (const preflight::SentCount& each : counts) {
    environment.recorder.record(report::store::Tally{.kind = report::store::TallyKind::sent,
                                                     .begin = each.hour,
                                                     .author = each.author,
                                                     .party = each.receiver,
                                                     .detail = {},
                                                     .messages = each.messages});
    const preflight::Receiver* receiver = rules.find(each.receiver);
    const std::size_t limit = receiver != nullptr ? receiver->bulk_limit : 0;
    if (const auto percentage = services.sent->volume().newly_reached(each, limit, now)) {
      environment.log.warning(tell_reached(each, *percentage, limit));
    }
  }
}

}  // namespace

void record_sent(Environment& environment, const checkpoint::Verdict& verdict) {
  const auto services = environment.services();
  if (verdict.preflight && verdict.preflight->author && services->options.preflight.count &&
      services->options.preflight.loaded_rules && checkpoint::leaves(verdict.disposition.action)) {
    count(environment, *services, verdict);
  }
}

std::vector<preflight::SentCount> sent_counts(std::span<const report::store::Tally> tallies) {
  std::vector<preflight::SentCount> counts;
  counts.reserve(tallies.size());
  for (const report::store::Tally& tally : tallies) {
    counts.push_back({tally.author, tally.party, tally.begin, tally.messages});
  }
  return counts;
}

std::string tell_reached(const preflight::SentCount& count, unsigned percentage,
                         std::size_t limit) {
  const std::string told = "preflight: " + count.author + " has sent " + count.receiver + " " +
                           std::to_string(percentage) + " % of " + std::to_string(limit) +
                           " messages in 24 hours";
  return told + (percentage < 100 ? ": from that number on its rules for bulk senders apply"
                                  : ": its rules for bulk senders apply now");
}

}  // namespace sekisho::milter
