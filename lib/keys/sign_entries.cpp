#include "keys/sign_entries.hpp"

#include <optional>
#include <string_view>
#include <utility>

namespace sekisho::keys {

namespace {

// Whose mail an entry signs, as the map has it; nullopt where it is no domain.
std::optional<std::string> normalized(std::string_view text) {
  if (text == "*") {
    return "*";
  }
  const bool is_below = text.starts_with('.') || text.starts_with("*.");
  const auto domain = mail::Domain::parse(is_below ? text.substr(text.find('.') + 1) : text);
  return domain ? std::optional((is_below ? "." : "") + domain->text()) : std::nullopt;
}

std::string described(const SignEntry& entry) {
  return "[[sign]] domain = \"" + entry.domain + "\", selector = \"" + entry.selector + "\": ";
}

}  // namespace

std::expected<void, std::string> SignEntries::add(const SignEntry& entry, KeyFiles& files) {
  auto whose = normalized(entry.domain);
  if (!whose) {
    return std::unexpected("the domain is no domain name, nor one with \".\" or \"*.\" before it");
  }
  if (!is_selector(entry.selector)) {
    return std::unexpected("the selector is no name of labels");
  }
  if (entry.key_file.empty()) {
    return std::unexpected("key_file is wanted");
  }
  const auto signing_domain = mail::Domain::parse(entry.signing_domain);
  if (!signing_domain && !entry.signing_domain.empty()) {
    return std::unexpected("the signing_domain is no domain name");
  }
  const auto& key = files.read(entry.key_file);
  if (!key) {
    return std::unexpected(key.error());
  }
  const auto only_domain = mail::Domain::parse(*whose);
  const auto [choices, is_new] = by_domain_.try_emplace(*whose);
  if (is_new) {
    order_.push_back(*std::move(whose));
  }
  choices->second.emplace_back(signing_domain ? signing_domain : only_domain, entry.selector, *key);
  return {};
}

std::expected<SignEntries, std::string> SignEntries::load(const std::vector<SignEntry>& entries,
                                                          KeyFiles& files) {
  SignEntries loaded;
  std::string errors;
  for (const SignEntry& entry : entries) {
    if (const auto added = loaded.add(entry, files); !added) {
      errors += (errors.empty() ? "" : "\n") + described(entry) + added.error();
    }
  }
  if (!errors.empty()) {
    return std::unexpected(std::move(errors));
  }
  return loaded;
}

std::vector<dkim::SigningKeyPtr> SignEntries::find(const mail::Domain& domain) const {
  const std::string& name = domain.text();
  auto found = by_domain_.find(name);
  for (std::size_t dot = name.find('.'); found == by_domain_.end() && dot != std::string::npos;
       dot = name.find('.', dot + 1)) {
    found = by_domain_.find(name.substr(dot));
  }
  if (found == by_domain_.end()) {
    found = by_domain_.find("*");
  }
  std::vector<dkim::SigningKeyPtr> keys;
  if (found != by_domain_.end()) {
    for (const KeyChoice& choice : found->second) {
      keys.push_back(choice.for_author(domain));
    }
  }
  return keys;
}

std::vector<dkim::SigningKeyPtr> SignEntries::known_keys() const {
  std::vector<dkim::SigningKeyPtr> keys;
  for (const std::string& whose : order_) {
    for (const KeyChoice& choice : by_domain_.at(whose)) {
      const auto known = choice.known_keys();
      keys.insert(keys.end(), known.begin(), known.end());
    }
  }
  return keys;
}

}  // namespace sekisho::keys
