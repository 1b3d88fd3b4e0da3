// The keys of the house: what signing and sealing borrow.
#pragma once

#include "checkpoint/options.hpp"
#include "dkim/signing_key.hpp"
#include "keys/key_ring.hpp"
#include "keys/publication_board.hpp"
#include "policy/login_map.hpp"

#include <expected>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace sekisho::checkpoint {

struct SigningServices {
  std::shared_ptr<const keys::KeyRing> keys;  ///< Null: nothing is signed.
  std::optional<policy::LoginMap> logins;
  dkim::SigningKeyPtr seal_key;  ///< Null: nothing is sealed.
  /// What the DNS shows of these keys; null: every key is used. The daemon's, across reloads.
  std::shared_ptr<keys::PublicationBoard> publications;

  /// Whether the DNS does not speak against it (keys::PublicationBoard::use()).
  [[nodiscard]] bool may_use(const dkim::SigningKeyPtr& key, bool require_published) const;
  /// Every key once, the seal's included, for checks against the DNS.
  [[nodiscard]] std::vector<dkim::SigningKeyPtr> all_keys() const;
};

/// The key of section [arc], whether or not the daemon is to seal. An error says what is missing.
[[nodiscard]] std::expected<dkim::SigningKeyPtr, std::string> open_seal_key(const Options& options);

/// Reads all keys and the login map. `problems` gets a line for each entry that cannot be used,
/// while the rest serves. An error: what was asked for cannot be done at all.
[[nodiscard]] std::expected<SigningServices, std::string> open_signing(
    const Options& options, std::vector<std::string>& problems);

}  // namespace sekisho::checkpoint
