#include "keys/key_choice.hpp"
#include "tools/cli/subcommands.hpp"
#include "tools/key/record.hpp"
#include "tools/key/store.hpp"

#include <chrono>
#include <cstddef>
#include <expected>
#include <iostream>
#include <string>
#include <utility>

#include <nlohmann/json.hpp>

namespace sekisho::tools {

namespace {

struct Arguments {
  std::string domain;
  std::string selector;
  std::string algorithm = "rsa";
  std::size_t bits = 2048;
  std::string folder;  ///< Empty: the default.
  std::string format = "text";
};

struct Made {
  dkim::SigningKey key;
  std::string file;
};

std::expected<Made, Refusal> make(const Arguments& arguments) {
  const auto domain = mail::Domain::parse(arguments.domain);
  if (!domain) {
    return std::unexpected(Refusal{exit_usage, arguments.domain + ": not a domain name"});
  }
  if (!arguments.selector.empty() && !keys::is_selector(arguments.selector)) {
    return std::unexpected(
        Refusal{exit_usage, "--selector " + arguments.selector + ": not a selector"});
  }
  const auto type = arguments.algorithm == "rsa" ? crypto::KeyType::rsa : crypto::KeyType::ed25519;
  const auto folder = key_folder(arguments.folder);
  if (!folder) {
    return std::unexpected(folder.error());
  }
  const KeyStore store(*folder, *domain);
  const auto now = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
  dkim::SigningKey key{
      *domain, arguments.selector.empty() ? store.free_selector(type, now) : arguments.selector,
      crypto::PrivateKey::generate(type, arguments.bits)};
  auto file = store.write(key);
  if (!file) {
    return std::unexpected(std::move(file.error()));
  }
  return Made{std::move(key), *std::move(file)};
}

int run(const Arguments& arguments) {
  const auto made = make(arguments);
  if (!made) {
    return complain("key generate", made.error());
  }
  if (arguments.format == "json") {
    auto description = describe_record(made->key);
    description["file"] = made->file;
    std::cout << description.dump(2) << '\n';
  } else {
    std::cout << "The private key is in " << made->file
              << "\n\nPublish its record before anything is signed with it.\n"
              << format_record_page(made->key);
  }
  return exit_success;
}

}  // namespace

void add_key_generate(Command& key) {
  Command generate = key.command("generate", "Create a private key and print its record");
  Arguments& arguments = generate.runs(run);
  generate.argument("DOMAIN", arguments.domain, "Domain that will sign").required();
  generate.option("--selector NAME", arguments.selector,
                  "Selector of the key; default: month and algorithm");
  generate.choice("--algorithm", arguments.algorithm, {"rsa", "ed25519"},
                  "Type of the key; default: rsa");
  generate.number("--bits", arguments.bits,
                  {crypto::PrivateKey::min_rsa_bits, crypto::PrivateKey::max_rsa_bits},
                  "Size of an RSA key; default: 2048");
  generate.option("--dir DIR", arguments.folder,
                  "Folder of the keys, for DIR/DOMAIN/SELECTOR.pem; default: /etc/sekisho/keys");
  generate.choice("--format", arguments.format, {"text", "json"}, "Output format");
}

}  // namespace sekisho::tools
