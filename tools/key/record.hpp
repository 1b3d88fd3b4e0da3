// A key's record, and any other TXT record, in the forms in which operators publish it.
#pragma once

#include "dkim/signing_key.hpp"

#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json_fwd.hpp>

namespace sekisho::tools {

/// "rsa", "ed25519"
[[nodiscard]] std::string_view format_key_type(crypto::KeyType type);

/// The text of a record in strings of at most 255 octets.
[[nodiscard]] std::vector<std::string> record_strings(std::string_view text);

/// A line of a master file (RFC 1035 §5.1), the text in strings of at most 255 octets (§3.3.14).
[[nodiscard]] std::string format_zone_record(std::string_view name, std::string_view text);
[[nodiscard]] std::string format_zone_record(const dkim::SigningKey& key);

/// `"..." "..."`: these strings on one line, as Route 53, most web forms and nsupdate(1) take them.
[[nodiscard]] std::string format_quoted_strings(std::string_view text);
[[nodiscard]] std::string format_quoted_strings(const dkim::SigningKey& key);

/// All forms with what to do with them, for a person.
[[nodiscard]] std::string format_record_page(const dkim::SigningKey& key);

/// domain, selector, algorithm, bits, record_name, record, strings, quoted, zone.
[[nodiscard]] nlohmann::ordered_json describe_record(const dkim::SigningKey& key);

}  // namespace sekisho::tools
