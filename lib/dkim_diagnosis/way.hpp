// Where on its way a message was changed: every signature in it is a witness of what the message
// was when the signature was made.
#pragma once

#include "dkim/key_fetches.hpp"
#include "dkim/signature.hpp"
#include "dkim_diagnosis/diagnosis.hpp"
#include "mail/header_field.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace sekisho::dkim_diagnosis {

enum class WitnessKind : std::uint8_t { dkim, arc, google };

/// A DKIM-Signature, an ARC-Message-Signature or an X-Google-DKIM-Signature.
struct Witness {
  WitnessKind kind = WitnessKind::dkim;
  std::size_t instance = 0;  ///< i= of ARC; of the others the number from the top.
  std::string host;          ///< That has signed: the authserv-id of its ARC set, or d=.
  const mail::HeaderField* field = nullptr;
  dkim::ParsedSignature parsed;
  dkim::FetchedKeys keys;
};

/// A moment on the way.
struct Moment {
  std::string host;  ///< Empty: not known; for `before`, the message has just been received.
  WitnessKind kind = WitnessKind::dkim;
  std::size_t instance = 0;
};

struct Between {
  Moment after;   ///< The last moment at which the message was as the signer had signed it.
  Moment before;  ///< The first moment at which it was as it is now.
  std::vector<std::string>
      hosts;              ///< `by` of the Received fields between both, the first one first.
  bool is_known = false;  ///< False: nothing was changed, or it cannot be told.
};

/// Finds the moments between which the message was changed, as the diagnosis found.
[[nodiscard]] Between find_change(const SignatureDiagnosis& diagnosis,
                                  const mail::HeaderField& signature_field, const Message& message,
                                  std::span<const Witness> witnesses);

/// The host that a Received field says it was written by; empty where it says none.
[[nodiscard]] std::string receiving_host(std::string_view received);

}  // namespace sekisho::dkim_diagnosis
