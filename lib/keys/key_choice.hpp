// The key of one entry, with the domain and the key itself fixed or decided by the author's domain.
#pragma once

#include "dkim/signing_key.hpp"
#include "mail/domain.hpp"

#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace sekisho::keys {

class KeyChoice {
 public:
  /// Keys by the author's domain: a path in which `%` stands for it.
  using KeysByDomain = std::map<mail::Domain, crypto::PrivateKey>;

  /// Without a domain d= is the author's.
  KeyChoice(const std::optional<mail::Domain>& domain, std::string selector,
            std::variant<crypto::PrivateKey, KeysByDomain> key);

  /// The key that signs for an author in this domain; null where there is none.
  [[nodiscard]] dkim::SigningKeyPtr for_author(const mail::Domain& author_domain) const;

  /// d=, where it does not depend on the author.
  [[nodiscard]] const std::optional<mail::Domain>& domain() const { return domain_; }
  /// Every key that can be told without an author.
  [[nodiscard]] std::vector<dkim::SigningKeyPtr> known_keys() const;
  /// Makes the key for this author's domain now, if it depends on it, so that it is known.
  void foresee(const mail::Domain& author_domain);

 private:
  [[nodiscard]] dkim::SigningKeyPtr make(const mail::Domain& author_domain) const;

  std::optional<mail::Domain> domain_;
  std::string selector_;
  std::variant<crypto::PrivateKey, KeysByDomain> key_;
  dkim::SigningKeyPtr fixed_;                             // where nothing depends on the author
  std::map<mail::Domain, dkim::SigningKeyPtr> foreseen_;  // by the author's domain
};

/// `text` with `%` replaced, wherever it stands.
[[nodiscard]] std::string with_percent(std::string_view text, std::string_view replacement);

/// Whether `selector` can stand in s= and in the DNS (RFC 6376 §3.1).
[[nodiscard]] bool is_selector(std::string_view selector);

}  // namespace sekisho::keys
