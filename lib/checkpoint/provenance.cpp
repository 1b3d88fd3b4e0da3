#include "checkpoint/provenance.hpp"

#include "arc/instance.hpp"
#include "authres/authentication_results.hpp"
#include "dkim/own_signature.hpp"
#include "policy/received.hpp"

#include <algorithm>
#include <cstddef>
#include <utility>

namespace sekisho::checkpoint {

namespace {

constexpr std::string_view results_name = "Authentication-Results";

/// A field of the header section, and which of its name it is, from 1.
struct Numbered {
  const mail::HeaderField* field = nullptr;
  std::size_t position = 0;
  std::size_t ordinal = 0;
};

// More of our own are in no honest message, and each pair costs a keyed hash.
constexpr std::size_t max_pairs_tried = 64;

struct Traces {
  std::vector<Numbered> results;  ///< Authentication-Results that claim to be ours.
  std::vector<Numbered> proofs;
  bool has_claims = false;                     ///< Some field claims that we wrote it.
  std::optional<std::size_t> topmost_outside;  ///< A Received field that shows the outside.
};

bool claims_our_seal(const mail::HeaderField& field, const std::string& authserv_id) {
  if (!mail::is_named(field, "ARC-Authentication-Results")) {
    return false;
  }
  const auto instance = arc::find_leading_instance(field.value);
  return instance && authres::claims_authserv_id(instance->rest, authserv_id);
}

Traces find_traces(const mail::HeaderSection& header, const Services& services) {
  const std::string& own_id = services.options.authserv_id;
  Traces traces;
  std::size_t results = 0;
  std::size_t proofs = 0;
  for (std::size_t at = 0; at < header.size(); ++at) {
    const mail::HeaderField& field = header[at];
    if (mail::is_named(field, results_name)) {
      ++results;
      if (authres::claims_authserv_id(field.value, own_id)) {
        traces.results.push_back({&field, at, results});
      }
    } else if (mail::is_named(field, authres::proof_field_name)) {
      traces.proofs.push_back({&field, at, ++proofs});
    } else if (mail::is_named(field, "Received")) {
      if (!traces.topmost_outside && policy::shows_outside_client(field.value, services.inside)) {
        traces.topmost_outside = at;
      }
    } else if (claims_our_seal(field, own_id)) {
      traces.has_claims = true;
    }
  }
  traces.has_claims |= !traces.results.empty() || !traces.proofs.empty();
  return traces;
}

struct ProvedResults {
  Numbered results;
  Numbered proof;
  bool same_author = false;
};

// The newest, which stands on top.
std::optional<ProvedResults> find_proved(const Traces& traces,
                                         const authres::MessageIdentity& message,
                                         const Services& services) {
  if (!services.proof_keys) {
    return std::nullopt;
  }
  std::size_t tried = 0;
  for (const Numbered& results : traces.results) {
    for (const Numbered& proof : traces.proofs) {
      if (++tried > max_pairs_tried) {
        return std::nullopt;
      }
      const auto proved = authres::check_proof(proof.field->value, results.field->value, message,
                                               *services.proof_keys, services.now(),
                                               services.options.proof.lifetime);
      if (proved) {
        return ProvedResults{results, proof, proved->same_author};
      }
    }
  }
  return std::nullopt;
}

bool has_keys_for(const mail::Author& author, const Services& services) {
  return author.mailboxes.size() == 1 && author.status == mail::AuthorStatus::single_domain &&
         services.signing.keys && !services.signing.keys->find(author.mailboxes.front()).empty();
}

// What our users sent comes back from a filter with the signature of its first visit, and the hop
// from which they sent it below. A signature that somebody outside copied stands below his own hop.
bool was_signed_here(const mail::HeaderSection& header, std::size_t topmost_outside,
                     const mail::Author& author, const Services& services) {
  constexpr std::size_t max_tried = 10;
  if (!has_keys_for(author, services)) {
    return false;
  }
  std::vector<dkim::SigningKeyPtr> keys;
  for (const dkim::SignatureRequest& request :
       services.signing.keys->find(author.mailboxes.front())) {
    keys.push_back(request.key);
  }
  std::size_t tried = 0;
  return std::any_of(header.begin(), header.begin() + static_cast<std::ptrdiff_t>(topmost_outside),
                     [&](const mail::HeaderField& field) {
                       return mail::is_named(field, "DKIM-Signature") && ++tried <= max_tried &&
                              dkim::is_own_signature(header, field, keys);
                     });
}

bool counts(const ProvedResults& proved, const Traces& traces, const mail::Author& author,
            const Services& services) {
  const bool outside_since =
      traces.topmost_outside && *traces.topmost_outside < proved.results.position;
  return !outside_since && (proved.same_author || has_keys_for(author, services));
}

std::optional<Provenance> read_proved(const ProvedResults& proved) {
  const std::string& value = proved.results.field->value;
  auto field = authres::parse(value);
  if (!field) {
    return std::nullopt;
  }
  Provenance provenance;
  provenance.earlier = read_earlier_results(value, *std::move(field));
  provenance.trace = provenance.earlier ? Trace::proved : Trace::none;
  provenance.proved_fields = {{results_name, proved.results.ordinal},
                              {authres::proof_field_name, proved.proof.ordinal}};
  return provenance;
}

}  // namespace

Provenance find_provenance(const mail::HeaderSection& header, const findings::Findings& findings,
                           const Services& services) {
  const Traces traces = find_traces(header, services);
  const auto proved = find_proved(traces, authres::identify(header, findings.author), services);
  if (proved && counts(*proved, traces, findings.author, services)) {
    if (auto provenance = read_proved(*proved)) {
      return *std::move(provenance);
    }
  }
  const bool counts_received = findings.origin == findings::Origin::internal;
  const bool was_outside =
      counts_received && traces.topmost_outside &&
      !was_signed_here(header, *traces.topmost_outside, findings.author, services);
  return {traces.has_claims || was_outside ? Trace::unproved : Trace::none, {}, {}};
}

}  // namespace sekisho::checkpoint
