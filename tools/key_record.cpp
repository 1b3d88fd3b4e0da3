#include "tools/key_record.hpp"

#include "keys/publication.hpp"

#include <algorithm>
#include <utility>

#include <nlohmann/json.hpp>

namespace sekisho::tools {

std::string_view format_key_type(crypto::KeyType type) {
  switch (type) {
    case crypto::KeyType::rsa:
      return "rsa";
    case crypto::KeyType::ed25519:
      return "ed25519";
  }
  std::unreachable();
}

std::string format_zone_record(const dkim::SigningKey& key) {
  constexpr std::size_t max_string = 255;
  std::string_view text;
  const std::string record = keys::format_key_record(key.key);
  text = record;
  std::string zone = key.record_name() + ". IN TXT";
  if (text.size() <= max_string) {
    return zone + " \"" + record + "\"\n";
  }
  zone += " (";
  while (!text.empty()) {
    zone += "\n  \"" + std::string(text.substr(0, max_string)) + "\"";
    text.remove_prefix(std::min(max_string, text.size()));
  }
  return zone + " )\n";
}

std::string format_record_page(const dkim::SigningKey& key) {
  return "For a zone file:\n\n" + format_zone_record(key) +
         "\nFor a web form: a TXT record with the name\n\n" + key.record_name() +
         "\n\nand the value, on one line,\n\n" + keys::format_key_record(key.key) + "\n";
}

nlohmann::ordered_json describe_record(const dkim::SigningKey& key) {
  return {{"domain", key.domain.text()},
          {"selector", key.selector},
          {"algorithm", format_key_type(key.key.type())},
          {"bits", key.key.bits()},
          {"record_name", key.record_name()},
          {"record", keys::format_key_record(key.key)},
          {"zone", format_zone_record(key)}};
}

}  // namespace sekisho::tools
