// The checks of a client that serve all its messages: its name (iprev) and its HELO (SPF).
#pragma once

#include "checkpoint/pending_result.hpp"
#include "checkpoint/services.hpp"
#include "checkpoint/verdict.hpp"
#include "dns/lookups.hpp"
#include "findings/findings.hpp"
#include "iprev/iprev.hpp"
#include "spf/check_host.hpp"
#include "spf/result.hpp"

#include <optional>
#include <string>
#include <vector>

namespace sekisho::checkpoint {

/// The questions to SPF about `sender`; empty: about the HELO name. `client.address` must be there.
[[nodiscard]] spf::Request spf_request(const Services& services, const findings::Client& client,
                                       const std::string& sender);

/// Belongs to a session; its messages share it. Look-ups that are under way when it ends are given
/// up. Not thread-safe.
class ClientChecks {
 public:
  ClientChecks(const Services& services, const findings::Client& client);

  /// Starts what has not been started before: iprev once, SPF once for each HELO name.
  /// `client.address` must be there.
  void start(const Services& services, const findings::Client& client);

  /// Wait for the result. A fault becomes a line of `faults`.
  [[nodiscard]] std::optional<iprev::Result> iprev(std::vector<std::string>& faults);
  [[nodiscard]] std::optional<spf::Result> spf_helo(std::vector<std::string>& faults);

  void explain(std::vector<ExplainedLookup>& explained) const;

 private:
  dns::OwnedLookups iprev_lookups_;
  dns::OwnedLookups helo_lookups_;
  bool is_iprev_started_ = false;
  std::optional<std::string> started_helo_;
  PendingResult<iprev::Result> iprev_;
  PendingResult<spf::Result> spf_helo_;
};

}  // namespace sekisho::checkpoint
