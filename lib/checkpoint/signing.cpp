#include "checkpoint/signing.hpp"

#include "checkpoint/signing_choice.hpp"
#include "mail/address.hpp"

#include <algorithm>
#include <exception>
#include <utility>

namespace sekisho::checkpoint {

namespace {

bool is_local(const std::string& recipient, const std::vector<mail::Domain>& local_domains) {
  const auto mailbox = mail::parse_path(recipient);
  if (!mailbox || !*mailbox || !(*mailbox)->domain) {
    return true;  // `postmaster` without a domain, and what the MTA itself would not send on
  }
  return std::ranges::find(local_domains, (*mailbox)->domain) != local_domains.end();
}

bool is_to_be_sealed(const ArcOptions& options, const findings::Envelope& envelope) {
  switch (options.seal) {
    case Seal::never:
      return false;
    case Seal::always:
      return true;
    case Seal::forwarded:
      return std::ranges::any_of(envelope.recipients, [&](const std::string& recipient) {
        return !is_local(recipient, options.local_domains);
      });
  }
  std::unreachable();
}

// Of many keys each is read when it is first needed. One that cannot be read costs its own
// signature.
void drop_unreadable(std::vector<dkim::SignatureRequest>& requests,
                     std::vector<std::string>& faults) {
  std::erase_if(requests, [&](const dkim::SignatureRequest& request) {
    try {
      static_cast<void>(request.key->key.type());
      return false;
    } catch (const std::exception& error) {
      faults.push_back("signing: " + std::string(error.what()));
      return true;
    }
  });
}

}  // namespace

void Signing::start_signing(const Services& services, findings::Findings& findings,
                            const mail::HeaderSection& header, const Provenance& provenance,
                            dkim::BodyHashes& hashes) {
  if (services.options.policy.role == policy::Role::inbound) {
    return;
  }
  SigningChoice choice = choose_signatures(findings, provenance, services.signing,
                                           services.options.signing.require_published);
  findings.outgoing.not_signed = choice.not_signed;
  if (choice.requests.empty()) {
    return;
  }
  drop_unreadable(choice.requests, findings.faults);
  if (choice.requests.empty()) {
    findings.outgoing.not_signed = findings::NotSigned::unreadable;
    return;
  }
  for (const dkim::SignatureRequest& request : choice.requests) {
    names_.push_back({request.key->domain, request.key->selector});
  }
  signer_.emplace(header, std::move(choice.requests), services.options.signing.signature,
                  services.now(), hashes);
}

std::vector<mail::Domain> Signing::domains() const {
  std::vector<mail::Domain> domains;
  for (const findings::SignatureMade& name : names_) {
    domains.push_back(name.domain);
  }
  return domains;
}

void Signing::start_sealing(const Services& services, const findings::Findings& findings,
                            const mail::HeaderSection& header, const Provenance& provenance,
                            dkim::BodyHashes& hashes) {
  const std::optional<EarlierResults>& earlier = provenance.earlier;
  // Not for a login: whoever has a message with our results could have them sealed over any body.
  const bool from_outside =
      !findings::is_ours(findings.origin) || findings.origin == findings::Origin::returned;
  const dkim::SigningKeyPtr& key = services.signing.seal_key;
  if (!from_outside || !key || !is_to_be_sealed(services.options.arc, findings.envelope) ||
      !services.signing.may_use(key, services.options.signing.require_published)) {
    return;
  }
  if (earlier) {
    arrival_ = {chain_on_arrival(header, *earlier, key->domain), authres::format(earlier->field)};
  }
  sealer_.emplace(header, key, services.options.signing.signature, services.now(), hashes);
}

std::vector<mail::HeaderField> Signing::sign(const dkim::BodyHashes& hashes,
                                             findings::Outgoing& outgoing) {
  if (!signer_) {
    return {};
  }
  std::vector<mail::HeaderField> fields = signer_->finish(hashes);
  outgoing.signatures = std::move(names_);
  return fields;
}

std::vector<mail::HeaderField> Signing::seal(const dkim::BodyHashes& hashes,
                                             const arc::ChainResult& chain,
                                             const std::string& results,
                                             const std::vector<mail::HeaderField>& added,
                                             findings::Outgoing& outgoing) {
  if (!sealer_) {
    return {};
  }
  const arc::ChainResult& on_arrival = arrival_ ? arrival_->chain : chain;
  std::vector<mail::HeaderField> set =
      sealer_->finish(hashes, on_arrival, arrival_ ? arrival_->results : results, added);
  if (!set.empty()) {
    outgoing.sealed_instance = on_arrival.sets + 1;
  }
  return set;
}

}  // namespace sekisho::checkpoint
