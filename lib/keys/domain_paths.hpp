// Key files whose path holds the author's domain: `/etc/opendkim/keys/%/mail.private`.
#pragma once

#include "keys/key_choice.hpp"
#include "keys/key_file.hpp"

#include <expected>
#include <string>
#include <vector>

namespace sekisho::keys {

/// Reads the file of every domain for which there is one, in the directory where the first `%`
/// stands. All are read at once, since a daemon in service may have no right to read keys: a domain
/// that gets its file later is seen by the next reload. `problems` gets the files that cannot be
/// used; an error: the directory cannot be read, or holds no key.
[[nodiscard]] std::expected<KeyChoice::KeysByDomain, std::string> read_keys_by_domain(
    const std::string& path, KeyFiles& files, std::vector<std::string>& problems);

}  // namespace sekisho::keys
