#include "tools/key/rotation_text.hpp"

#include "tools/key/record.hpp"

#include <chrono>
#include <utility>

#include <fmt/chrono.h>
#include <fmt/core.h>
#include <nlohmann/json.hpp>

namespace sekisho::tools {

namespace {

std::string publish_step(const RotatedKey& key) {
  const dkim::SigningKey& next = *key.stored.key;
  switch (key.publication.state) {
    case keys::PublicationState::unknown:
      return "The DNS gave no answer for " + next.record_name() + ": try again.\n";
    case keys::PublicationState::mismatch:
      return "The record at " + next.record_name() + " is wrong: " + key.publication.reason +
             ". Replace it, and run this again.\n\n" + format_record_page(next);
    case keys::PublicationState::missing:
    case keys::PublicationState::published:
      return "Publish the record of " + next.selector +
             ", and run this again when the DNS shows it.\n\n" + format_record_page(next);
  }
  std::unreachable();
}

std::string switch_step(const RotatedKey& key) {
  const dkim::SigningKey& next = *key.stored.key;
  return fmt::format(
      "The DNS shows {0}. Sign with it: in sekisho.toml put it in the place of the key that signs "
      "now,\n\n"
      "[[sign]]\ndomain = \"{1}\"\nselector = \"{0}\"\nkey_file = \"{2}\"\n\n"
      "or in OpenDKIM's KeyTable, behind the name of the key: {1}:{0}:{2}\n\n"
      "Then reload sekishod and run this again. Keep the old key and its record.\n",
      next.selector, next.domain.text(), key.stored.file);
}

std::string removal_step(const RotatedKey& key) {
  const std::string& file = key.stored.file;
  if (key.publication.state == keys::PublicationState::missing) {
    return "The record of " + key.stored.key->selector + " is gone. Delete " + file + ".\n";
  }
  return "Mail signed with " + key.stored.key->selector +
         " has arrived by now. Remove the record " + key.stored.key->record_name() +
         " from the DNS, then delete " + file + ".\n";
}

std::string step_for(const RotatedKey& key) {
  switch (key.stage) {
    case KeyStage::made:
      return publish_step(key);
    case KeyStage::published:
      return switch_step(key);
    case KeyStage::in_use:
      return key.publication.state == keys::PublicationState::published
                 ? ""
                 : "Mail is signed with " + key.stored.key->selector +
                       ", but the DNS does not show it: " + key.publication.reason + ".\n";
    case KeyStage::retiring:
      return "Keep " + key.stored.key->selector + " and its record until " +
             fmt::format("{:%Y-%m-%d}", key.keep_until + std::chrono::days{1}) +
             ", for mail on its way.\n";
    case KeyStage::retired:
      return removal_step(key);
    case KeyStage::unused:
      return key.stored.key->selector + " was never used: it can be deleted, " + key.stored.file +
             ".\n";
  }
  std::unreachable();
}

/// An Ed25519 key has one size.
std::size_t size_of(const RotationChange& change) {
  constexpr std::size_t ed25519_bits = 256;
  return change.type == crypto::KeyType::rsa ? change.bits : ed25519_bits;
}

nlohmann::ordered_json list_changes(const std::vector<RotationChange>& changes, bool are_made) {
  auto list = nlohmann::ordered_json::array();
  for (const RotationChange& change : changes) {
    list.push_back({{"change", format_change_kind(change.kind)},
                    {"selector", change.selector},
                    {"algorithm", format_key_type(change.type)},
                    {"bits", size_of(change)},
                    {"done", are_made}});
  }
  return list;
}

std::string describe_change(const RotationChange& change, bool is_made) {
  switch (change.kind) {
    case RotationChange::Kind::retire:
      return fmt::format("{} that {} is out of use\n", is_made ? "noted" : "would note",
                         change.selector);
    case RotationChange::Kind::make:
      return fmt::format("{} the key {} ({} {})\n", is_made ? "made" : "would make",
                         change.selector, format_key_type(change.type), size_of(change));
  }
  std::unreachable();
}

}  // namespace

std::string format_changes(const std::vector<RotationChange>& changes, bool are_made) {
  if (changes.empty()) {
    return "";
  }
  std::string text = "\n";
  for (const RotationChange& change : changes) {
    text += describe_change(change, are_made);
  }
  return text + (are_made ? "" : "Nothing was changed; with --go, the command does it.\n");
}

std::string format_rotation_text(const std::vector<RotatedKey>& keys) {
  std::string table;
  std::string steps;
  for (const RotatedKey& rotated : keys) {
    const dkim::SigningKey& key = *rotated.stored.key;
    const std::string& reason = rotated.publication.reason;
    table += fmt::format("{:<9}  {}  {} {}  in the DNS: {}{}\n", format_key_stage(rotated.stage),
                         key.record_name(), format_key_type(key.key.type()), key.key.bits(),
                         keys::format_publication_state(rotated.publication.state),
                         reason.empty() ? "" : ", " + reason);
    if (const std::string step = step_for(rotated); !step.empty()) {
      steps += "\n" + step;
    }
  }
  return table + steps;
}

std::string format_rotation_json(const mail::Domain& domain, const std::vector<RotatedKey>& keys,
                                 const std::vector<RotationChange>* changes, bool are_made) {
  auto list = nlohmann::ordered_json::array();
  for (const RotatedKey& key : keys) {
    auto description = describe_record(*key.stored.key);
    description["file"] = key.stored.file;
    description["stage"] = format_key_stage(key.stage);
    description["dns"] = keys::format_publication_state(key.publication.state);
    description["reason"] = key.publication.reason;
    description["keep_until"] = nullptr;
    if (key.stage == KeyStage::retiring || key.stage == KeyStage::retired) {
      description["keep_until"] = key.keep_until.time_since_epoch().count();
    }
    description["next"] = step_for(key);
    list.push_back(std::move(description));
  }
  nlohmann::ordered_json object = {{"domain", domain.text()}, {"keys", list}};
  if (changes != nullptr) {
    object["changes"] = list_changes(*changes, are_made);
  }
  return object.dump(2) + "\n";
}

}  // namespace sekisho::tools
