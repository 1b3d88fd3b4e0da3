#include "checkpoint/transaction.hpp"

#include "checkpoint/contained.hpp"
#include "checkpoint/message_lookups.hpp"
#include "checkpoint/own_fields.hpp"
#include "checkpoint/repair.hpp"
#include "policy/decide.hpp"
#include "policy/envelope.hpp"
#include "policy/origin.hpp"
#include "policy/preflight_mode.hpp"

#include <iterator>
#include <utility>

namespace sekisho::checkpoint {

Transaction::Transaction(std::shared_ptr<const Services> services, findings::Client client,
                         std::string sender, const std::shared_ptr<ClientChecks>& checks)
    : services_(std::move(services)),
      header_(services_->options.authserv_id, services_->options.host_name),
      verification_(services_, client, checks) {
  findings_.client = std::move(client);
  findings_.envelope.sender = std::move(sender);
  if (!services_->all_from_outside) {
    findings_.origin = policy::find_origin(findings_.client, services_->options.signing.origin);
  }
}

bool Transaction::verifies_client() const {
  return findings_.client.address && findings_.origin == findings::Origin::outside &&
         services_->options.policy.role != policy::Role::outbound;
}

void Transaction::check_envelope() {
  if (!std::exchange(is_envelope_checked_, true) && verifies_client()) {
    verification_.envelope(findings_);
  }
}

std::optional<Verdict> Transaction::recipient(std::string recipient) {
  const policy::Options& policy = services_->options.policy;
  if (policy::refuses_envelopes(policy) && findings_.origin == findings::Origin::outside) {
    verification_.recipient(findings_);
    if (auto refusal = policy::decide_recipient(findings_, recipient, policy)) {
      // The accepted ones are not copied: whoever guesses names could make us copy them each time.
      auto accepted = std::exchange(findings_.envelope.recipients, {std::move(recipient)});
      Verdict verdict{*std::move(refusal), {}, {}, findings_, {}};
      findings_.envelope.recipients = std::move(accepted);
      return verdict;
    }
  }
  findings_.envelope.recipients.push_back(std::move(recipient));
  return std::nullopt;
}

void Transaction::header(mail::HeaderField field) {
  header_.add(std::move(field), services_->options.limits);
}

void Transaction::end_of_header() {
  findings_.author = header_.author(services_->options.limits);
  find_provenance();
  contained("repair", findings_.faults, [this] { repair(); });
  contained("signing", findings_.faults, [this] { start_signing(); });
  treatment_ = choose_treatment();
  if (treatment_ == Treatment::verify) {
    verification_.header(header_.fields(), header_.is_whole(), findings_, body_hashes_);
  }
  contained("sealing", findings_.faults, [this] { start_sealing(); });
  identity_ = authres::identify(header_.fields(), findings_.author);
  signs_ = policy::find_signs(header_.fields());
  contained("preflight", findings_.faults, [this] { start_departure_check(); });
  if (!keeps_header()) {
    static_cast<void>(header_.take());
  }
}

bool Transaction::keeps_header() const {
  return services_->keep_headers && treatment_ == Treatment::verify &&
         findings_.origin == findings::Origin::outside;
}

// Where the header was cut, a trace of the outside may be among what was dropped.
void Transaction::find_provenance() {
  if (findings::is_ours(findings_.origin)) {
    provenance_ = header_.is_whole()
                      ? checkpoint::find_provenance(header_.fields(), findings_, *services_)
                      : Provenance{Trace::unproved, {}, {}};
    findings_.origin = origin_by_trace(findings_.origin, provenance_.trace);
  }
}

// What our users send is theirs to answer for, and so is what one of our hosts sends with our
// signature. What such a host only passes on is verified, once.
Treatment Transaction::choose_treatment() const {
  if (signing_.signs()) {
    return Treatment::sign;
  }
  if (services_->options.policy.role == policy::Role::outbound) {
    return Treatment::pass_on;
  }
  switch (findings_.origin) {
    case findings::Origin::outside:
    case findings::Origin::relayed:
    case findings::Origin::internal:
      return Treatment::verify;
    case findings::Origin::authenticated:
    case findings::Origin::daemon:
    case findings::Origin::returned:
      return Treatment::pass_on;
  }
  std::unreachable();
}

void Transaction::start_signing() {
  if (header_.is_whole()) {
    signing_.start_signing(*services_, findings_, header_.fields(), provenance_, body_hashes_);
  }
}

void Transaction::start_sealing() {
  if (header_.is_whole()) {
    signing_.start_sealing(*services_, findings_, header_.fields(), provenance_, body_hashes_);
  }
}

// An MSA may put right what a submission lacks (RFC 6409 §8), before it is signed.
void Transaction::repair() {
  if (!header_.is_whole() || !is_submission(findings_.origin)) {
    return;
  }
  repaired_ = missing_fields(*services_, header_.fields(), findings_.author);
  for (const mail::HeaderField& field : repaired_) {
    header_.add(field, services_->options.limits);
  }
}

// Rules may look at results that are not there yet: they decide again at the end.
void Transaction::start_departure_check() {
  if (!services_->options.preflight.loaded_rules || !is_submission(findings_.origin) ||
      preflight_mode() == preflight::Mode::off) {
    return;
  }
  departure_check_.begin(services_, {.findings = findings_,
                                     .header = header_.fields(),
                                     .is_indirect = signs_.header != policy::IndirectSign::none,
                                     .signing_domains = signing_.domains()});
}

preflight::Mode Transaction::preflight_mode() const {
  switch (policy::find_preflight(findings_, signs_, services_->options.policy)) {
    case policy::Preflight::as_configured:
      return services_->options.preflight.mode;
    case policy::Preflight::off:
      return preflight::Mode::off;
    case policy::Preflight::note:
      return preflight::Mode::note;
    case policy::Preflight::refuse:
      return preflight::Mode::refuse;
  }
  std::unreachable();
}

// What is refused anyway need not be refused twice.
void Transaction::judge_departure(Verdict& verdict) {
  if (!departure_check_.is_active() || !leaves(verdict.disposition.action)) {
    return;
  }
  verdict.preflight = departure_check_.finish(signatures_);
  const auto refused =
      preflight::refused_findings(verdict.preflight->findings, services_->options.preflight);
  if (preflight_mode() == preflight::Mode::refuse && !refused.empty()) {
    refuse_departure(refused, services_->options.policy.dry_run, verdict.disposition);
  }
}

bool Transaction::body(std::string_view chunk) {
  body_hashes_.update(chunk);
  contained("preflight", findings_.faults, [&] { departure_check_.body(chunk); });
  return body_hashes_.wants_more() || departure_check_.is_active();
}

findings::Findings Transaction::end_of_envelope() {
  verification_.end(findings_, body_hashes_);
  return std::move(findings_);
}

Verdict Transaction::end_of_message(std::string queue_id) {
  findings_.envelope.queue_id = std::move(queue_id);
  body_hashes_.finish();
  if (treatment_ == Treatment::verify) {
    verification_.end(findings_, body_hashes_);
  }
  Verdict verdict;
  verdict.removals = find_removals(header_.forged(), findings_.origin, provenance_);
  findings_.forged_fields = verdict.removals.size();
  verdict.disposition = policy::decide(findings_, signs_, services_->options.policy);
  note_client(*services_, findings_, verdict.disposition.action);
  add_fields(verdict);
  contained("preflight", findings_.faults, [&] { judge_departure(verdict); });
  if (services_->explain) {
    verdict.lookups = verification_.explain();
  }
  verdict.header = header_.take();
  verdict.list_id = std::move(signs_.list_id);
  verdict.findings = std::move(findings_);
  return verdict;
}

// Each goes on top of the one before: the ARC set over our DKIM-Signatures over
// Authentication-Results.
void Transaction::add_fields(Verdict& verdict) {
  OwnFields own = write_own_fields({.findings = findings_,
                                    .disposition = verdict.disposition,
                                    .is_verified = treatment_ == Treatment::verify,
                                    .trace = provenance_.trace,
                                    .identity = identity_},
                                   *services_);
  verdict.insertions = std::move(own.fields);
  if (leaves(verdict.disposition.action)) {
    verdict.insertions.insert(verdict.insertions.begin(), repaired_.begin(), repaired_.end());
  }
  if (leaves(verdict.disposition.action)) {
    contained("signing", findings_.faults,
              [&] { add_signatures(own.results, verdict.insertions); });
  }
}

void Transaction::add_signatures(const std::string& results,
                                 std::vector<mail::HeaderField>& insertions) {
  signatures_ = signing_.sign(body_hashes_, findings_.outgoing);
  insertions.insert(insertions.end(), signatures_.begin(), signatures_.end());
  const auto set =
      signing_.seal(body_hashes_, findings_.arc, results, signatures_, findings_.outgoing);
  insertions.insert(insertions.end(), set.begin(), set.end());
}

}  // namespace sekisho::checkpoint
