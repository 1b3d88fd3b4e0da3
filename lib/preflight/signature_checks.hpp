// What is wrong with the DKIM signatures of a message, each verified as a receiver does (RFC 6376
// §5.4, §6; RFC 8301; RFC 8058 §4).
#pragma once

#include "dkim/result.hpp"
#include "dkim/signature.hpp"
#include "mail/domain.hpp"
#include "mail/header_field.hpp"
#include "preflight/finding.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace sekisho::preflight {

enum class Alignment : std::uint8_t { none, relaxed, strict };

/// One DKIM-Signature: its tags, and what came of it.
struct JudgedSignature {
  dkim::Signature tags;
  dkim::Result result;
  Alignment alignment = Alignment::none;  ///< Of d= with the author's domain.
};

struct SignatureContext {
  bool is_bulk_sender = false;
  bool needs_strict = false;      ///< The author's record has adkim=s.
  bool has_author = true;         ///< The message has one author domain.
  bool offers_one_click = false;  ///< List-Unsubscribe-Post is there.
  bool has_bimi_selector = false;
};

/// Returns true if the author's own signature passes.
[[nodiscard]] bool passes_for_author(const JudgedSignature& signature, bool needs_strict);

void check_signatures(const mail::HeaderSection& header,
                      std::span<const JudgedSignature> signatures, const SignatureContext& context,
                      std::vector<Finding>& findings);

}  // namespace sekisho::preflight
