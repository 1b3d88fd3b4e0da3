// Limits the rows that strangers can create in a day: the holder of a domain has any number of
// subdomains, and each is a policy or an author not seen before.
#pragma once

#include "dmarc/public_suffixes.hpp"
#include "report/store/observation.hpp"

#include <chrono>
#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace sekisho::report::recorder {

/// Counts by organizational domain according to the public suffix list (in the DNS, `psd=y` could
/// create any number of them). Remembers one UTC day. Not thread-safe.
class GrowthLimit {
 public:
  /// Limits for one organizational domain in a day: policies, each of which has rows and a report
  /// of its own, and distinct results, each of which is a row.
  static constexpr std::size_t max_policies = 500;
  static constexpr std::size_t max_outcomes = 2'000;
  /// With more organizational domains than this, nothing is limited: their holder has paid for
  /// each.
  static constexpr std::size_t max_owners = 100'000;

  /// Returns the observation as it is to be counted. Beyond max_outcomes it loses what strangers
  /// can choose: header_from becomes the policy domain; the envelope, the results of DKIM and SPF
  /// and the comments of reasons are removed; source, disposition, alignment and number stay.
  /// Returns nullopt if its policy is beyond max_policies: it is not counted.
  [[nodiscard]] std::optional<store::Observation> admit(store::Observation observation);

 private:
  using Seen = std::vector<std::string>;  // digests, sorted
  struct Owner {
    Seen policies;
    Seen outcomes;
  };
  [[nodiscard]] Owner* find(const mail::Domain& domain);

  dmarc::PublicSuffixes suffixes_;
  std::chrono::sys_days day_;
  std::map<std::string, Owner> owners_;
};

}  // namespace sekisho::report::recorder
