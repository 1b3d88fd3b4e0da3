#include "report/aggregate_sender/stored_authorizations.hpp"

#include <string>
#include <utility>

namespace sekisho::report {

namespace {

// One host may treat the two kinds of reports differently: a key for each.
std::string key_of(const mail::Domain& host, AddressTag tag) {
  switch (tag) {
    case AddressTag::rua:
      return host.text();
    case AddressTag::ruf:
      return "ruf:" + host.text();
  }
  std::unreachable();
}

}  // namespace

std::optional<Verdict> StoredVerdicts::find(const mail::Domain& policy_domain,
                                            const mail::Domain& host, AddressTag tag) {
  const auto consent = addressees_.consent(policy_domain.text(), key_of(host, tag), now_);
  if (!consent || !*consent) {
    return std::nullopt;
  }
  const bool given = (*consent)->given;
  return Verdict{.standing = given ? Standing::authorized : Standing::refused,
                 .uris = (*consent)->addresses,
                 .reason = given ? "authorized when last asked" : "not authorized when last asked",
                 .ttl = std::chrono::seconds{0}};
}

void StoredVerdicts::keep(const mail::Domain& policy_domain, const mail::Domain& host,
                          AddressTag tag, const Verdict& verdict) {
  if (read_only_) {
    return;
  }
  const bool given = verdict.standing != Standing::refused;
  const Consent consent{.given = given, .addresses = verdict.uris};
  static_cast<void>(addressees_.keep_consent(policy_domain.text(), key_of(host, tag), consent,
                                             now_ + verdict.ttl));
}

}  // namespace sekisho::report
