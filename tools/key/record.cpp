#include "tools/key/record.hpp"

#include "keys/publication.hpp"

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

std::vector<std::string> record_strings(std::string_view text) {
  constexpr std::size_t max_string = 255;
  std::vector<std::string> strings;
  for (std::size_t begin = 0; begin < text.size(); begin += max_string) {
    strings.emplace_back(text.substr(begin, max_string));
  }
  return strings;
}

std::string format_quoted_strings(std::string_view text) {
  std::string line;
  for (const std::string& part : record_strings(text)) {
    line += (line.empty() ? "\"" : " \"") + part + "\"";
  }
  return line;
}

std::string format_quoted_strings(const dkim::SigningKey& key) {
  return format_quoted_strings(keys::format_key_record(key.key));
}

std::string format_zone_record(std::string_view name, std::string_view text) {
  const std::vector<std::string> strings = record_strings(text);
  std::string zone = std::string(name) + ". IN TXT";
  if (strings.size() == 1) {
    return zone + " \"" + strings.front() + "\"\n";
  }
  zone += " (";
  for (const std::string& part : strings) {
    zone += "\n  \"" + part + "\"";
  }
  return zone + " )\n";
}

std::string format_zone_record(const dkim::SigningKey& key) {
  return format_zone_record(key.record_name(), keys::format_key_record(key.key));
}

std::string format_record_page(const dkim::SigningKey& key) {
  return "For a zone file:\n\n" + format_zone_record(key) +
         "\nFor a web form: a TXT record with the name\n\n" + key.record_name() +
         "\n\nand the value, on one line,\n\n" + keys::format_key_record(key.key) +
         "\n\nor, where at most 255 characters are taken at a time (Route 53, nsupdate),\n\n" +
         format_quoted_strings(key) + "\n";
}

nlohmann::ordered_json describe_record(const dkim::SigningKey& key) {
  return {{"domain", key.domain.text()},
          {"selector", key.selector},
          {"algorithm", format_key_type(key.key.type())},
          {"bits", key.key.bits()},
          {"record_name", key.record_name()},
          {"record", keys::format_key_record(key.key)},
          {"strings", record_strings(keys::format_key_record(key.key))},
          {"quoted", format_quoted_strings(key)},
          {"zone", format_zone_record(key)}};
}

}  // namespace sekisho::tools
