// Patterns for addresses and domains, as operators write them in lists.
#pragma once

#include "mail/domain.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_set>

namespace sekisho::policy {

/// Any number of patterns: `user@example.org`, `example.org`, `.example.org` (its sub-domains) or
/// `*`. Looking up takes time for the labels of a domain, not for the patterns.
class NameSet {
 public:
  static constexpr const char* expected =
      R"("user@example.org", "example.org", ".example.org", "*" or "<>")";

  /// False: no pattern. `<>` is the null sender.
  bool add(std::string_view pattern);
  [[nodiscard]] bool has_null_sender() const { return patterns_.contains("<>"); }
  /// In any case of letters. Without a domain (address literals) only `*` covers.
  [[nodiscard]] bool covers(std::string_view local_part,
                            const std::optional<mail::Domain>& domain) const;
  [[nodiscard]] bool covers(const mail::Domain& domain) const { return covers("", domain); }

 private:
  std::unordered_set<std::string> patterns_;
};

}  // namespace sekisho::policy
