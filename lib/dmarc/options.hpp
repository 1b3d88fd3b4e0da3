// Section [dmarc] of the configuration.
#pragma once

#include "dmarc/public_suffixes.hpp"
#include "dmarc/result.hpp"

#include <expected>
#include <memory>
#include <string>

namespace sekisho::dmarc {

/// psl: RFC 7489's way, with the public suffix list, sp= for every subdomain, and pct=.
using Discovery = DiscoveryMethod;

struct Options {
  Discovery discovery = Discovery::treewalk;
  std::string public_suffix_list;  ///< File; empty: the one libpsl knows.

  /// What load_public_suffixes() read; null: libpsl's built-in list.
  std::shared_ptr<const PublicSuffixes> suffixes;
};

/// Reads the list that the options name, where they ask for it. To be called once, when the options
/// are made; the error is a line for the operator.
[[nodiscard]] std::expected<void, std::string> load_public_suffixes(Options& options);

}  // namespace sekisho::dmarc
