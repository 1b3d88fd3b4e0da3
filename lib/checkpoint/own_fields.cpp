#include "checkpoint/own_fields.hpp"

#include "authres/authentication_results.hpp"
#include "authres/describe.hpp"
#include "authres/received_spf.hpp"

#include <algorithm>
#include <utility>

namespace sekisho::checkpoint {

namespace {

using findings::Origin;

// True if the next visit must know that the message began here, although the hop from which our
// user sent it is outside of our networks. A message that its login may not have signed gets no
// proof by which it would be signed later.
bool proves_origin(const FieldSources& sources, const Services& services) {
  using enum findings::NotSigned;
  const findings::NotSigned not_signed = sources.findings.outgoing.not_signed;
  return services.signing.keys && services.options.policy.role != policy::Role::inbound &&
         (not_signed == none || not_signed == no_key || not_signed == unpublished) &&
         sources.trace == Trace::none &&
         (sources.findings.origin == Origin::authenticated ||
          sources.findings.origin == Origin::daemon);
}

void add_proof(const FieldSources& sources, const Services& services, OwnFields& own) {
  if (!services.proof_keys) {
    return;
  }
  auto proof =
      authres::prove(own.results, sources.identity, findings::is_ours(sources.findings.origin),
                     *services.proof_keys, services.now());
  if (proof) {
    own.fields.push_back(*std::move(proof));
  }
}

std::string write_results(const FieldSources& sources, const Options& options) {
  return authres::format(
      authres::describe(sources.findings, sources.disposition.overrides, options.authserv_id,
                        {.login = options.header_login, .extended = options.header_extended}),
      {.comments = options.header_comments});
}

// The field that readers look for is the topmost: the proof goes below.
void add_results(const FieldSources& sources, const Services& services, OwnFields& own) {
  const Options& options = services.options;
  const bool has_login = options.header_login && !sources.findings.client.login.empty();
  const bool has_origin = proves_origin(sources, services);
  if (!sources.is_verified && !has_login) {
    if (has_origin && leaves(sources.disposition.action)) {
      add_proof(sources, services, own);
    }
    return;
  }
  own.results = write_results(sources, options);
  if (sources.is_verified || has_origin) {
    add_proof(sources, services, own);
  }
  own.fields.push_back({"Authentication-Results", own.results});
}

void add_received_spf(const FieldSources& sources, const Options& options, OwnFields& own) {
  if (!options.header_received_spf) {
    return;
  }
  if (auto value = authres::format_received_spf(sources.findings, options.authserv_id)) {
    own.fields.push_back({"Received-SPF", *std::move(value)});
  }
}

}  // namespace

bool leaves(policy::Action action) {
  return action == policy::Action::accept || action == policy::Action::quarantine;
}

// What comes back to us keeps our proved fields of its first visit, and what was written here about
// SPF and its logo since; what others claim in our name goes in any case. What began here has no
// such fields.
std::vector<FieldRemoval> find_removals(const ForgedFields& forged, Origin origin,
                                        const Provenance& provenance) {
  if (origin == Origin::internal && provenance.proved_fields.empty()) {
    return {};
  }
  std::vector<FieldRemoval> removals = forged.removals();
  if (origin == Origin::internal || origin == Origin::returned) {
    std::erase_if(removals, [&](const FieldRemoval& removal) {
      return removal.name.starts_with("BIMI-") || removal.name == "Received-SPF" ||
             std::ranges::find(provenance.proved_fields, removal) != provenance.proved_fields.end();
    });
  }
  return removals;
}

OwnFields write_own_fields(const FieldSources& sources, const Services& services) {
  OwnFields own;
  add_results(sources, services, own);
  add_received_spf(sources, services.options, own);
  return own;
}

}  // namespace sekisho::checkpoint
