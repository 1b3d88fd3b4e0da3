#include "keys/distinct_keys.hpp"

#include <algorithm>
#include <unordered_map>

namespace sekisho::keys {

bool is_same_key(const dkim::SigningKeyPtr& a, const dkim::SigningKeyPtr& b) {
  return a == b || a->key.is_same(b->key);
}

std::vector<dkim::SigningKeyPtr> distinct_keys(std::vector<dkim::SigningKeyPtr> keys,
                                               std::vector<std::string>& problems) {
  std::unordered_map<std::string, std::vector<dkim::SigningKeyPtr>> by_name;
  std::erase_if(keys, [&](const dkim::SigningKeyPtr& key) {
    const std::string name = key->record_name();
    auto& known = by_name[name];
    if (std::ranges::any_of(known, [&](const auto& one) { return is_same_key(one, key); })) {
      return true;
    }
    known.push_back(key);
    if (known.size() == 2) {
      problems.push_back(name + ": two different keys are to sign under this name");
    }
    return false;
  });
  return keys;
}

}  // namespace sekisho::keys
