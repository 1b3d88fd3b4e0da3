// The walks of one message, each domain's once.
#pragma once

#include "dmarc/discovery.hpp"
#include "dmarc/options.hpp"
#include "dns/lookups.hpp"
#include "dns/task.hpp"
#include "mail/domain.hpp"

#include <expected>
#include <map>
#include <memory>
#include <string>

namespace sekisho::dmarc {

/// Not thread-safe.
class Walks {
 public:
  Walks(dns::Lookups lookups, const Options& options);

  /// Asks for the records that may apply to mail of `domain`. Equal names cost nothing more.
  void start(const mail::Domain& domain);
  /// Starts where need be, and waits. The reference stays valid.
  [[nodiscard]] const Walk& finish(const mail::Domain& domain);

  /// Starts what organizational_domain() will need: the walk, or nothing where the public suffix
  /// list answers.
  void start_organizational_domain(const mail::Domain& domain);
  /// The error: which look-up failed. Waits.
  [[nodiscard]] std::expected<mail::Domain, std::string> organizational_domain(
      const mail::Domain& domain);
  /// The same as if the names whose look-ups failed had no record. Waits.
  [[nodiscard]] mail::Domain likely_organizational_domain(const mail::Domain& domain);

 private:
  dns::Lookups lookups_;
  std::shared_ptr<const PublicSuffixes> suffixes_;  // null: tree walks
  std::map<mail::Domain, dns::Task<Walk>> under_way_;
  std::map<mail::Domain, Walk> done_;
};

}  // namespace sekisho::dmarc
