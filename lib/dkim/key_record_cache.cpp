#include "dkim/key_record_cache.hpp"

#include <optional>
#include <utility>

namespace sekisho::dkim {

namespace {

constexpr std::size_t longest_kept = 2'048;  // a key of 8192 bits has 1,500 octets

}  // namespace

std::expected<KeyRecord, Failure> KeyRecordCache::read(std::string_view text) {
  if (std::optional<KeyRecord> known = find(text)) {
    return *std::move(known);
  }
  auto record = parse_key_record(text, max_rsa_bits_);  // without the lock: this is what takes time
  if (record && text.size() <= longest_kept) {
    const auto kept = kept_.lock();
    make_room(*kept);
    kept->recent.insert_or_assign(std::string(text), *record);
  }
  return record;
}

std::optional<KeyRecord> KeyRecordCache::find(std::string_view text) {
  const auto kept = kept_.lock();
  if (const auto recent = kept->recent.find(text); recent != kept->recent.end()) {
    return recent->second;
  }
  const auto old = kept->old.find(text);
  if (old == kept->old.end()) {
    return std::nullopt;
  }
  KeyRecord record = old->second;
  auto node = kept->old.extract(old);
  make_room(*kept);
  kept->recent.insert(std::move(node));
  return record;
}

void KeyRecordCache::make_room(Generations& kept) const {
  if (kept.recent.size() >= generation_size_) {
    kept.old = std::exchange(kept.recent, {});
  }
}

std::size_t KeyRecordCache::size() {
  const auto kept = kept_.lock();
  return kept->recent.size() + kept->old.size();
}

}  // namespace sekisho::dkim
