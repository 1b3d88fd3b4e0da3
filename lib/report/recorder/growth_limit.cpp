#include "report/recorder/growth_limit.hpp"

#include "report/format/digest.hpp"
#include "report/store/codec.hpp"

#include <algorithm>
#include <utility>

namespace sekisho::report::recorder {

namespace {

// Whether the digest is known, or there is room to know it from now on.
bool has_room(std::vector<std::string>& seen, std::string digest, std::size_t most) {
  const auto place = std::ranges::lower_bound(seen, digest);
  if (place != seen.end() && *place == digest) {
    return true;
  }
  if (seen.size() >= most) {
    return false;
  }
  seen.insert(place, std::move(digest));
  return true;
}

std::string policy_text(const store::Observation& observation) {
  return store::write_policy(observation.policy) + '\n' +
         store::write_addresses(observation.addresses);
}

// All that makes a row but the source.
std::string outcome_text(const store::Observation& observation) {
  const format::AggregateRecord& record = observation.record;
  return observation.policy.domain + '\n' + record.header_from + '\n' + record.envelope_from +
         '\n' + record.envelope_to + '\n' + store::write_results(record);
}

void drop_details(store::Observation& observation) {
  format::AggregateRecord& record = observation.record;
  record.header_from = observation.policy.domain;
  record.envelope_from.clear();
  record.envelope_to.clear();
  record.dkim.clear();
  record.spf.clear();
  for (format::OverrideReason& reason : record.reasons) {
    reason.comment.clear();
  }
}

}  // namespace

GrowthLimit::Owner* GrowthLimit::find(const mail::Domain& domain) {
  const std::string name = suffixes_.organizational_domain(domain).text();
  const auto found = owners_.find(name);
  if (found != owners_.end()) {
    return &found->second;
  }
  return owners_.size() < max_owners ? &owners_[name] : nullptr;
}

std::optional<store::Observation> GrowthLimit::admit(store::Observation observation) {
  if (const auto day = store::day_of(observation); day > day_) {
    day_ = day;
    owners_.clear();
  }
  const auto domain = mail::Domain::parse(observation.policy.domain);
  Owner* const owner = domain ? find(*domain) : nullptr;
  if (owner == nullptr) {
    return observation;
  }
  if (!has_room(owner->policies, format::digest_of(policy_text(observation)), max_policies)) {
    return std::nullopt;
  }
  if (!has_room(owner->outcomes, format::digest_of(outcome_text(observation)), max_outcomes)) {
    drop_details(observation);
  }
  return observation;
}

}  // namespace sekisho::report::recorder
