// What is verified of one message: the list of its mechanisms.
#pragma once

#include "checkpoint/client_checks.hpp"
#include "checkpoint/mechanism.hpp"
#include "checkpoint/services.hpp"
#include "checkpoint/verdict.hpp"
#include "dkim/body_hashes.hpp"
#include "findings/findings.hpp"
#include "mail/header_field.hpp"

#include <memory>
#include <vector>

namespace sekisho::checkpoint {

/// Passes each event to every mechanism, in the order of the list. A fault in one of them becomes a
/// line of `findings.faults`. Look-ups that are under way when it ends are given up. Not
/// thread-safe.
class Verification {
 public:
  /// `checks`: those of the session.
  Verification(const std::shared_ptr<const Services>& services, const findings::Client& client,
               const std::shared_ptr<ClientChecks>& checks);

  /// The events of Mechanism.
  void envelope(findings::Findings& findings);
  void recipient(findings::Findings& findings);
  /// `is_whole`: no field of the header section is missing.
  void header(const mail::HeaderSection& header, bool is_whole, findings::Findings& findings,
              dkim::BodyHashes& body);
  void end(findings::Findings& findings, const dkim::BodyHashes& body);

  [[nodiscard]] std::vector<ExplainedLookup> explain() const;

 private:
  template <typename Hook>
  void each(findings::Findings& findings, const Hook& hook);

  std::vector<std::unique_ptr<Mechanism>> mechanisms_;
};

}  // namespace sekisho::checkpoint
