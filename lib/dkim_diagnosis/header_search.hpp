// The search for the header fields that were signed.
#pragma once

#include "crypto/public_key.hpp"
#include "dkim/signature.hpp"
#include "dkim_diagnosis/budget.hpp"
#include "dkim_diagnosis/change.hpp"
#include "dkim_diagnosis/header_field_repairs.hpp"
#include "mail/header_field.hpp"

#include <optional>
#include <vector>

namespace sekisho::dkim_diagnosis {

/// How a candidate is recognized: by the digest that an RSA signature contains, or by verifying.
struct HeaderTarget {
  std::optional<crypto::SignedDigest> digest;
  std::optional<crypto::PublicKey> key;  ///< Where there is no digest.
};

struct HeaderExplanation {
  std::vector<HeaderChange> changes;  ///< None: the header is as it was signed.
  mail::HeaderSection header;         ///< That was signed.
  std::size_t signature_at = 0;       ///< Place of the signature field in it.
};

/// Finds the fewest changes of signed fields that make the signature fit. Nullopt: nothing was
/// found, or the budget is spent.
[[nodiscard]] std::optional<HeaderExplanation> explain_header(
    const dkim::Signature& signature, const mail::HeaderField& signature_field,
    const mail::HeaderSection& header, const HeaderTarget& target, const FieldHints& hints,
    Budget& budget);

}  // namespace sekisho::dkim_diagnosis
