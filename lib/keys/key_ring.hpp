// Which keys sign for an author: the [[sign]] tables of the configuration and OpenDKIM's KeyTable
// and SigningTable.
#pragma once

#include "dkim/signer.hpp"
#include "dkim/signing_key.hpp"
#include "mail/address.hpp"

#include <expected>
#include <memory>
#include <string>
#include <vector>

namespace sekisho::keys {

/// One [[sign]] table.
struct SignEntry {
  std::string
      domain;  ///< A domain, `.example.org` (its sub-domains), `*.example.org` likewise, or `*`.
  std::string selector;
  std::string key_file;
  std::string signing_domain;  ///< d=; empty: the author's domain that matched.
};

/// Sections [signing] and [[sign]] of the configuration, as far as keys go.
struct Options {
  std::vector<SignEntry> entries;
  std::string
      key_table;  ///< OpenDKIM's KeyTable: `file:PATH`, `refile:PATH`, `csl:…`, or a bare path.
  std::string signing_table;  ///< OpenDKIM's SigningTable, likewise.
  bool multiple_signatures =
      false;  ///< Of the SigningTable: all matches sign, not the first alone.
  bool allow_readable_keys = false;  ///< Take key files that group or others can read.
};

/// All keys, read once. Immutable, thread-safe; a reload makes a new one.
class KeyRing {
 public:
  /// `problems` gets a line for each entry that cannot be used ("FILE:LINE: …"); the rest serves.
  /// An error: nothing can be used that was asked for.
  [[nodiscard]] static std::expected<std::shared_ptr<const KeyRing>, std::string> load(
      const Options& options, std::vector<std::string>& problems);

  /// Every signature that is to be made for this author: the [[sign]] tables first, then the
  /// SigningTable in OpenDKIM's order of look-ups. Empty: this author's mail is not signed.
  [[nodiscard]] std::vector<dkim::SignatureRequest> find(const mail::Mailbox& author) const;

  /// Every key once, for checks against the DNS.
  [[nodiscard]] const std::vector<dkim::SigningKeyPtr>& keys() const;

 private:
  struct State;
  explicit KeyRing(std::shared_ptr<const State> state);
  std::shared_ptr<const State> state_;
};

}  // namespace sekisho::keys
