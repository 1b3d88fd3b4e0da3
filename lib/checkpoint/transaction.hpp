// One message on its way through the gate: starts the mechanisms, gathers what they found, asks the
// policy.
#pragma once

#include "arc/validator.hpp"
#include "checkpoint/departure.hpp"
#include "checkpoint/forged_fields.hpp"
#include "checkpoint/message_lookups.hpp"
#include "checkpoint/provenance.hpp"
#include "checkpoint/services.hpp"
#include "checkpoint/started.hpp"
#include "checkpoint/verdict.hpp"
#include "dkim/body_hashes.hpp"
#include "dkim/verifier.hpp"
#include "dmarc/evaluate.hpp"
#include "findings/findings.hpp"
#include "iprev/iprev.hpp"
#include "mail/header_field.hpp"
#include "policy/decide.hpp"
#include "spf/result.hpp"

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace sekisho::checkpoint {

/// What the session has under way for all its messages.
struct SessionMechanisms {
  SessionMechanisms(const Services& services, const findings::Client& client)
      : iprev_lookups(open_lookups(services, client)),
        helo_lookups(open_lookups(services, client)) {}

  dns::OwnedLookups iprev_lookups;
  dns::OwnedLookups helo_lookups;
  Started<iprev::Result> iprev;
  Started<spf::Result> spf_helo;
};

/// The events of Session, for one message. Not thread-safe.
class Transaction {
 public:
  /// `sender`: a path without angle brackets.
  Transaction(std::shared_ptr<const Services> services, findings::Client client,
              std::string sender);

  /// Whether the client is the outside, so that SPF and its name say something about the message.
  [[nodiscard]] bool verifies_client() const;

  /// Starts SPF, once: a sender costs a client nothing before he has a recipient.
  void check_sender();

  /// A refusal, or nullopt.
  std::optional<Verdict> recipient(std::string recipient, SessionMechanisms& session);
  void header(mail::HeaderField field);
  void end_of_header();
  bool body(std::string_view chunk);
  [[nodiscard]] findings::Findings end_of_envelope(SessionMechanisms& session);
  [[nodiscard]] Verdict end_of_message(std::string queue_id, SessionMechanisms& session);

 private:
  void find_provenance();
  void start_signing();
  void start_sealing();
  void start_verifying();
  [[nodiscard]] bool needs_verifying() const;
  [[nodiscard]] bool keeps_header() const;
  void collect_verifying(SessionMechanisms& session);
  void collect_envelope(SessionMechanisms& session);
  void find_author();
  void start_dkim();
  void start_arc();
  void start_dmarc();
  void collect_dkim();
  void collect_arc();
  void collect_dmarc();
  void soften_after_fault();
  void find_override();
  void add_fields(Verdict& verdict);
  void add_proof(Verdict& verdict, const std::string& results) const;
  [[nodiscard]] bool proves_origin() const;
  [[nodiscard]] std::vector<FieldRemoval> removals() const;
  [[nodiscard]] std::vector<ExplainedLookup> explain(const SessionMechanisms& session) const;

  std::shared_ptr<const Services> services_;
  MessageLookups lookups_;
  findings::Findings findings_;
  Started<spf::Result> spf_mail_from_;
  bool is_sender_checked_ = false;
  mail::HeaderSection header_;
  std::size_t header_octets_ = 0;
  bool header_over_limit_ = false;
  ForgedFields forged_fields_;
  policy::Signs signs_;
  dkim::BodyHashes body_hashes_;
  Provenance provenance_;
  authres::MessageIdentity identity_;  // for the proof of our field
  bool is_verified_ = false;
  Departure departure_;
  std::optional<dkim::Verifier> dkim_;
  std::optional<arc::Validator> arc_;
  std::optional<dmarc::Evaluation> dmarc_;
};

}  // namespace sekisho::checkpoint
