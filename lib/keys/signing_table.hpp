// OpenDKIM's SigningTable: which keys sign for which authors, as opendkim.conf(5) has it and
// opendkim 2.11 does it.
#pragma once

#include "dkim/signer.hpp"
#include "keys/key_table.hpp"
#include "keys/pattern.hpp"
#include "keys/table.hpp"
#include "mail/address.hpp"

#include <cstddef>
#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace sekisho::keys {

/// A line: whose mail, and what signs it.
struct SigningTableEntry {
  std::string author;              ///< Lower case, domains in A-labels.
  std::optional<Pattern> pattern;  ///< The author, in a table of patterns.
  std::string key_name;            ///< `%`: the author's domain.
  std::string auid;                ///< i=, with `%` for the author's domain; empty: none.
};
[[nodiscard]] std::expected<SigningTableEntry, std::string> parse_signing_table_entry(
    TableKind kind, const TableLine& line);

/// Every one of these forms may stand in an exact table; the order is that of the look-ups.
/// opendkim.conf(5) has all the `user@.domain` before the `.domain`; opendkim asks for both at one
/// domain before it goes up to the next, and so do we. The author's own domain has no dotted form.
[[nodiscard]] std::vector<std::string> author_forms(const std::string& local_part,
                                                    const mail::Domain& domain);

class SigningTable {
 public:
  /// Takes `keys`, whose names the lines use.
  SigningTable(const Table& table, KeyTable keys, bool multiple_signatures,
               std::vector<std::string>& problems);

  /// `domain` is the author's.
  [[nodiscard]] std::vector<dkim::SignatureRequest> find(const std::string& local_part,
                                                         const mail::Domain& domain) const;
  [[nodiscard]] const KeyTable& keys() const { return keys_; }
  [[nodiscard]] bool empty() const { return entries_.empty(); }

 private:
  bool link(SigningTableEntry& entry, std::string& problem);
  bool request(const SigningTableEntry& entry, const mail::Domain& domain,
               std::vector<dkim::SignatureRequest>& requests) const;

  TableKind kind_;
  bool multiple_signatures_;
  KeyTable keys_;
  std::vector<SigningTableEntry> entries_;
  std::unordered_map<std::string, std::size_t> by_author_;
};

}  // namespace sekisho::keys
