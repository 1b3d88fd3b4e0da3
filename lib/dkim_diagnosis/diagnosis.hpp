// Why a DKIM signature fails: what was changed after it was signed, proved by the hashes that the
// signer put into it. Nothing here changes a result: an explanation is never a pass.
#pragma once

#include "dkim/key_fetches.hpp"
#include "dkim/result.hpp"
#include "dkim/signature.hpp"
#include "dkim_diagnosis/budget.hpp"
#include "dkim_diagnosis/change.hpp"
#include "dkim_diagnosis/key_side.hpp"
#include "mail/header_field.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sekisho::dkim_diagnosis {

/// A message as the reader of files gives it: folds and lines end in CRLF.
struct Message {
  mail::HeaderSection header;
  std::string body;
};

enum class State : std::uint8_t {
  same,       ///< As it was signed.
  changed,    ///< Changed in a way that was not found, or that cannot be proved.
  explained,  ///< With the changes undone, the hash is the signer's.
  unknown,    ///< Cannot be told: the signature cannot be read, or there is no key.
};
[[nodiscard]] std::string_view format_state(State state);

struct BodySide {
  State state = State::unknown;
  std::vector<BodyChange> changes;  ///< Of `changed`: those that are likely and cannot be proved.
};

struct HeaderSide {
  State state = State::unknown;
  bool recovered = false;  ///< The signature contains the hash (RSA).
  std::vector<HeaderChange> changes;
};

/// A signature with what is known of it.
struct SignatureView {
  std::size_t index = 0;  ///< From 1 on among the fields of its name, from the top.
  const mail::HeaderField* field = nullptr;  ///< In the header section of the message.
  dkim::ParsedSignature parsed;
  dkim::Result result;
  dkim::FetchedKeys keys;
  std::vector<OtherKey> other_keys;
};

struct SignatureDiagnosis {
  std::size_t index = 0;
  dkim::Result result;
  dkim::CanonicalizationPair canonicalization;
  KeyState key = KeyState::unknown;
  std::string fits;  ///< Selector of another key that made the signature, or "".
  BodySide body;
  HeaderSide header;
  std::size_t hashes = 0;
  std::chrono::milliseconds time{0};
  bool is_complete = true;  ///< False: the budget was spent before the search was over.

  crypto::Bytes body_hash;                   ///< bh=
  std::optional<std::string> original_body;  ///< Where the body is explained.
  mail::HeaderSection original_header;       ///< Where the header is explained or the same.
};

/// Compares body and header with what was signed, and searches for the changes where they differ.
[[nodiscard]] SignatureDiagnosis diagnose(const SignatureView& signature, const Message& message,
                                          Budget& budget);

}  // namespace sekisho::dkim_diagnosis
