#include "checkpoint/signing_services.hpp"

#include "keys/distinct_keys.hpp"
#include "keys/key_file.hpp"

#include <utility>

namespace sekisho::checkpoint {

namespace {

bool has_keys(const keys::Options& options) {
  return !options.entries.empty() || !options.signing_table.empty() || !options.key_table.empty();
}

std::expected<void, std::string> read_logins(const std::string& path, SigningServices& services) {
  auto logins = policy::LoginMap::load(path);
  if (!logins) {
    return std::unexpected(std::move(logins).error());
  }
  services.logins = *std::move(logins);
  return {};
}

// The seal may use a key that signs as well, but not another one under that key's name.
void report_conflict(const SigningServices& services, std::vector<std::string>& problems) {
  if (services.keys) {
    std::vector<dkim::SigningKeyPtr> all = services.keys->keys();
    all.push_back(services.seal_key);
    static_cast<void>(keys::distinct_keys(std::move(all), problems));
  }
}

}  // namespace

bool SigningServices::may_use(const dkim::SigningKeyPtr& key, bool require_published) const {
  return !publications || publications->use(key, require_published) != keys::Use::withhold;
}

std::vector<dkim::SigningKeyPtr> SigningServices::all_keys() const {
  std::vector<dkim::SigningKeyPtr> all;
  if (keys) {
    all = keys->keys();
  }
  if (seal_key) {
    all.push_back(seal_key);
  }
  std::vector<std::string> unused;  // open_signing() told them
  return keys::distinct_keys(std::move(all), unused);
}

std::expected<dkim::SigningKeyPtr, std::string> open_seal_key(const Options& options) {
  const ArcOptions& arc = options.arc;
  const auto domain = mail::Domain::parse(arc.domain);
  if (!domain || arc.selector.empty() || arc.key_file.empty()) {
    return std::unexpected("arc.domain, arc.selector and arc.key_file are not all given");
  }
  auto key = keys::read_key_file(arc.key_file, options.signing.keys.allow_readable_keys);
  if (!key) {
    return std::unexpected("arc.key_file: " + key.error());
  }
  return std::make_shared<const dkim::SigningKey>(
      dkim::SigningKey{*domain, arc.selector, *std::move(key)});
}

std::expected<SigningServices, std::string> open_signing(const Options& options,
                                                         std::vector<std::string>& problems) {
  SigningServices services;
  if (has_keys(options.signing.keys)) {
    auto keys = keys::KeyRing::load(options.signing.keys, problems);
    if (!keys) {
      return std::unexpected(std::move(keys).error());
    }
    services.keys = *std::move(keys);
  }
  if (!options.signing.login_map.empty()) {
    if (auto read = read_logins(options.signing.login_map, services); !read) {
      return std::unexpected(std::move(read).error());
    }
  }
  if (options.arc.seal != Seal::never) {
    auto seal_key = open_seal_key(options);
    if (!seal_key) {
      return std::unexpected(std::move(seal_key).error());
    }
    services.seal_key = *std::move(seal_key);
    report_conflict(services, problems);
  }
  return services;
}

}  // namespace sekisho::checkpoint
