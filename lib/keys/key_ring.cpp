#include "keys/key_ring.hpp"

#include "keys/distinct_keys.hpp"
#include "keys/key_file.hpp"
#include "keys/sign_entries.hpp"
#include "keys/signing_table.hpp"

#include <algorithm>
#include <optional>
#include <set>
#include <utility>

namespace sekisho::keys {

struct KeyRing::State {
  SignEntries entries;
  std::optional<SigningTable> signing_table;
  std::vector<dkim::SigningKeyPtr> keys;
};

namespace {

using Problems = std::vector<std::string>;

std::expected<std::optional<SigningTable>, std::string> load_tables(const Options& options,
                                                                    KeyFiles& files,
                                                                    Problems& problems) {
  if (options.key_table.empty() && options.signing_table.empty()) {
    return std::nullopt;
  }
  if (options.key_table.empty() || options.signing_table.empty()) {
    return std::unexpected("key_table and signing_table need each other");
  }
  const auto key_lines = Table::read(options.key_table, problems);
  if (!key_lines) {
    return std::unexpected("key_table: " + key_lines.error());
  }
  const auto signing_lines = Table::read(options.signing_table, problems);
  if (!signing_lines) {
    return std::unexpected("signing_table: " + signing_lines.error());
  }
  SigningTable table(*signing_lines, KeyTable(*key_lines, files, problems),
                     options.multiple_signatures, problems);
  if (table.empty()) {
    std::string error = "signing_table: no line of it can be used";
    for (const std::string& problem : problems) {
      error += "\n" + problem;
    }
    return std::unexpected(std::move(error));
  }
  return table;
}

void report_weakness(const std::vector<dkim::SigningKeyPtr>& keys, Problems& problems) {
  for (const dkim::SigningKeyPtr& key : keys) {
    if (!key->key.is_read()) {
      continue;
    }
    if (const auto weakness = weakness_of(key->key)) {
      problems.push_back(key->record_name() + ": " + *weakness);
    }
  }
}

std::vector<dkim::SigningKeyPtr> known_keys(const SignEntries& entries,
                                            const std::optional<SigningTable>& table) {
  std::vector<dkim::SigningKeyPtr> keys = entries.known_keys();
  if (table) {
    for (const KeyChoice& choice : table->keys().choices()) {
      const auto known = choice.known_keys();
      keys.insert(keys.end(), known.begin(), known.end());
    }
  }
  return keys;
}

}  // namespace

KeyRing::KeyRing(std::shared_ptr<const State> state) : state_(std::move(state)) {}

std::expected<std::shared_ptr<const KeyRing>, std::string> KeyRing::load(
    const Options& options, std::vector<std::string>& problems) {
  KeyFiles files({.allow_readable = options.allow_readable_keys,
                  .all_at_once = options.read_all_at_once,
                  .later_user = options.later_user});
  auto entries = SignEntries::load(options.entries, files);
  if (!entries) {
    return std::unexpected(std::move(entries.error()));
  }
  auto table = load_tables(options, files, problems);
  if (!table) {
    return std::unexpected(std::move(table.error()));
  }
  auto keys = distinct_keys(known_keys(*entries, *table), problems);
  report_weakness(keys, problems);
  auto state =
      std::make_shared<const State>(*std::move(entries), *std::move(table), std::move(keys));
  return std::shared_ptr<const KeyRing>(new KeyRing(std::move(state)));
}

std::vector<dkim::SignatureRequest> KeyRing::find(const mail::Mailbox& author) const {
  std::vector<dkim::SignatureRequest> requests;
  if (!author.domain) {
    return requests;
  }
  for (dkim::SigningKeyPtr& key : state_->entries.find(*author.domain)) {
    requests.push_back({std::move(key), ""});
  }
  if (state_->signing_table) {
    auto matches = state_->signing_table->find(author.local_part, *author.domain);
    std::ranges::move(matches, std::back_inserter(requests));
  }
  std::set<std::pair<std::string, std::string>> seen;
  std::erase_if(requests, [&](const dkim::SignatureRequest& request) {
    return !seen.emplace(request.key->record_name(), request.auid).second;
  });
  return requests;
}

const std::vector<dkim::SigningKeyPtr>& KeyRing::keys() const {
  return state_->keys;
}

}  // namespace sekisho::keys
