// What is to be said about a message and all its signatures.
#pragma once

#include "dkim/key_fetches.hpp"
#include "dkim_diagnosis/budget.hpp"
#include "dkim_diagnosis/diagnosis.hpp"
#include "dkim_diagnosis/way.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace sekisho::dkim_diagnosis {

/// Who changes mail in such a way.
enum class ChangedBy : std::uint8_t { list, relay, gateway, forger, signer, unknown };
[[nodiscard]] std::string_view format_changed_by(ChangedBy who);

/// What somebody can do about it.
enum class Advice : std::uint8_t {
  trusted_sealer,    ///< For the receiver: trust the ARC seal of the list.
  list_settings,     ///< For the list: no footer, no tag, or another From.
  sign_last,         ///< For the sender: sign after all that changes the message.
  seven_bit,         ///< For the signer: no 8-bit octets, no lines above 998 octets.
  relaxed_header,    ///< For the signer: relaxed canonicalization of the header.
  relaxed_body,      ///< For the signer: relaxed canonicalization of the body.
  fewer_fields,      ///< For the signer: do not sign fields that lists set.
  publish_key,       ///< For the signer: publish the key that signs.
  right_selector,    ///< For the signer: sign with the selector that is published.
  no_body_length,    ///< For the signer: no l=.
  repair_signer,     ///< For the signer: the signing program is wrong.
  relay_settings,    ///< For the relay: do not convert.
  longer_expiry,     ///< For the signer: x= is too short.
  compare_original,  ///< Nothing was found: compare with the original.
};
[[nodiscard]] std::string_view describe_advice(Advice advice);

struct Account {
  struct Entry {
    SignatureDiagnosis diagnosis;
    Between between;
  };
  std::vector<Entry> signatures;
  std::size_t left_out = 0;  ///< Signatures beyond the limit, which were not examined.
  ChangedBy changed_by = ChangedBy::unknown;
  std::vector<Advice> advice;
};

/// Diagnoses each of `signatures`, of which the failing ones share the budget. `witnesses` are all
/// signatures of the message. `original` is the message as it was sent, if it is known.
[[nodiscard]] Account give_account(const Message& message,
                                   std::span<const SignatureView> signatures,
                                   std::span<const Witness> witnesses, Budget& budget,
                                   const Message* original = nullptr);

}  // namespace sekisho::dkim_diagnosis
