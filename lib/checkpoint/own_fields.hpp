// The header fields that we write on a message about our results, and those that we remove.
#pragma once

#include "authres/proof.hpp"
#include "checkpoint/forged_fields.hpp"
#include "checkpoint/provenance.hpp"
#include "checkpoint/services.hpp"
#include "checkpoint/verdict.hpp"
#include "findings/findings.hpp"
#include "mail/header_field.hpp"
#include "policy/disposition.hpp"

#include <string>
#include <vector>

namespace sekisho::checkpoint {

/// Returns true if the message goes on from here at all.
[[nodiscard]] bool leaves(policy::Action action);

/// Fields that only we may write, without those of an earlier visit that are proved to be ours (RFC
/// 8601 §5), in the order of Verdict::removals.
[[nodiscard]] std::vector<FieldRemoval> find_removals(const ForgedFields& forged,
                                                      findings::Origin origin,
                                                      const Provenance& provenance);

/// What the fields are written from.
struct FieldSources {
  const findings::Findings& findings;
  const policy::Disposition& disposition;
  bool is_verified = false;
  Trace trace = Trace::none;
  const authres::MessageIdentity& identity;
};

struct OwnFields {
  std::string results;  ///< The value of Authentication-Results; empty: there is none.
  std::vector<mail::HeaderField> fields;  ///< As Verdict::insertions.
};
/// Sekisho-Proof, Authentication-Results and Received-SPF, as far as the message gets them.
[[nodiscard]] OwnFields write_own_fields(const FieldSources& sources, const Services& services);

}  // namespace sekisho::checkpoint
