#include "keys/key_choice.hpp"

#include "mail/ascii.hpp"

#include <algorithm>
#include <utility>

namespace sekisho::keys {

KeyChoice::KeyChoice(const std::optional<mail::Domain>& domain, std::string selector,
                     std::variant<crypto::PrivateKey, KeysByDomain> key)
    : domain_(domain), selector_(std::move(selector)), key_(std::move(key)) {
  if (const auto* only = std::get_if<crypto::PrivateKey>(&key_)) {
    if (domain_) {
      fixed_ = std::make_shared<const dkim::SigningKey>(*domain_, selector_, *only);
    }
    return;
  }
  for (const auto& [author_domain, unused] : std::get<KeysByDomain>(key_)) {
    foresee(author_domain);
  }
}

dkim::SigningKeyPtr KeyChoice::for_author(const mail::Domain& author_domain) const {
  if (fixed_) {
    return fixed_;
  }
  const auto found = foreseen_.find(author_domain);
  return found != foreseen_.end() ? found->second : make(author_domain);
}

dkim::SigningKeyPtr KeyChoice::make(const mail::Domain& author_domain) const {
  const auto* key = std::get_if<crypto::PrivateKey>(&key_);
  if (key == nullptr) {
    const auto& keys = std::get<KeysByDomain>(key_);
    const auto found = keys.find(author_domain);
    if (found == keys.end()) {
      return nullptr;
    }
    key = &found->second;
  }
  return std::make_shared<const dkim::SigningKey>(domain_.value_or(author_domain), selector_, *key);
}

std::vector<dkim::SigningKeyPtr> KeyChoice::known_keys() const {
  std::vector<dkim::SigningKeyPtr> keys;
  if (fixed_) {
    keys.push_back(fixed_);
  }
  for (const auto& [author_domain, key] : foreseen_) {
    keys.push_back(key);
  }
  return keys;
}

void KeyChoice::foresee(const mail::Domain& author_domain) {
  if (fixed_ || foreseen_.contains(author_domain)) {
    return;
  }
  if (auto key = make(author_domain)) {
    foreseen_.emplace(author_domain, std::move(key));
  }
}

std::string with_percent(std::string_view text, std::string_view replacement) {
  std::string replaced;
  for (const char c : text) {
    if (c == '%') {
      replaced += replacement;
    } else {
      replaced += c;
    }
  }
  return replaced;
}

bool is_selector(std::string_view selector) {
  return !selector.ends_with('.') && !std::ranges::any_of(selector, mail::is_eight_bit) &&
         mail::Domain::parse(selector).has_value();
}

}  // namespace sekisho::keys
