// Key records that were read before: parsing an RSA key costs as much as verifying a signature, and
// a key that is used again keeps what OpenSSL has worked out for its modulus.
#pragma once

#include "dkim/key_record.hpp"
#include "dkim/result.hpp"
#include "guarded.hpp"

#include <cstddef>
#include <expected>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace sekisho::dkim {

/// By the text of the record, so that nothing can be out of date: how long a record counts is for
/// the DNS to say. What was not used for long gives way. Thread-safe.
class KeyRecordCache {
 public:
  static constexpr std::size_t default_capacity = 1'024;

  /// Keeps at most `capacity` records (two at the least), of some 4 KB each.
  explicit KeyRecordCache(std::size_t max_rsa_bits, std::size_t capacity = default_capacity)
      : max_rsa_bits_(max_rsa_bits), generation_size_((capacity + 1) / 2) {}

  /// As parse_key_record(). Only records that can serve are kept, and of those none that a few
  /// notes have made longer than any key.
  [[nodiscard]] std::expected<KeyRecord, Failure> read(std::string_view text);
  [[nodiscard]] std::size_t size();

 private:
  // A tree and not a hash table: senders choose the texts, and could choose them to collide.
  using Generation = std::map<std::string, KeyRecord, std::less<>>;
  // What is found among the old moves to the new; when these are full, the old are dropped.
  struct Generations {
    Generation recent;
    Generation old;
  };
  [[nodiscard]] std::optional<KeyRecord> find(std::string_view text);
  void make_room(Generations& kept) const;

  std::size_t max_rsa_bits_;
  std::size_t generation_size_;
  Guarded<Generations> kept_;
};

}  // namespace sekisho::dkim
