// The identifiers of a message, authenticated or not, and how they stand to the author domain
// (RFC 9989 §4.4, §5.3.3 to §5.3.5).
#pragma once

#include "dkim/result.hpp"
#include "dmarc/record.hpp"
#include "dmarc/result.hpp"
#include "mail/domain.hpp"
#include "spf/result.hpp"

#include <cstdint>
#include <expected>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace sekisho::dmarc {

struct Identifier {
  enum class Mechanism : std::uint8_t { spf, dkim };
  enum class Outcome : std::uint8_t { passed, temporary_error, other };

  Mechanism mechanism = Mechanism::spf;
  Outcome outcome = Outcome::other;
  std::optional<mail::Domain> domain;
  AlignmentMode mode = AlignmentMode::relaxed;
  std::string result;  ///< "pass", "softfail" …, for the reason.

  /// Whether it is aligned with the author domain; the error: which look-up would have told. False
  /// where nobody asked.
  std::expected<bool, std::string> aligned = false;

  /// Its domain where its alignment can matter to the result, else null.
  [[nodiscard]] const mail::Domain* relevant_domain() const;
  [[nodiscard]] bool passed_aligned() const;
  /// Whether it might have made a pass, had the DNS answered.
  [[nodiscard]] bool is_undecided() const;
};

/// SPF first, then the signatures in their order, with the alignment modes of `record`.
[[nodiscard]] std::vector<Identifier> list_identifiers(const spf::Result& spf,
                                                       std::span<const dkim::Result> signatures,
                                                       const Record& record);

/// RFC 9989 §5.3.5 and §5.3.6: pass, fail, or temperror. Fills `code`, `fault`, `reason` and both
/// flags.
void conclude(std::span<const Identifier> identifiers, Result& result);

}  // namespace sekisho::dmarc
