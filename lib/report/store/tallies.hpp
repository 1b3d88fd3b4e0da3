// Small counts that are kept beside the observations: of what our users send, and of signatures
// that did not verify.
#pragma once

#include "report/store/database.hpp"

#include <chrono>
#include <cstdint>
#include <expected>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

namespace sekisho::report::store {

enum class TallyKind : std::uint8_t {
  sent,    ///< Messages of our users: `author` to the receiver `party`. By the hour.
  change,  ///< Signatures of `author` that `party` broke, and how: `detail`. By the day.
};

[[nodiscard]] std::string_view format_tally_kind(TallyKind kind);
[[nodiscard]] std::optional<TallyKind> parse_tally_kind(std::string_view word);

/// All text is UTF-8 without control characters, and holds no address.
struct Tally {
  TallyKind kind = TallyKind::sent;
  std::chrono::sys_seconds begin;  ///< Of the hour or day.
  std::string author;              ///< Organizational domain of the author.
  std::string party;
  std::string detail;
  std::uint64_t messages = 1;

  /// What is counted together.
  [[nodiscard]] auto key() const { return std::tie(kind, begin, author, party, detail); }

  bool operator==(const Tally&) const = default;
};

/// Adds up in the transaction that the caller has begun. Throws like SOCI.
void add_tallies(Database& database, std::span<const Tally> tallies);

/// Returns the tallies of a kind that begin at `first` or later, in order of time.
[[nodiscard]] std::expected<std::vector<Tally>, StoreError> read_tallies(
    Database& database, TallyKind kind, std::chrono::sys_seconds first);

/// Returns a tally as one line, for the spill file.
[[nodiscard]] std::string write_tally(const Tally& tally);
/// Returns nullopt for what write_tally() does not write.
[[nodiscard]] std::optional<Tally> read_tally(std::string_view text);

}  // namespace sekisho::report::store
