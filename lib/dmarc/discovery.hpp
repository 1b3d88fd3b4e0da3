// Finding DMARC records: the tree walk (RFC 9989 §4.10) and RFC 7489's two steps (§6.6.3).
#pragma once

#include "dmarc/record.hpp"
#include "dns/lookups.hpp"
#include "dns/task.hpp"
#include "mail/domain.hpp"

#include <cstddef>
#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <vector>

namespace sekisho::dmarc {

/// Queries of one tree walk (RFC 9989 §4.10).
inline constexpr std::size_t max_walk_queries = 8;

struct PublishedRecord {
  mail::Domain domain;
  Record record;
};

/// What was found on the way up from `start`.
struct Walk {
  mail::Domain start;
  /// The valid records from the longest name to the shortest, up to the one that ended the walk.
  std::vector<PublishedRecord> records;
  /// Set where a look-up failed before the walk's end: what it asked for. `records` then has only
  /// what lies below that name.
  std::optional<std::string> failure;
  /// Those above the first name whose look-up failed: what the walk might have found.
  std::vector<PublishedRecord> records_above_failure;
  /// The first name whose DMARC records do not count, and why: for people. Empty: there is none.
  std::string discarded;
};

/// The names of a tree walk in the order of asking: `start`, its last seven labels where it has
/// more than eight, and each parent down to one label (RFC 9989 §4.10 steps 3, 4 and 7).
[[nodiscard]] std::vector<mail::Domain> tree_walk_names(const mail::Domain& start);

/// Asks for the records of all names at once, which run from the longest, the start, to the
/// shortest. A tree walk ends at psd=y or psd=n; RFC 7489's search at the first name that has any
/// DMARC record. A name with several has none.
[[nodiscard]] dns::Task<Walk> walk(dns::Lookups lookups, std::vector<mail::Domain> names,
                                   Specification specification);

/// RFC 9989 §4.10.2, from a tree walk; the error is its failure.
[[nodiscard]] std::expected<mail::Domain, std::string> organizational_domain(const Walk& walk);

/// The same where look-ups failed, as if those names had no record: what is likely, not what is
/// known.
[[nodiscard]] mail::Domain likely_organizational_domain(const Walk& walk);

/// The record that applies to mail of `walk.start`: its own, its organizational domain's, or that
/// of its public suffix domain (RFC 9989 §4.10.1); null where there is none.
[[nodiscard]] const PublishedRecord* find_policy(const Walk& walk,
                                                 const mail::Domain& organizational_domain);

enum class Existence : std::uint8_t { yes, no, unknown };

/// A domain does not exist where the answer for its name is NXDOMAIN (RFC 9989 §3.2.13). An alias
/// that leads nowhere exists: the NXDOMAIN is its target's (RFC 2308 §2.1, RFC 6604 §3).
[[nodiscard]] dns::Task<Existence> find_existence(dns::Lookups lookups, mail::Domain domain);

}  // namespace sekisho::dmarc
