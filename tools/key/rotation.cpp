#include "tools/key/rotation.hpp"

#include <algorithm>
#include <cstddef>
#include <utility>

namespace sekisho::tools {

std::string_view format_key_stage(KeyStage stage) {
  switch (stage) {
    case KeyStage::made:
      return "made";
    case KeyStage::published:
      return "published";
    case KeyStage::in_use:
      return "in use";
    case KeyStage::retiring:
      return "retiring";
    case KeyStage::retired:
      return "retired";
    case KeyStage::unused:
      return "unused";
  }
  std::unreachable();
}

std::vector<RotatedKey> stages_of(const RotationFacts& facts) {
  const auto is_in_use = [&](const StoredKey& stored) {
    return std::ranges::find(facts.in_use, stored.key->selector) != facts.in_use.end();
  };
  bool has_next = false;
  bool is_older = false;  // than a key in use
  std::vector<RotatedKey> keys;
  for (std::size_t i = 0; i < facts.keys.size(); ++i) {
    const StoredKey& stored = facts.keys[i];
    RotatedKey key{stored, KeyStage::unused, facts.publications[i], {}};
    key.keep_until = stored.retired.value_or(facts.now) + facts.retention;
    if (is_in_use(stored)) {
      key.stage = KeyStage::in_use;
      is_older = true;
    } else if (stored.retired || is_older) {
      key.stage = facts.now < key.keep_until ? KeyStage::retiring : KeyStage::retired;
    } else if (!has_next) {
      key.stage = key.publication.state == keys::PublicationState::published ? KeyStage::published
                                                                             : KeyStage::made;
      has_next = true;
    }
    keys.push_back(std::move(key));
  }
  return keys;
}

bool wants_next(const std::vector<RotatedKey>& keys) {
  return std::ranges::none_of(keys, [](const RotatedKey& key) {
    return key.stage == KeyStage::made || key.stage == KeyStage::published ||
           key.stage == KeyStage::retiring || key.stage == KeyStage::retired;
  });
}

}  // namespace sekisho::tools
