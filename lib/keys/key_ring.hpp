// Which keys sign for an author: the [[sign]] tables of the configuration and OpenDKIM's KeyTable
// and SigningTable.
#pragma once

#include "dkim/signer.hpp"
#include "dkim/signing_key.hpp"
#include "mail/address.hpp"

#include <expected>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <sys/types.h>

namespace sekisho::keys {

/// One [[sign]] table. Of all tables those count that name an author's domain closest, and all of
/// these sign.
struct SignEntry {
  /// A domain, `.example.org` (its sub-domains), `*.example.org` likewise, or `*`.
  std::string domain;
  std::string selector;
  std::string key_file;
  std::string signing_domain;  ///< d=; empty: the author's domain.
};

/// Sections [signing] and [[sign]] of the configuration, as far as keys go.
struct Options {
  std::vector<SignEntry> entries;
  /// OpenDKIM's KeyTable: `file:PATH`, `refile:PATH`, `csl:…`, or a bare path.
  std::string key_table;
  std::string signing_table;  ///< OpenDKIM's SigningTable, likewise.
  /// Of the SigningTable: all matches sign, not the first alone.
  bool multiple_signatures = false;
  bool allow_readable_keys = false;  ///< Take key files that group or others can read.
  /// Not of the configuration: read every key file now, however many there are.
  bool read_all_at_once = false;
  /// Not of the configuration: who the process is going to be, if not who it is.
  std::optional<uid_t> later_user;
};

/// All keys. Of many (max_files_read_at_once) most are read when they are first needed. Immutable,
/// thread-safe; a reload makes a new one.
class KeyRing {
 public:
  /// `problems` gets a line for each line of a table that cannot be used ("FILE:LINE: …"), while
  /// the rest serves, and one for each key that is weak. An error, perhaps of several lines: a
  /// [[sign]] entry cannot be used, a table cannot be read, or no line of it can be used.
  [[nodiscard]] static std::expected<std::shared_ptr<const KeyRing>, std::string> load(
      const Options& options, std::vector<std::string>& problems);

  /// Every signature that is to be made for this author, none twice: the [[sign]] tables first,
  /// then the SigningTable in OpenDKIM's order of look-ups. Empty: this author's mail is not
  /// signed. i= is plain text, not yet in dkim-quoted-printable, and within d=.
  [[nodiscard]] std::vector<dkim::SignatureRequest> find(const mail::Mailbox& author) const;

  /// Every key under every name that can be foreseen, each once, for checks against the DNS. A key
  /// that signs for whatever domain comes can have other names as well.
  [[nodiscard]] const std::vector<dkim::SigningKeyPtr>& keys() const;

 private:
  struct State;
  explicit KeyRing(std::shared_ptr<const State> state);
  std::shared_ptr<const State> state_;
};

}  // namespace sekisho::keys
