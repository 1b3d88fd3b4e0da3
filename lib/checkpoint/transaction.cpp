#include "checkpoint/transaction.hpp"

#include "authres/assessment.hpp"
#include "authres/authentication_results.hpp"
#include "authres/describe.hpp"
#include "authres/received_spf.hpp"
#include "checkpoint/spf_request.hpp"
#include "mail/author.hpp"
#include "policy/arc_override.hpp"
#include "policy/decide.hpp"
#include "policy/envelope.hpp"
#include "policy/indirect.hpp"
#include "policy/origin.hpp"
#include "spf/check_host.hpp"

#include <algorithm>
#include <exception>
#include <utility>

namespace sekisho::checkpoint {

namespace {

constexpr std::size_t usual_header_fields = 32;

// Runs what belongs to one mechanism; what it throws is that mechanism's fault and no other's.
template <typename Work>
void contained(const char* mechanism, std::vector<std::string>& faults, Work&& work) {
  try {
    std::forward<Work>(work)();
  } catch (const std::exception& error) {
    faults.push_back(std::string(mechanism) + ": " + error.what());
  }
}

// Nobody publishes records for the addresses of his own hosts: that 127.0.0.1 has no name and is in
// no SPF record says nothing of their mail, and filters behind us would count it against it.
template <typename Result>
void drop_unless_pass(std::optional<Result>& result) {
  if (result && result->code != decltype(result->code)::pass) {
    result.reset();
  }
}

// Whether the message goes on from here at all.
bool leaves(policy::Action action) {
  return action == policy::Action::accept || action == policy::Action::quarantine;
}

}  // namespace

Transaction::Transaction(std::shared_ptr<const Services> services, findings::Client client,
                         std::string sender)
    : services_(std::move(services)),
      lookups_(*services_, client),
      forged_fields_(services_->options.authserv_id, services_->options.host_name) {
  header_.reserve(usual_header_fields);
  findings_.client = std::move(client);
  findings_.envelope.sender = std::move(sender);
  if (!services_->all_from_outside) {
    findings_.origin = policy::find_origin(findings_.client, services_->options.signing.origin);
  }
}

void Transaction::check_sender() {
  if (std::exchange(is_sender_checked_, true) || !findings_.client.address || !verifies_client()) {
    return;
  }
  lookups_.restart_time(*services_);
  spf_mail_from_ = Started(spf::check_mail_from(
      *lookups_.spf, spf_request(*services_, findings_.client, findings_.envelope.sender),
      services_->options.spf));
}

std::optional<Verdict> Transaction::recipient(std::string recipient, SessionMechanisms& session) {
  const policy::Options& policy = services_->options.policy;
  if (policy::refuses_envelopes(policy) && findings_.origin == findings::Origin::outside) {
    findings_.iprev = session.iprev.collect("iprev", findings_.faults);
    findings_.spf_mail_from = spf_mail_from_.collect("spf", findings_.faults);
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
  const config::Limits& limits = services_->options.limits;
  header_octets_ += field.name.size() + field.value.size() + 3;
  if (header_octets_ > limits.header_octets || header_.size() >= limits.header_fields) {
    header_over_limit_ = true;
    forged_fields_.note_unread(field);
    return;
  }
  forged_fields_.note(field);
  header_.push_back(std::move(field));
}

void Transaction::end_of_header() {
  lookups_.restart_time(*services_);
  find_author();
  find_provenance();
  contained("signing", findings_.faults, [this] { start_signing(); });
  is_verified_ = needs_verifying();
  if (is_verified_) {
    start_verifying();
  }
  contained("sealing", findings_.faults, [this] { start_sealing(); });
  identity_ = authres::identify(header_, findings_.author);
  signs_ = policy::find_signs(header_);
  if (!keeps_header()) {
    header_ = {};
  }
}

bool Transaction::keeps_header() const {
  return services_->options.failure.enabled && is_verified_ &&
         findings_.origin == findings::Origin::outside;
}

bool Transaction::verifies_client() const {
  return findings_.origin == findings::Origin::outside &&
         services_->options.policy.role != policy::Role::outbound;
}

// Where the header was cut, a trace of the outside may be among what was dropped.
void Transaction::find_provenance() {
  if (!findings::is_ours(findings_.origin)) {
    return;
  }
  provenance_ = header_over_limit_ ? Provenance{Trace::unproved, {}, {}}
                                   : checkpoint::find_provenance(header_, findings_, *services_);
  if (findings_.origin != findings::Origin::internal) {
    return;
  }
  switch (provenance_.trace) {
    case Trace::none:
      break;
    case Trace::proved:
      findings_.origin = findings::Origin::returned;
      break;
    case Trace::unproved:
      findings_.origin = findings::Origin::relayed;
      break;
  }
}

// What our users send is theirs to answer for, and so is what one of our hosts sends with our
// signature. What such a host only passes on is looked at, once.
bool Transaction::needs_verifying() const {
  if (services_->options.policy.role == policy::Role::outbound) {
    return false;
  }
  switch (findings_.origin) {
    case findings::Origin::outside:
    case findings::Origin::relayed:
      return true;
    case findings::Origin::internal:
      return !departure_.signs();
    case findings::Origin::authenticated:
    case findings::Origin::daemon:
    case findings::Origin::returned:
      return false;
  }
  std::unreachable();
}

void Transaction::start_signing() {
  if (!header_over_limit_) {
    departure_.start_signing(*services_, findings_, header_, provenance_, body_hashes_);
  }
}

void Transaction::start_sealing() {
  if (!header_over_limit_) {
    departure_.start_sealing(*services_, findings_, header_, provenance_, body_hashes_);
  }
}

void Transaction::start_verifying() {
  contained("dkim", findings_.faults, [this] { start_dkim(); });
  contained("arc", findings_.faults, [this] { start_arc(); });
  contained("dmarc", findings_.faults, [this] { start_dmarc(); });
}

void Transaction::find_author() {
  if (header_over_limit_) {
    // What was dropped may hold a second From field, so nothing can be said of the author.
    findings_.author = mail::without_domain(mail::AuthorStatus::header_too_large,
                                            mail::FromFault::header_too_large);
    return;
  }
  const config::Limits& limits = services_->options.limits;
  findings_.author = mail::find_author(
      header_, {.mailboxes = limits.addresses, .comment_depth = limits.comment_depth});
}

void Transaction::start_dkim() {
  if (header_over_limit_) {
    return;
  }
  const std::optional<mail::Domain> author =
      findings_.author.status == mail::AuthorStatus::single_domain
          ? std::optional(findings_.author.domains.front())
          : std::nullopt;
  dkim_.emplace(dkim::KeyFetches(*lookups_.dkim, services_->key_records), header_, author,
                services_->options.dkim, services_->now(), body_hashes_);
}

void Transaction::start_arc() {
  if (header_over_limit_) {
    return;
  }
  const config::Options& options = services_->options;
  arc_.emplace(dkim::KeyFetches(*lookups_.arc, services_->key_records), header_,
               options.arc.validate, options.dkim, services_->now(), body_hashes_);
}

void Transaction::start_dmarc() {
  dmarc_.emplace(*lookups_.dmarc,
                 std::shared_ptr<const dmarc::Options>(services_, &services_->options.dmarc));
  if (findings_.author.status != mail::AuthorStatus::single_domain) {
    return;
  }
  dmarc_->start_author(findings_.author.domains.front());
  if (const auto sender_domain =
          spf::mail_from_domain(findings_.envelope.sender, findings_.client.helo)) {
    dmarc_->start_identifier(*sender_domain);
  }
  if (dkim_) {
    for (const mail::Domain& domain : dkim_->domains()) {
      dmarc_->start_identifier(domain);
    }
  }
}

bool Transaction::body(std::string_view chunk) {
  body_hashes_.update(chunk);
  return body_hashes_.wants_more();
}

void Transaction::collect_dkim() {
  if (dkim_) {
    findings_.dkim = dkim_->finish(body_hashes_);
    findings_.dkim_checked = true;
  }
}

void Transaction::collect_arc() {
  if (arc_) {
    findings_.arc = arc_->finish(body_hashes_);
    findings_.arc_assessment = authres::read_assessment(findings_.arc.first_results);
    findings_.arc_checked = true;
  }
}

void Transaction::collect_dmarc() {
  if (dmarc_) {
    findings_.dmarc =
        dmarc_->finish(findings_.author, findings_.spf_mail_from.value_or(spf::Result{}),
                       findings_.dkim, services_->draw());
  }
}

// A failure is only as sure as what it was drawn from: where a check of ours broke, the message
// might have passed.
void Transaction::soften_after_fault() {
  const bool without_spf =
      verifies_client() && findings_.client.address && !findings_.spf_mail_from;
  if (findings_.dmarc && findings_.dmarc->code == dmarc::ResultCode::fail &&
      (without_spf || !findings_.dkim_checked)) {
    findings_.dmarc->code = dmarc::ResultCode::temperror;
    findings_.dmarc->reason = "a check of ours broke off";
  }
}

// Mail of our own networks is looked at, but never refused for what its author's policy says. What
// began here is not what that policy is about; of what came from outside before, the host that sent
// it is not known, and SPF might have passed for it.
void Transaction::find_override() {
  if (!findings_.dmarc || findings_.dmarc->code != dmarc::ResultCode::fail) {
    return;
  }
  if (findings_.origin != findings::Origin::outside) {
    findings_.dmarc_override = {"local_policy", "the client is in a network of ours"};
    return;
  }
  findings_.dmarc_override =
      policy::find_arc_override(findings_, services_->options.arc.trusted_sealers);
}

void Transaction::collect_envelope(SessionMechanisms& session) {
  std::vector<std::string>& faults = findings_.faults;
  findings_.iprev = session.iprev.collect("iprev", faults);
  findings_.spf_helo = session.spf_helo.collect("spf", faults);
  findings_.spf_mail_from = spf_mail_from_.collect("spf", faults);
  if (findings_.origin == findings::Origin::internal) {
    drop_unless_pass(findings_.iprev);
    drop_unless_pass(findings_.spf_helo);
    drop_unless_pass(findings_.spf_mail_from);
  }
}

findings::Findings Transaction::end_of_envelope(SessionMechanisms& session) {
  collect_envelope(session);
  return std::move(findings_);
}

void Transaction::collect_verifying(SessionMechanisms& session) {
  contained("dkim", findings_.faults, [this] { collect_dkim(); });
  contained("arc", findings_.faults, [this] { collect_arc(); });
  collect_envelope(session);
  contained("dmarc", findings_.faults, [this] {
    collect_dmarc();
    soften_after_fault();
    find_override();
  });
}

void Transaction::add_proof(Verdict& verdict, const std::string& results) const {
  if (!services_->proof_keys) {
    return;
  }
  const bool began_here = findings::is_ours(findings_.origin);
  auto proof =
      authres::prove(results, identity_, began_here, *services_->proof_keys, services_->now());
  if (proof) {
    verdict.insertions.push_back(*std::move(proof));
  }
}

// Whether the next visit must know that the message began here, although the hop from which our
// user sent it is outside of our networks.
// A message that its login may not have signed gets no proof by which it would be signed later.
bool Transaction::proves_origin() const {
  using enum findings::NotSigned;
  const findings::NotSigned not_signed = findings_.outgoing.not_signed;
  return services_->signing.keys && services_->options.policy.role != policy::Role::inbound &&
         (not_signed == none || not_signed == no_key || not_signed == unpublished) &&
         provenance_.trace == Trace::none &&
         (findings_.origin == findings::Origin::authenticated ||
          findings_.origin == findings::Origin::daemon);
}

// What comes back to us keeps our proved fields of its first visit (RFC 8601 §5), and what was
// written here about SPF and its logo since; what others claim in our name goes in any case. What
// began here has no such fields.
std::vector<FieldRemoval> Transaction::removals() const {
  const bool is_internal = findings_.origin == findings::Origin::internal;
  if (is_internal && provenance_.proved_fields.empty()) {
    return {};
  }
  std::vector<FieldRemoval> removals = forged_fields_.removals();
  if (is_internal || findings_.origin == findings::Origin::returned) {
    std::erase_if(removals, [this](const FieldRemoval& removal) {
      return removal.name.starts_with("BIMI-") || removal.name == "Received-SPF" ||
             std::ranges::find(provenance_.proved_fields, removal) !=
                 provenance_.proved_fields.end();
    });
  }
  return removals;
}

// Each goes on top of the one before: the ARC set over our DKIM-Signatures over
// Authentication-Results.
void Transaction::add_fields(Verdict& verdict) {
  const config::Options& options = services_->options;
  std::string results;
  if (is_verified_ || (options.header_login && !findings_.client.login.empty())) {
    results = authres::format(
        authres::describe(findings_, options.authserv_id,
                          {.login = options.header_login, .extended = options.header_extended}),
        {.comments = options.header_comments});
    if (is_verified_ || proves_origin()) {
      add_proof(verdict, results);  // below, so that the field that readers look for is the topmost
    }
    verdict.insertions.push_back({"Authentication-Results", results});
  } else if (proves_origin() && leaves(verdict.disposition.action)) {
    add_proof(verdict, "");
  }
  if (options.header_received_spf) {
    if (auto value = authres::format_received_spf(findings_, options.authserv_id)) {
      verdict.insertions.push_back({"Received-SPF", *std::move(value)});
    }
  }
  if (!leaves(verdict.disposition.action)) {
    return;
  }
  contained("signing", findings_.faults, [&] {
    const auto signatures = departure_.sign(body_hashes_, findings_.outgoing);
    verdict.insertions.insert(verdict.insertions.end(), signatures.begin(), signatures.end());
    const auto set =
        departure_.seal(body_hashes_, findings_.arc, results, signatures, findings_.outgoing);
    verdict.insertions.insert(verdict.insertions.end(), set.begin(), set.end());
  });
}

std::vector<ExplainedLookup> Transaction::explain(const SessionMechanisms& session) const {
  const std::pair<const char*, const dns::Lookups*> all[] = {{"iprev", &*session.iprev_lookups},
                                                             {"spf helo", &*session.helo_lookups},
                                                             {"spf", &*lookups_.spf},
                                                             {"dkim", &*lookups_.dkim},
                                                             {"arc", &*lookups_.arc},
                                                             {"dmarc", &*lookups_.dmarc}};
  std::vector<ExplainedLookup> explained;
  for (const auto& [mechanism, lookups] : all) {
    for (dns::LookupRecord& record : lookups->records()) {
      explained.push_back({mechanism, std::move(record)});
    }
  }
  return explained;
}

Verdict Transaction::end_of_message(std::string queue_id, SessionMechanisms& session) {
  findings_.envelope.queue_id = std::move(queue_id);
  body_hashes_.finish();
  if (is_verified_) {
    collect_verifying(session);
  }
  Verdict verdict;
  verdict.removals = removals();
  findings_.forged_fields = verdict.removals.size();
  verdict.disposition = policy::decide(findings_, signs_, services_->options.policy);
  if (verdict.disposition.override) {
    findings_.dmarc_override = verdict.disposition.override;
  }
  findings_.spf_override = verdict.disposition.spf_override;
  findings_.iprev_override = verdict.disposition.iprev_override;
  note_client(*services_, findings_, verdict.disposition.action);
  add_fields(verdict);
  if (services_->explain) {
    verdict.lookups = explain(session);
  }
  verdict.header = std::move(header_);
  verdict.findings = std::move(findings_);
  return verdict;
}

}  // namespace sekisho::checkpoint
