#include "tools/setup/key_plan.hpp"

#include "tools/key/record.hpp"
#include "tools/setup/drop_ins.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <utility>

namespace sekisho::tools::setup {

namespace {

constexpr std::array<crypto::KeyType, 2> wanted_types{crypto::KeyType::rsa,
                                                      crypto::KeyType::ed25519};

bool has_configured(const DomainFacts& domain, crypto::KeyType type) {
  return std::ranges::any_of(domain.keys, [&](const KeyFacts& key) {
    return key.is_configured && key.key->key.type() == type;
  });
}

// The newest key of a type that no entry names; null: there is none.
const KeyFacts* find_stored(const DomainFacts& domain, crypto::KeyType type) {
  const auto found = std::ranges::find_if(domain.keys, [&](const KeyFacts& key) {
    return !key.is_configured && key.key->key.type() == type;
  });
  return found == domain.keys.end() ? nullptr : &*found;
}

std::string next_selector(const DomainFacts& domain, crypto::KeyType type) {
  switch (type) {
    case crypto::KeyType::rsa:
      return domain.next_rsa_selector;
    case crypto::KeyType::ed25519:
      return domain.next_ed25519_selector;
  }
  std::unreachable();
}

// What a step collects for one domain.
struct Draft {
  std::string entries;
  std::string names;
  std::vector<Change> changes;
};

void add_name(Draft& draft, const std::string& selector) {
  draft.names += (draft.names.empty() ? "" : ", ") + selector;
}

void add_key(const DomainFacts& domain, const std::string& folder, crypto::KeyType type,
             Draft& draft) {
  const std::string& name = domain.domain.text();
  if (const KeyFacts* const stored = find_stored(domain, type)) {
    draft.entries += format_sign_entry(name, stored->key->selector, stored->file);
    add_name(draft, stored->key->selector);
    return;
  }
  const std::string selector = next_selector(domain, type);
  draft.changes.emplace_back(MakeKey{domain.domain, selector, type});
  draft.entries += format_sign_entry(name, selector, folder + "/" + name + "/" + selector + ".pem");
  add_name(draft, selector);
}

std::string configured_names(const DomainFacts& domain) {
  Draft draft;
  for (const KeyFacts& key : domain.keys) {
    if (key.is_configured) {
      add_name(draft, key.key->selector);
    }
  }
  return draft.names;
}

}  // namespace

std::vector<Step> plan_keys(const DomainFacts& domain, const Facts& facts) {
  const std::string& name = domain.domain.text();
  if (!domain.unreadable.empty()) {
    return {{Topic::keys, StepState::conflict, domain.unreadable, {}}};
  }
  if (!facts.configuration.options.signing.keys.key_table.empty() &&
      configured_names(domain).empty()) {
    return {{Topic::keys,
             StepState::done,
             "for " + name + ", signing.key_table decides: setup adds nothing to it",
             {}}};
  }
  Draft draft;
  for (const crypto::KeyType type : wanted_types) {
    if (!has_configured(domain, type)) {
      add_key(domain, facts.key_folder, type, draft);
    }
  }
  if (draft.entries.empty()) {
    return {{Topic::keys, StepState::done, name + " signs with " + configured_names(domain), {}}};
  }
  const std::string file = signing_drop_in(facts.configuration.drop_ins, domain.domain);
  const auto before = facts.configuration.written.find(file);
  draft.changes.emplace_back(WriteFile{
      file, (before == facts.configuration.written.end() ? drop_in_head() : before->second) +
                draft.entries});
  return {{Topic::keys, StepState::missing, "sign mail of " + name + " with " + draft.names,
           std::move(draft.changes)}};
}

std::vector<KeyFacts> signing_keys(const DomainFacts& domain) {
  std::vector<KeyFacts> keys;
  std::ranges::copy_if(domain.keys, std::back_inserter(keys), &KeyFacts::is_configured);
  for (const crypto::KeyType type : wanted_types) {
    const KeyFacts* const stored = find_stored(domain, type);
    if (stored != nullptr && !has_configured(domain, type)) {
      keys.push_back(*stored);
    }
  }
  return keys;
}

}  // namespace sekisho::tools::setup
