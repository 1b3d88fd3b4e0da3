// The body hash that a signature states, and the search for the text that it is the hash of.
#pragma once

#include "crypto/digest.hpp"
#include "dkim/signature.hpp"
#include "dkim_diagnosis/budget.hpp"
#include "dkim_diagnosis/canonical_body.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sekisho::dkim_diagnosis {

/// Each function hashes candidates until one is the body that was signed, or until the budget is
/// spent. A hit is a proof: nobody finds two texts with one SHA-256. Not thread-safe.
class BodyTarget {
 public:
  BodyTarget(const dkim::Signature& signature, Budget& budget);

  [[nodiscard]] dkim::Canonicalization canonicalization() const { return canonicalization_; }
  [[nodiscard]] std::optional<std::uint64_t> length() const { return length_; }
  [[nodiscard]] Budget& budget() { return budget_; }

  /// True if the pieces, one after the other, are the text that was signed. They are canonical. l=
  /// cuts them.
  [[nodiscard]] bool fits(std::span<const std::string_view> pieces);
  [[nodiscard]] bool fits(std::string_view canonical) { return fits({&canonical, 1}); }
  /// The same for a body that is not yet canonical.
  [[nodiscard]] bool fits_body(std::string_view body);

  /// Returns how many lines stay if lines are dropped at the end, those before `first` dropped too.
  [[nodiscard]] std::optional<std::size_t> find_tail(const CanonicalBody& body,
                                                     std::size_t first = 0);
  /// Returns the number of lines that are dropped at the beginning, from 1 to `most`.
  [[nodiscard]] std::optional<std::size_t> find_head(const CanonicalBody& body, std::size_t most);
  /// Lines [first, second) that are dropped. `may_begin` and `may_end` limit where; a block has
  /// `most` lines at most, unless `may_end` alone decides (0).
  struct BlockRules {
    std::function<bool(std::size_t)> may_begin;
    std::function<bool(std::size_t)> may_end;
    std::size_t most = 0;
  };
  [[nodiscard]] std::optional<std::pair<std::size_t, std::size_t>> find_block(
      const CanonicalBody& body, const BlockRules& rules);
  /// Replaces one line after the other with each of its `alternatives`, which are canonical and
  /// have their line ends. Returns the line and the number of the alternative.
  using Alternatives = std::function<std::vector<std::string>(std::size_t)>;
  [[nodiscard]] std::optional<std::pair<std::size_t, std::size_t>> find_line(
      const CanonicalBody& body, const Alternatives& alternatives);

 private:
  [[nodiscard]] bool is_empty_body();
  [[nodiscard]] bool ends_with(const crypto::Digest& before, std::string_view rest);

  dkim::Canonicalization canonicalization_;
  crypto::HashAlgorithm algorithm_;
  crypto::Bytes digest_;
  std::optional<std::uint64_t> length_;
  Budget& budget_;
};

}  // namespace sekisho::dkim_diagnosis
