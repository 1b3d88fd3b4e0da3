// One message: what is done with it, step by step, as the events of its SMTP session come in.
#pragma once

#include "authres/proof.hpp"
#include "checkpoint/client_checks.hpp"
#include "checkpoint/departure_check.hpp"
#include "checkpoint/message_header.hpp"
#include "checkpoint/provenance.hpp"
#include "checkpoint/services.hpp"
#include "checkpoint/signing.hpp"
#include "checkpoint/verdict.hpp"
#include "checkpoint/verification.hpp"
#include "dkim/body_hashes.hpp"
#include "findings/findings.hpp"
#include "mail/header_field.hpp"
#include "policy/indirect.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sekisho::checkpoint {

/// A message gets one of these; an ARC seal may come on top of each.
enum class Treatment : std::uint8_t {
  pass_on,  ///< It is neither verified nor signed.
  verify,
  sign,
};

/// The events of Session, for one message. Not thread-safe.
class Transaction {
 public:
  /// `sender`: a path without angle brackets. `checks`: those of the session.
  Transaction(std::shared_ptr<const Services> services, findings::Client client, std::string sender,
              const std::shared_ptr<ClientChecks>& checks);

  /// Starts what needs client and envelope alone, once: connections, HELO and MAIL cost a client
  /// nothing, so nothing is looked up for them before the MTA has taken a recipient.
  void check_envelope();
  /// A refusal, or nullopt.
  std::optional<Verdict> recipient(std::string recipient);
  void header(mail::HeaderField field);
  void end_of_header();
  bool body(std::string_view chunk);
  [[nodiscard]] findings::Findings end_of_envelope();
  [[nodiscard]] Verdict end_of_message(std::string queue_id);

 private:
  [[nodiscard]] bool verifies_client() const;
  [[nodiscard]] Treatment choose_treatment() const;
  [[nodiscard]] bool keeps_header() const;
  void find_provenance();
  void start_signing();
  void start_sealing();
  void repair();
  void start_departure_check();
  void judge_departure(Verdict& verdict);
  [[nodiscard]] preflight::Mode preflight_mode() const;
  void add_fields(Verdict& verdict);
  void add_signatures(const std::string& results, std::vector<mail::HeaderField>& insertions);

  std::shared_ptr<const Services> services_;
  findings::Findings findings_;
  bool is_envelope_checked_ = false;
  MessageHeader header_;
  policy::Signs signs_;
  dkim::BodyHashes body_hashes_;
  Provenance provenance_;
  authres::MessageIdentity identity_;  // for the proof of our field
  Treatment treatment_ = Treatment::pass_on;
  Signing signing_;
  std::vector<mail::HeaderField> repaired_;    ///< Fields that the message lacked.
  std::vector<mail::HeaderField> signatures_;  ///< Ours, as they go on top.
  DepartureCheck departure_check_;
  Verification verification_;
};

}  // namespace sekisho::checkpoint
