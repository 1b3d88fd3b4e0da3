#include "milter/monitor/recent_events.hpp"

#include "report/format/printable.hpp"

#include <utility>

namespace sekisho::milter {

namespace {

constexpr std::size_t longest_text = 256;

std::string shown(std::string_view text) {
  return report::format::printable(text, longest_text);
}

Refusal refusal_from(const checkpoint::Verdict& verdict, std::chrono::sys_seconds now) {
  const findings::Findings& found = verdict.findings;
  Refusal refusal;
  refusal.time = now;
  refusal.queue_id = shown(found.envelope.queue_id);
  refusal.action = policy::format_action(verdict.disposition.action);
  refusal.client = findings::format_client(found.client);
  refusal.sender = shown(found.envelope.sender);
  if (found.author.status == mail::AuthorStatus::single_domain) {
    refusal.author = shown(found.author.domains.front().text());
  }
  refusal.reason = shown(verdict.disposition.reason);
  return refusal;
}

}  // namespace

void RecentEvents::note_reload(ReloadOutcome outcome) {
  const auto memory = memory_.lock();
  ++(outcome.refusal.empty() ? memory->good_reloads : memory->refused_reloads);
  memory->last_reload = std::move(outcome);
}

void RecentEvents::note_message(const checkpoint::Verdict& verdict, std::chrono::sys_seconds now) {
  if (verdict.disposition.action != policy::Action::accept) {
    add(refusal_from(verdict, now));
  }
}

void RecentEvents::note_recipient(const checkpoint::Verdict& verdict,
                                  std::chrono::sys_seconds now) {
  Refusal refusal = refusal_from(verdict, now);
  if (!verdict.findings.envelope.recipients.empty()) {
    refusal.recipient = shown(verdict.findings.envelope.recipients.front());
  }
  add(std::move(refusal));
}

void RecentEvents::add(Refusal refusal) {
  const auto memory = memory_.lock();
  memory->refusals.push_front(std::move(refusal));
  if (memory->refusals.size() > max_refusals) {
    memory->refusals.pop_back();
  }
}

RecentEvents::Reading RecentEvents::read() const {
  const auto memory = memory_.lock();
  return {started_,
          memory->good_reloads,
          memory->refused_reloads,
          memory->last_reload,
          {memory->refusals.begin(), memory->refusals.end()}};
}

}  // namespace sekisho::milter
