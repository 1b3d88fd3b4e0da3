#include "report/summary.hpp"

#include "mail/domain.hpp"
#include "report/printable.hpp"

#include <algorithm>
#include <initializer_list>
#include <limits>
#include <utility>

namespace sekisho::report {

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
  return domain ? domain->text() : Summary::no_domain;
}

std::chrono::sys_days middle_day(const Period& period) {
  return std::chrono::floor<std::chrono::days>(period.begin + (period.end - period.begin) / 2);
}

Tally sum_of(const Sources& sources) {
  Tally sum;
  for (const auto& [source, tally] : sources) {
    sum.add(tally);
  }
  return sum;
}

// What tells a report from another; "" where it has no name of its own. Control characters are in
// no printable() text, so they keep the fields apart.
std::string key_of(const std::string& report_id, std::initializer_list<std::string> fields,
                   const std::optional<Period>& period) {
  if (report_id.empty()) {
    return "";
  }
  std::string key =
      report_id + "\x1f" + (period ? std::to_string(period->begin.time_since_epoch().count()) : "");
  for (const std::string& field : fields) {
    key.append("\x1f").append(field);
  }
  return key;
}

void keep_latest_policy(DomainSummary& domain, const AggregateHeader& header) {
  const auto time = header.metadata.period ? std::optional(header.metadata.period->end)
                                           : std::optional<std::chrono::sys_seconds>();
  if (!domain.policy || time > domain.policy_time) {
    domain.policy = header.policy;
    domain.policy_time = time;
  }
}

}  // namespace

void Tally::add(const Record& record) {
  const bool delivered_here = record.disposition == ActionDisposition::none ||
                              record.disposition == ActionDisposition::pass;
  const auto count_if = [&](bool condition) { return condition ? record.count : 0; };
  add(Tally{.messages = record.count,
            .pass = count_if(record.dkim_aligned || record.spf_aligned),
            .dkim_aligned = count_if(record.dkim_aligned),
            .spf_aligned = count_if(record.spf_aligned),
            .delivered = count_if(delivered_here),
            .quarantined = count_if(record.disposition == ActionDisposition::quarantine),
            .rejected = count_if(record.disposition == ActionDisposition::reject),
            .overridden = count_if(!record.reasons.empty())});
}

void Tally::add(const Tally& other) {
  constexpr std::uint64_t Tally::* fields[] = {
      &Tally::messages,  &Tally::pass,        &Tally::dkim_aligned, &Tally::spf_aligned,
      &Tally::delivered, &Tally::quarantined, &Tally::rejected,     &Tally::overridden};
  for (const auto field : fields) {
    add_to(this->*field, other.*field);
  }
}

void ReportTally::add(const Record& record) {
  bounded(domains_, record.header_from)[record.source].add(record);
}

bool Summary::add(const AggregateHeader& header, ReportTally tally) {
  const Metadata& metadata = header.metadata;
  const std::string reporter = reporter_of(metadata);
  if (!is_new(key_of(metadata.report_id, {"aggregate", reporter, header.policy.domain},
                     metadata.period))) {
    return false;
  }
  widen(metadata.period);
  for (auto& [header_from, sources] : tally.domains_) {
    const std::string name = domain_name(header_from.empty() ? header.policy.domain : header_from);
    DomainSummary& domain = bounded(domains_, name);
    const Tally sum = sum_of(sources);
    merge(domain, std::move(sources));
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

bool Summary::add(const TlsReport& report) {
  const std::string reporter = reporter_of(
      {.org_name = report.organization_name, .email = report.contact_info, .report_id = ""});
  if (!is_new(key_of(report.report_id, {"tls", reporter}, report.period))) {
    return false;
  }
  widen(report.period);
  for (const TlsPolicy& policy : report.policies) {
    TlsSummary& domain = bounded(tls_, domain_name(policy.domain));
    add_to(domain.successful, policy.successful_sessions);
    add_to(domain.failed, policy.failed_sessions);
    add_to(bounded(domain.reporters, reporter),
           policy.successful_sessions + policy.failed_sessions);
    for (const TlsFailure& failure : policy.failures) {
      add_to(bounded(domain.failures, printable(failure.result_type, max_name)), failure.sessions);
    }
  }
  return true;
}

void Summary::merge(DomainSummary& domain, Sources sources) {
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
  const bool added = key.empty() || known_.insert(std::move(key)).second;
  reports_ += added ? 1 : 0;
  return added;
}

void Summary::widen(const std::optional<Period>& period) {
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

std::string reporter_of(const Metadata& metadata) {
  std::string_view name = metadata.org_name;
  if (name.empty()) {
    name = metadata.email;
    name.remove_prefix(name.rfind('@') + 1);  // npos + 1 is 0: all of it
  }
  return name.empty() ? "(unnamed)" : printable(name, max_name);
}

}  // namespace sekisho::report
