#include "report/aggregate_sender/stored_authorizations.hpp"

#include <string>
#include <utility>

namespace sekisho::report::aggregate_sender {

namespace {

// One host may treat the two kinds of reports differently: a key for each.
std::string key_of(const mail::Domain& host, recipients::AddressTag tag) {
  switch (tag) {
    case recipients::AddressTag::rua:
      return host.text();
    case recipients::AddressTag::ruf:
      return "ruf:" + host.text();
  }
  std::unreachable();
}

}  // namespace

std::optional<recipients::Authorization> StoredAuthorizations::find(
    const mail::Domain& policy_domain, const mail::Domain& host, recipients::AddressTag tag) {
  const auto consent = recipient_state_.consent(policy_domain.text(), key_of(host, tag), now_);
  if (!consent || !*consent) {
    return std::nullopt;
  }
  const bool given = (*consent)->given;
  return recipients::Authorization{
      .status = given ? recipients::AuthorizationStatus::authorized
                      : recipients::AuthorizationStatus::refused,
      .uris = (*consent)->addresses,
      .reason = given ? "authorized when last asked" : "not authorized when last asked",
      .ttl = std::chrono::seconds{0}};
}

void StoredAuthorizations::keep(const mail::Domain& policy_domain, const mail::Domain& host,
                                recipients::AddressTag tag,
                                const recipients::Authorization& verdict) {
  if (read_only_) {
    return;
  }
  const bool given = verdict.status != recipients::AuthorizationStatus::refused;
  const store::Consent consent{.given = given, .addresses = verdict.uris};
  static_cast<void>(recipient_state_.keep_consent(policy_domain.text(), key_of(host, tag), consent,
                                                  now_ + verdict.ttl));
}

}  // namespace sekisho::report::aggregate_sender
