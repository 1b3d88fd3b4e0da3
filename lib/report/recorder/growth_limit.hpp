// How many rows of the store strangers can make in a day: whoever holds a domain has any number of
// sub-domains, and each is a policy or an author that nobody has seen before.
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

/// Counts by organizational domain, which the public suffix list decides (owners of the DNS could
/// make any number of them with `psd=y`). Keeps what it has seen of one UTC day. Not thread-safe.
class GrowthLimit {
 public:
  /// Of one organizational domain, in a day: policies, which are rows of their own and get reports
  /// of their own; and outcomes, which are rows, too.
  static constexpr std::size_t max_policies = 500;
  static constexpr std::size_t max_outcomes = 2'000;
  /// Beyond so many organizational domains nothing is limited: their holder has bought them all.
  static constexpr std::size_t max_owners = 100'000;

  /// The observation as it is to be counted. Beyond max_outcomes it loses what strangers choose at
  /// will: header_from becomes the policy's domain, and the envelope, the results of DKIM and SPF
  /// and the comments of reasons go; source, disposition, alignment and number stay. Nullopt: its
  /// policy is one beyond max_policies, and it is not counted.
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
