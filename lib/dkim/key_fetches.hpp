// The keys of a message's signatures, DKIM's or ARC's, from the DNS (RFC 6376 §3.6.2, §6.1.2).
#pragma once

#include "dkim/key_record.hpp"
#include "dkim/key_record_cache.hpp"
#include "dkim/result.hpp"
#include "dns/lookups.hpp"
#include "mail/domain.hpp"

#include <cstddef>
#include <expected>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace sekisho::dkim {

/// The records that can serve, at least one, or why there is none.
using FetchedKeys = std::expected<std::vector<KeyRecord>, Failure>;

/// Reads the answer to a key's question. RFC 6376 §3.6.2.2 leaves several records undefined, and
/// §6.1.2 step 4 lets a verifier try each: the first `max_key_records` that can serve are kept, so
/// that a wildcard's record, or an old key beside the new one, does no harm.
inline constexpr std::size_t max_key_records = 3;
[[nodiscard]] FetchedKeys read_keys(const dns::Answer& answer, KeyRecordCache& cache);

/// Asks for each key once, when it is requested, and waits only in keys(). Not thread-safe.
class KeyFetches {
 public:
  using Id = std::size_t;

  KeyFetches(dns::Lookups lookups, std::shared_ptr<KeyRecordCache> records)
      : lookups_(std::move(lookups)), records_(std::move(records)) {}

  /// Starts the look-up of `selector`._domainkey.`domain`, both in A-labels. The same key gives the
  /// same id.
  Id request(const std::string& selector, const mail::Domain& domain);
  /// Waits for the answer if it is not there yet.
  [[nodiscard]] const FetchedKeys& keys(Id id);

 private:
  struct Fetch {
    std::string name;
    dns::Pending<dns::Answer> answer;
    std::optional<FetchedKeys> keys;  ///< Once the answer was read.
  };
  dns::Lookups lookups_;
  std::shared_ptr<KeyRecordCache> records_;
  std::vector<Fetch> fetches_;
};

}  // namespace sekisho::dkim
