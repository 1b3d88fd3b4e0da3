#include "report/analysis/summary.hpp"

#include "mail/domain.hpp"
#include "report/format/printable.hpp"

#include <algorithm>
#include <limits>
#include <utility>

namespace sekisho::report::analysis {

namespace {

// Of a name that is shown: longer ones are cut.
constexpr std::size_t max_name = 100;

void add_to(std::uint64_t& sum, std::uint64_t more) {
  sum += std::min(more, std::numeric_limits<std::uint64_t>::max() - sum);
}

// The value for a name that a stranger chose; beyond the limit that of all the others.
template <typename Map>
typename Map::mapped_type& bounded(Map& map, const std::string& name) {
  const auto known = map.find(name);
  if (known != map.end()) {
    return known->second;
  }
  return map[map.size() < Summary::max_names ? name : Summary::others];
}

std::string domain_name(const std::string& text) {
  if (text == Summary::others) {
    return text;  // a report's own, whose names were too many
  }
  const auto domain = mail::Domain::parse(text);
  return domain ? domain->text() : format::no_domain;
}

std::chrono::sys_days middle_day(const format::Period& period) {
  return std::chrono::floor<std::chrono::days>(period.begin + (period.end - period.begin) / 2);
}

MessageCounts sum_of(const Sources& sources, const MessageCounts& others) {
  MessageCounts sum = others;
  for (const auto& [source, tally] : sources) {
    sum.add(tally);
  }
  return sum;
}

void keep_latest_policy(DomainSummary& domain, const format::AggregateHeader& header) {
  const auto time = header.metadata.period ? std::optional(header.metadata.period->end)
                                           : std::optional<std::chrono::sys_seconds>();
  if (!domain.policy || time > domain.policy_time) {
    domain.policy = header.policy;
    domain.policy_time = time;
  }
}

}  // namespace

void MessageCounts::add(const format::AggregateRecord& record) {
  const bool delivered_here = record.disposition == format::ActionDisposition::none ||
                              record.disposition == format::ActionDisposition::pass;
  const auto count_if = [&](bool condition) { return condition ? record.count : 0; };
  add(MessageCounts{
      .messages = record.count,
      .pass = count_if(record.dkim_aligned || record.spf_aligned),
      .dkim_aligned = count_if(record.dkim_aligned),
      .spf_aligned = count_if(record.spf_aligned),
      .delivered = count_if(delivered_here),
      .quarantined = count_if(record.disposition == format::ActionDisposition::quarantine),
      .rejected = count_if(record.disposition == format::ActionDisposition::reject),
      .overridden = count_if(!record.reasons.empty())});
}

void MessageCounts::add(const MessageCounts& other) {
  constexpr std::uint64_t MessageCounts::* fields[] = {
      &MessageCounts::messages,    &MessageCounts::pass,      &MessageCounts::dkim_aligned,
      &MessageCounts::spf_aligned, &MessageCounts::delivered, &MessageCounts::quarantined,
      &MessageCounts::rejected,    &MessageCounts::overridden};
  for (const auto field : fields) {
    add_to(this->*field, other.*field);
  }
}

void ReportCounts::add(const format::AggregateRecord& record) {
  Domain& domain = bounded(domains_, record.header_from);
  const auto known = domain.sources.find(record.source);
  if (known != domain.sources.end()) {
    known->second.add(record);
  } else if (sources_ < max_sources) {
    ++sources_;
    domain.sources[record.source].add(record);
  } else {
    domain.others.add(record);
  }
}

bool Summary::add(const format::AggregateHeader& header, ReportCounts tally) {
  const format::Metadata& metadata = header.metadata;
  const std::string reporter = format::reporter_of(metadata);
  if (!is_new(format::identity_of(header).key())) {
    return false;
  }
  ++reports_;
  widen(metadata.period);
  for (auto& [header_from, counted] : tally.domains_) {
    const std::string name = domain_name(header_from.empty() ? header.policy.domain : header_from);
    DomainSummary& domain = bounded(domains_, name);
    const MessageCounts sum = sum_of(counted.sources, counted.others);
    merge(domain, std::move(counted));
    domain.total.add(sum);
    total_.add(sum);
    if (metadata.period) {
      domain.days[middle_day(*metadata.period)].add(sum);
    }
    add_to(bounded(domain.reporters, reporter), sum.messages);
    keep_latest_policy(domain, header);
  }
  return true;
}

bool Summary::add(const format::TlsReport& report) {
  const std::string reporter = format::reporter_of(report);
  if (!is_new(format::identity_of(report).key())) {
    return false;
  }
  ++reports_;
  widen(report.period);
  for (const format::TlsPolicy& policy : report.policies) {
    TlsSummary& domain = bounded(tls_, domain_name(policy.domain));
    add_to(domain.successful, policy.successful_sessions);
    add_to(domain.failed, policy.failed_sessions);
    add_to(bounded(domain.reporters, reporter),
           policy.successful_sessions + policy.failed_sessions);
    for (const format::TlsFailure& failure : policy.failures) {
      add_to(bounded(domain.failures, format::printable(failure.result_type, max_name)),
             failure.sessions);
    }
  }
  return true;
}

bool Summary::add(const format::FeedbackReport& report) {
  if (!is_new("feedback\x1f" + report.digest)) {
    return false;
  }
  ++feedback_[report.type];
  if (report.type != format::FeedbackType::auth_failure) {
    return true;
  }
  const auto name_or = [](const std::string& name, const char* otherwise) {
    return name.empty() ? std::string(otherwise) : format::printable(name, max_name);
  };
  FailureSummary& domain = bounded(failures_, domain_name(report.author_domain));
  add_to(domain.messages, report.incidents);
  add_to(bounded(domain.failed, name_or(report.auth_failure, "(not said)")), report.incidents);
  add_to(bounded(domain.sources, report.source ? report.source->text() : "(not said)"),
         report.incidents);
  add_to(bounded(domain.reporters, name_or(report.reporter, "(unnamed)")), report.incidents);
  if (details_.size() < max_shown_failures) {
    details_.push_back(report);
  }
  return true;
}

std::uint64_t Summary::failure_reports() const {
  const auto found = feedback_.find(format::FeedbackType::auth_failure);
  return found == feedback_.end() ? 0 : found->second;
}

void Summary::merge(DomainSummary& domain, ReportCounts::Domain counted) {
  Sources& sources = counted.sources;
  domain.other_sources.add(counted.others);
  if (domain.sources.empty() && sources.size() <= max_sources - sources_) {
    sources_ += sources.size();
    domain.sources = std::move(sources);
    return;
  }
  for (const auto& [address, tally] : sources) {
    const auto known = domain.sources.find(address);
    if (known != domain.sources.end()) {
      known->second.add(tally);
    } else if (sources_ < max_sources) {
      ++sources_;
      domain.sources.emplace(address, tally);
    } else {
      domain.other_sources.add(tally);
    }
  }
}

bool Summary::is_new(std::string key) {
  return known_.insert(std::move(key)).second;
}

void Summary::widen(const std::optional<format::Period>& period) {
  if (!period) {
    return;
  }
  if (!period_) {
    period_ = period;
    return;
  }
  period_->begin = std::min(period_->begin, period->begin);
  period_->end = std::max(period_->end, period->end);
}

}  // namespace sekisho::report::analysis
