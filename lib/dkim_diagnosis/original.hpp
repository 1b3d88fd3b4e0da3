// The difference between a message and what was sent.
#pragma once

#include "dkim_diagnosis/budget.hpp"
#include "dkim_diagnosis/diagnosis.hpp"

namespace sekisho::dkim_diagnosis {

/// Explains what the search for the signer's hashes did not explain, by what was sent. The ids of
/// changes are those of a search for the original's own hashes; where that finds nothing, changed
/// lines are `body.block` and changed fields `head.gone`. The states become `explained` only where
/// the original is what was signed.
void compare_with_original(const SignatureView& signature, const Message& message,
                           const Message& original, Budget& budget, SignatureDiagnosis& diagnosis);

}  // namespace sekisho::dkim_diagnosis
