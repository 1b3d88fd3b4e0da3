// Where keys live: DIR/DOMAIN/SELECTOR.pem, and beside a key that is retired SELECTOR.retired,
// which says since when.
#pragma once

#include "dkim/signing_key.hpp"
#include "mail/domain.hpp"
#include "tools/cli/refusal.hpp"

#include <chrono>
#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sekisho::tools {

inline constexpr std::string_view default_key_folder = "/etc/sekisho/keys";

/// The folder that --dir names, or the default if that is empty. Refused: a named folder that does
/// not exist, since nobody wants keys in a misspelt one.
[[nodiscard]] std::expected<std::string, Refusal> key_folder(const std::string& named);

struct StoredKey {
  std::string file;
  dkim::SigningKeyPtr key;
  std::chrono::sys_time<std::chrono::nanoseconds> made;  ///< The file's time.
  std::optional<std::chrono::sys_seconds> retired;
};

class KeyStore {
 public:
  KeyStore(std::string folder, mail::Domain domain);

  /// Every key of the domain, the newest first. None where the folder is not there.
  [[nodiscard]] std::expected<std::vector<StoredKey>, Refusal> list() const;

  /// `202611-rsa`, or `202611-2-rsa` where there is or was such a key: the month tells when
  /// it is time for the next, and selectors never come again.
  [[nodiscard]] std::string free_selector(crypto::KeyType type, std::chrono::sys_seconds now) const;

  /// Writes the key to a new file that its owner alone can read; refuses to overwrite. The file
  /// belongs to the owner of the folder, so that root can make keys for the daemon's user.
  [[nodiscard]] std::expected<std::string, Refusal> write(const dkim::SigningKey& key) const;

  /// Notes since when the key does not sign any more.
  [[nodiscard]] std::expected<void, Refusal> retire(const StoredKey& key,
                                                    std::chrono::sys_seconds now) const;

  [[nodiscard]] std::string file_of(std::string_view selector) const;

 private:
  std::string folder_;  // of the domain
  mail::Domain domain_;
};

}  // namespace sekisho::tools
