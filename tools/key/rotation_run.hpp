// What `sekisho key status` and `sekisho key rotate` have in common: where the rotation of a
// domain's keys stands, and what is to be changed next.
#pragma once

#include "crypto/private_key.hpp"
#include "mail/domain.hpp"
#include "tools/cli/command_line.hpp"
#include "tools/cli/dns_options.hpp"
#include "tools/cli/refusal.hpp"
#include "tools/key/rotation.hpp"
#include "tools/key/store.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sekisho::tools {

struct RotationArguments {
  std::string domain;
  std::string config;
  std::vector<std::string> in_use;
  std::string algorithm;
  std::string folder;  ///< Empty: the default.
  std::optional<std::int64_t> expiry_days;
  DnsArguments dns;
  std::optional<std::int64_t> now;
  std::string format = "text";
};

void add_rotation_options(Command& command, RotationArguments& arguments);

/// The keys of one algorithm, which take each other's place.
struct RotatedKeys {
  crypto::KeyType type = crypto::KeyType::rsa;
  std::vector<RotatedKey> keys;
};

struct Rotation {
  mail::Domain domain;
  KeyStore store;
  std::vector<RotatedKeys> by_type;
  std::chrono::sys_seconds now;

  [[nodiscard]] std::vector<RotatedKey> all_keys() const;
};

/// Reads the keys and the configuration, and asks the DNS; changes nothing. `subcommand` is for
/// messages. Refused: a folder of --dir that does not exist, and a domain without a key there or in
/// the configuration.
[[nodiscard]] std::expected<Rotation, Refusal> look_at_rotation(const RotationArguments& arguments,
                                                                std::string_view subcommand);

}  // namespace sekisho::tools
