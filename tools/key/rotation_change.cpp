#include "tools/key/rotation_change.hpp"

#include <algorithm>
#include <memory>
#include <utility>

namespace sekisho::tools {

namespace {

std::size_t bits_of_next(std::size_t min_bits, const std::vector<RotatedKey>& keys) {
  for (const RotatedKey& key : keys) {
    min_bits = std::max(min_bits, key.stored.key->key.bits());
  }
  return min_bits;
}

std::expected<RotatedKey, Refusal> make_key(const RotationChange& change,
                                            const Rotation& rotation) {
  auto key = std::make_shared<const dkim::SigningKey>(
      rotation.domain, change.selector, crypto::PrivateKey::generate(change.type, change.bits));
  auto file = rotation.store.write(*key);
  if (!file) {
    return std::unexpected(std::move(file.error()));
  }
  RotatedKey next;
  next.stored = {*std::move(file), std::move(key), rotation.now, std::nullopt};
  next.stage = KeyStage::made;
  next.publication.state = keys::PublicationState::missing;
  next.publication.reason = "just made";
  return next;
}

}  // namespace

std::string_view format_change_kind(RotationChange::Kind kind) {
  switch (kind) {
    case RotationChange::Kind::retire:
      return "retire";
    case RotationChange::Kind::make:
      return "make";
  }
  std::unreachable();
}

std::vector<RotationChange> plan_changes(const Rotation& rotation, std::size_t min_bits) {
  std::vector<RotationChange> changes;
  for (const RotatedKeys& each : rotation.by_type) {
    for (const RotatedKey& key : each.keys) {
      if (key.stage == KeyStage::retiring && !key.stored.retired) {
        changes.push_back({.kind = RotationChange::Kind::retire,
                           .key = key.stored,
                           .type = each.type,
                           .bits = key.stored.key->key.bits(),
                           .selector = key.stored.key->selector});
      }
    }
    if (wants_next(each.keys)) {
      changes.push_back({.kind = RotationChange::Kind::make,
                         .key = {},
                         .type = each.type,
                         .bits = bits_of_next(min_bits, each.keys),
                         .selector = rotation.store.free_selector(each.type, rotation.now)});
    }
  }
  return changes;
}

std::expected<void, Refusal> apply_changes(const std::vector<RotationChange>& changes,
                                           Rotation& rotation) {
  for (const RotationChange& change : changes) {
    if (change.kind == RotationChange::Kind::retire) {
      if (auto noted = rotation.store.retire(change.key, rotation.now); !noted) {
        return noted;
      }
      continue;
    }
    auto next = make_key(change, rotation);
    if (!next) {
      return std::unexpected(std::move(next.error()));
    }
    auto& keys = std::ranges::find(rotation.by_type, change.type, &RotatedKeys::type)->keys;
    keys.insert(keys.begin(), *std::move(next));
  }
  return {};
}

}  // namespace sekisho::tools
