#include "tools/sign/signing_keys.hpp"

#include "keys/key_file.hpp"
#include "mail/domain.hpp"

#include <cstddef>
#include <filesystem>
#include <memory>

namespace sekisho::tools {

namespace {

std::unexpected<Refusal> refuse(int status, std::string message) {
  return std::unexpected(Refusal{status, std::move(message)});
}

bool is_open_to_others(const std::string& path) {
  using std::filesystem::perms;
  std::error_code error;
  const perms mode = std::filesystem::status(path, error).permissions();
  return !error && (mode & (perms::group_all | perms::others_all)) != perms::none;
}

// d= has two labels at least (RFC 6376 §3.5), and the record's name fits into the DNS.
std::expected<dkim::SigningKeyPtr, Refusal> read_signing_key(const std::string& domain_text,
                                                             const std::string& selector_text,
                                                             const std::string& path) {
  constexpr std::size_t max_name = 253;
  const auto domain = mail::Domain::parse(domain_text);
  if (!domain || domain->label_count() < 2) {
    return refuse(exit_usage, "--domain " + domain_text + ": not a domain name");
  }
  const auto selector = mail::Domain::parse(selector_text);
  if (!selector) {
    return refuse(exit_usage, "--selector " + selector_text + ": not a selector");
  }
  auto key = keys::read_key_file(path, true);
  if (!key) {
    return refuse(exit_failure, std::move(key).error());
  }
  auto signing_key = std::make_shared<dkim::SigningKey>(
      dkim::SigningKey{.domain = *domain, .selector = selector->text(), .key = *std::move(key)});
  if (signing_key->record_name().size() > max_name) {
    return refuse(exit_usage, "--domain and --selector are too long for a name in the DNS");
  }
  return signing_key;
}

}  // namespace

void add_key_options(Command& command, KeyArguments& arguments) {
  command.option("--domain NAME", arguments.domains,
                 "Domain that signs (d=); repeated with the next two");
  command.option("--selector NAME", arguments.selectors, "Selector of its key (s=)");
  command.option("--key FILE", arguments.files, "Private key in PEM");
}

std::expected<std::vector<dkim::SigningKeyPtr>, Refusal> read_signing_keys(
    const KeyArguments& arguments, std::vector<std::string>& warnings) {
  const std::size_t count = arguments.files.size();
  if (arguments.domains.size() != count || arguments.selectors.size() != count) {
    return refuse(exit_usage,
                  "--domain, --selector and --key belong together: give each equally often");
  }
  if (count == 0) {
    return refuse(exit_usage, "no key: give --config, or --domain, --selector and --key");
  }
  std::vector<dkim::SigningKeyPtr> keys;
  for (std::size_t i = 0; i < count; ++i) {
    auto key = read_signing_key(arguments.domains[i], arguments.selectors[i], arguments.files[i]);
    if (!key) {
      return std::unexpected(std::move(key).error());
    }
    if (is_open_to_others(arguments.files[i])) {
      warnings.push_back(arguments.files[i] + ": others than its owner have access to this key");
    }
    keys.push_back(*std::move(key));
  }
  return keys;
}

}  // namespace sekisho::tools
