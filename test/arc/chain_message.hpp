// The messages of test/data/arc, and edits of their headers.
#pragma once

#include "arc/validator.hpp"
#include "dkim/keys_on.hpp"
#include "dns/zone_file.hpp"
#include "mail/message_reader.hpp"
#include "support/fake_resolver.hpp"

#include <algorithm>
#include <fstream>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

namespace sekisho::arc {

struct ChainMessage {
  mail::HeaderSection header;
  std::string body;

  /// The field of this name and instance.
  mail::HeaderField& field(std::string_view name, std::size_t instance) {
    const std::string tag = "i=" + std::to_string(instance) + ";";
    const auto found = std::ranges::find_if(header, [&](const mail::HeaderField& each) {
      return mail::is_named(each, name) && each.value.contains(tag);
    });
    if (found == header.end()) {
      throw std::invalid_argument("no such field");
    }
    return *found;
  }
  /// Replaces text that must be there.
  void replace(std::string_view name, std::size_t instance, std::string_view from,
               std::string_view to) {
    std::string& value = field(name, instance).value;
    value.replace(value.find(from), from.size(), to);
  }
  void remove(std::string_view name, std::size_t instance) {
    std::erase(header, mail::HeaderField(field(name, instance)));
  }
};

inline ChainMessage read_chain(const std::string& name) {
  ChainMessage message;
  std::ifstream file(std::string(SEKISHO_TEST_DATA "/arc/") + name, std::ios::binary);
  mail::read_message(
      file, {}, [&](mail::HeaderSection header) { message.header = std::move(header); },
      [&](std::string_view chunk) { message.body += chunk; });
  return message;
}

inline std::shared_ptr<dns::Resolver> published_keys() {
  auto zone = dns::ZoneFile::load(SEKISHO_TEST_DATA "/arc/keys.zone");
  if (!zone) {
    throw std::invalid_argument(zone.error().message);
  }
  return *std::move(zone);
}

struct Conditions {
  std::shared_ptr<dns::Resolver> resolver = published_keys();
  Options options = {};
  dkim::VerifyOptions signature_options = {};
  std::chrono::sys_seconds now{std::chrono::seconds{1'700'000'100}};
};

inline ChainResult validate(const ChainMessage& message, const Conditions& conditions = {}) {
  dkim::BodyHashes hashes;
  Validator validator(test::keys_on(conditions.resolver, conditions.signature_options),
                      message.header, conditions.options, conditions.signature_options,
                      conditions.now, hashes);
  hashes.update(message.body);
  hashes.finish();
  return validator.finish(hashes);
}

}  // namespace sekisho::arc
