// A key's record in the forms in which operators publish it.
#pragma once

#include "dkim/signing_key.hpp"

#include <string>
#include <string_view>

#include <nlohmann/json_fwd.hpp>

namespace sekisho::tools {

/// "rsa", "ed25519"
[[nodiscard]] std::string_view format_key_type(crypto::KeyType type);

/// A line of a master file (RFC 1035 §5.1), the text in strings of at most 255 octets (§3.3.14).
[[nodiscard]] std::string format_zone_record(const dkim::SigningKey& key);

/// Both forms with what to do with them, for a person.
[[nodiscard]] std::string format_record_page(const dkim::SigningKey& key);

/// domain, selector, algorithm, bits, record_name, record, zone.
[[nodiscard]] nlohmann::ordered_json describe_record(const dkim::SigningKey& key);

}  // namespace sekisho::tools
