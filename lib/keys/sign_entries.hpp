// The [[sign]] tables of the configuration: which of them sign for an author.
#pragma once

#include "keys/key_choice.hpp"
#include "keys/key_file.hpp"
#include "keys/key_ring.hpp"

#include <expected>
#include <string>
#include <unordered_map>
#include <vector>

namespace sekisho::keys {

class SignEntries {
 public:
  /// Reads the keys, too. The error tells, a line each, which entries cannot be used.
  [[nodiscard]] static std::expected<SignEntries, std::string> load(
      const std::vector<SignEntry>& entries, KeyFiles& files);

  /// The keys of the entries that name the author's domain closest, in the order of the
  /// configuration: the domain itself, else `.parent` from the nearest on, else `*`.
  [[nodiscard]] std::vector<dkim::SigningKeyPtr> find(const mail::Domain& domain) const;

  [[nodiscard]] std::vector<dkim::SigningKeyPtr> known_keys() const;

 private:
  [[nodiscard]] std::expected<void, std::string> add(const SignEntry& entry, KeyFiles& files);

  std::unordered_map<std::string, std::vector<KeyChoice>> by_domain_;  // "x", ".x" or "*"
  std::vector<std::string> order_;                                     // of by_domain_
};

}  // namespace sekisho::keys
