// The search for the body that was signed.
#pragma once

#include "dkim/signature.hpp"
#include "dkim_diagnosis/budget.hpp"
#include "dkim_diagnosis/change.hpp"
#include "dkim_diagnosis/repair.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sekisho::dkim_diagnosis {

/// Bodies above this size are searched for additions at both ends alone.
inline constexpr std::size_t max_repaired_body = std::size_t{8} * 1024 * 1024;

/// What the search begins with, besides the body.
struct BodyHints {
  Content content;
  std::vector<std::string> boundaries;  ///< Which the multipart may have had.
};

struct BodyExplanation {
  std::vector<BodyChange> changes;  ///< One, or two together.
  std::string body;                 ///< That was signed, as far as its hash goes.
  std::optional<Content> content;   ///< Of that body, where it differs.
  // How the signer hashed it, where that is not what the signature says.
  std::optional<dkim::Canonicalization> canonicalization;
  bool ignores_length = false;  ///< l= does not count.
  bool is_canonical = true;     ///< False: line ends at the end of the body are missing or added.
};

/// Finds the fewest changes, two at most, that turn the body into one whose hash is bh=. Nullopt:
/// nothing was found, or the budget is spent.
[[nodiscard]] std::optional<BodyExplanation> explain_body(const dkim::Signature& signature,
                                                          std::string_view body,
                                                          const BodyHints& hints, Budget& budget);

}  // namespace sekisho::dkim_diagnosis
