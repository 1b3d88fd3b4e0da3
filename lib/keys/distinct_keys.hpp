// Keys gathered from several places, each listed once.
#pragma once

#include "dkim/signing_key.hpp"

#include <string>
#include <vector>

namespace sekisho::keys {

/// Whether both sign alike: the same key, whichever file or entry it was read for.
[[nodiscard]] bool is_same_key(const dkim::SigningKeyPtr& a, const dkim::SigningKeyPtr& b);

/// Every key once under every record name, in the order given. `problems` gets a line for each name
/// that has different keys: the DNS cannot publish them all.
[[nodiscard]] std::vector<dkim::SigningKeyPtr> distinct_keys(std::vector<dkim::SigningKeyPtr> keys,
                                                             std::vector<std::string>& problems);

}  // namespace sekisho::keys
