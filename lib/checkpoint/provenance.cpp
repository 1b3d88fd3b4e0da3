#include "checkpoint/provenance.hpp"

#include "arc/instance.hpp"
#include "authres/authentication_results.hpp"
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

/// A Received field that shows the outside.
struct OutsideHop {
  std::size_t position;
  bool is_login;  ///< It is of a user who logged in here.
};

struct Traces {
  std::vector<Numbered> results;  ///< Authentication-Results that claim to be ours.
  std::vector<Numbered> proofs;
  bool has_seal_claims = false;  ///< An ARC-Authentication-Results in our name.
  std::optional<OutsideHop> topmost_outside;
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
        const std::string own_names[] = {own_id, services.options.host_name};
        traces.topmost_outside = {at, policy::shows_login(field.value, own_names)};
      }
    } else if (claims_our_seal(field, own_id)) {
      traces.has_seal_claims = true;
    }
  }
  return traces;
}

struct Proved {
  std::optional<Numbered> results;  ///< Nullopt: it proves that the message began here.
  Numbered proof;
  bool same_author = false;
  bool began_here = false;
};

class ProofSearch {
 public:
  ProofSearch(const Traces& traces, authres::MessageIdentity message, const Services& services)
      : traces_(traces), message_(std::move(message)), services_(services) {}

  // The newest, which stands on top.
  std::optional<Proved> run() {
    if (!services_.proof_keys) {
      return std::nullopt;
    }
    for (const Numbered& results : traces_.results) {
      if (auto proved = find_proof_of(results)) {
        return proved;
      }
    }
    const bool claims_results = !traces_.results.empty() || traces_.has_seal_claims;
    return claims_results ? std::nullopt : find_proof_of(std::nullopt);
  }

 private:
  std::optional<Proved> find_proof_of(std::optional<Numbered> results) {
    const std::string_view value = results ? std::string_view(results->field->value) : "";
    for (const Numbered& proof : traces_.proofs) {
      if (++tried_ > max_pairs_tried) {
        return std::nullopt;
      }
      const auto proved =
          authres::check_proof(proof.field->value, value, message_, *services_.proof_keys,
                               services_.now(), services_.options.proof.lifetime);
      if (proved) {
        return Proved{results, proof, proved->same_author, proved->began_here};
      }
    }
    return std::nullopt;
  }

  const Traces& traces_;
  authres::MessageIdentity message_;
  const Services& services_;
  std::size_t tried_ = 0;
};

bool has_keys_for(const mail::Author& author, const Services& services) {
  return author.mailboxes.size() == 1 && author.status == mail::AuthorStatus::single_domain &&
         services.signing.keys && !services.signing.keys->find(author.mailboxes.front()).empty();
}

// Of a field that somebody outside copied, the hop from which he sent it stands above.
bool counts(const Proved& proved, const Traces& traces, const mail::Author& author,
            const Services& services) {
  const std::size_t position = (proved.results ? *proved.results : proved.proof).position;
  const bool outside_since = traces.topmost_outside && traces.topmost_outside->position < position;
  return !outside_since && (proved.same_author || has_keys_for(author, services));
}

std::optional<Provenance> read_proved(const Proved& proved) {
  Provenance provenance;
  provenance.proved_fields = {{authres::proof_field_name, proved.proof.ordinal}};
  if (!proved.results) {
    return provenance;
  }
  const std::string& value = proved.results->field->value;
  auto field = authres::parse(value);
  if (!field) {
    return std::nullopt;
  }
  if (!proved.began_here) {
    provenance.earlier = read_earlier_results(value, *std::move(field));
  }
  provenance.trace = provenance.earlier ? Trace::proved : Trace::none;
  provenance.proved_fields.push_back({results_name, proved.results->ordinal});
  return provenance;
}

}  // namespace

Provenance find_provenance(const mail::HeaderSection& header, const findings::Findings& findings,
                           const Services& services) {
  const Traces traces = find_traces(header, services);
  ProofSearch search(traces, authres::identify(header, findings.author), services);
  const auto proved = search.run();
  if (proved && counts(*proved, traces, findings.author, services)) {
    if (auto provenance = read_proved(*proved)) {
      return *std::move(provenance);
    }
  }
  const bool has_claims =
      !traces.results.empty() || !traces.proofs.empty() || traces.has_seal_claims;
  const bool counts_received = findings.origin == findings::Origin::internal;
  const bool was_outside =
      counts_received && traces.topmost_outside && !traces.topmost_outside->is_login;
  return {has_claims || was_outside ? Trace::unproved : Trace::none, {}, {}};
}

findings::Origin origin_by_trace(findings::Origin origin, Trace trace) {
  if (origin != findings::Origin::internal) {
    return origin;
  }
  switch (trace) {
    case Trace::none:
      return origin;
    case Trace::proved:
      return findings::Origin::returned;
    case Trace::unproved:
      return findings::Origin::relayed;
  }
  std::unreachable();
}

}  // namespace sekisho::checkpoint
