#include "milter/monitor/message_counters.hpp"

#include <set>

namespace sekisho::milter {

namespace {

std::string_view format_turned_away(MessageCounters::TurnedAway why) {
  switch (why) {
    case MessageCounters::TurnedAway::limit:
      return "limit";
    case MessageCounters::TurnedAway::stopping:
      return "stopping";
  }
  std::unreachable();
}

}  // namespace

void MessageCounters::count_message(const checkpoint::Verdict& verdict,
                                    std::chrono::nanoseconds waited) {
  actions_.add(verdict.disposition.action);
  count_results(verdict.findings);
  count_outgoing(verdict.findings.outgoing);
  if (verdict.preflight) {
    count_preflight(*verdict.preflight);
  }
  faults_ += verdict.findings.faults.size();
  waited_.add(waited);
}

void MessageCounters::count_results(const findings::Findings& found) {
  if (found.client.address || found.client.is_unknown) {
    tls_.add(found.client.tls.version);
  }
  if (found.iprev) {
    iprev_.add(found.iprev->code);
  }
  if (found.spf_helo) {
    spf_helo_.add(found.spf_helo->code);
  }
  if (found.spf_mail_from) {
    spf_.add(found.spf_mail_from->code);
  }
  for (const dkim::Result& signature : found.dkim) {
    dkim_.add(signature.code);
    footers_ += signature.added_lines > 0 ? 1 : 0;
  }
  if (found.dkim_checked && found.dkim.empty()) {
    ++without_dkim_;
  }
  if (found.arc_checked) {
    arc_.add(found.arc.status);
  }
  if (found.dmarc) {
    dmarc_.add(found.dmarc->code);
  }
}

void MessageCounters::count_outgoing(const findings::Outgoing& outgoing) {
  signatures_ += outgoing.signatures.size();
  if (outgoing.not_signed != findings::NotSigned::none) {
    ++left_unsigned_;
  }
  if (outgoing.sealed_instance > 0) {
    ++seals_;
  }
}

// A finding that a message has several times counts once.
void MessageCounters::count_preflight(const preflight::Report& report) {
  std::set<std::size_t> found;
  for (const preflight::Finding& finding : report.findings) {
    found.insert(static_cast<std::size_t>(finding.id) * preflight_levels +
                 static_cast<std::size_t>(finding.level));
  }
  for (const std::size_t index : found) {
    preflight_[index].fetch_add(1, std::memory_order_relaxed);
  }
}

std::vector<CountedFinding> MessageCounters::read_preflight() const {
  std::vector<CountedFinding> counted;
  for (std::size_t i = 0; i < preflight_.size(); ++i) {
    if (const std::uint64_t count = preflight_[i].load(std::memory_order_relaxed); count > 0) {
      counted.push_back(
          {preflight::format_id(static_cast<preflight::Id>(i / preflight_levels)),
           preflight::format_level(static_cast<preflight::Level>(i % preflight_levels)), count});
    }
  }
  return counted;
}

std::vector<CountedResults> MessageCounters::read_results() const {
  std::vector<Counted> dkim = dkim_.read(dkim::format_result_code);
  dkim.push_back({"none", without_dkim_});
  return {{"tls", tls_.read(tls::format_version)},
          {"iprev", iprev_.read(iprev::format_result_code)},
          {"spf_helo", spf_helo_.read(spf::format_result_code)},
          {"spf", spf_.read(spf::format_result_code)},
          {"dkim", std::move(dkim)},
          {"arc", arc_.read(arc::format_chain_status)},
          {"dmarc", dmarc_.read(dmarc::format_result_code)}};
}

MessageCounters::Reading MessageCounters::read() const {
  Reading reading;
  reading.actions = actions_.read(policy::format_action);
  reading.results = read_results();
  reading.turned_away = turned_away_.read(format_turned_away);
  reading.recipients_refused = recipients_refused_;
  reading.faults = faults_;
  reading.signatures = signatures_;
  reading.left_unsigned = left_unsigned_;
  reading.seals = seals_;
  reading.footers = footers_;
  reading.preflight = read_preflight();
  reading.waited = waited_.read();
  return reading;
}

}  // namespace sekisho::milter
