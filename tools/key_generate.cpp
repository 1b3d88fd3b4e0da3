#include "keys/key_choice.hpp"
#include "tools/key.hpp"
#include "tools/key_record.hpp"
#include "tools/key_store.hpp"

#include <chrono>
#include <cstddef>
#include <expected>
#include <iostream>
#include <memory>
#include <string>
#include <utility>

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

namespace sekisho::tools {

namespace {

struct Arguments {
  std::string domain;
  std::string selector;
  std::string algorithm = "rsa";
  std::size_t bits = 2048;
  std::string folder{default_key_folder};
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
  const KeyStore store(arguments.folder, *domain);
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

void add_key_generate(CLI::App& key, int& status) {
  auto arguments = std::make_shared<Arguments>();
  CLI::App* generate = key.add_subcommand("generate", "Make a private key and print its record");
  generate->add_option("DOMAIN", arguments->domain, "Domain that will sign")->required();
  generate
      ->add_option("--selector", arguments->selector,
                   "Its name in the DNS; without it month and algorithm")
      ->type_name("NAME");
  generate->add_option("--algorithm", arguments->algorithm, "rsa without it")
      ->check(CLI::IsMember({"rsa", "ed25519"}));
  generate->add_option("--bits", arguments->bits, "Of an RSA key; 2048 without it")
      ->check(CLI::Range(crypto::PrivateKey::min_rsa_bits, crypto::PrivateKey::max_rsa_bits));
  generate
      ->add_option("--dir", arguments->folder,
                   "Folder of the keys, /etc/sekisho/keys without it: DIR/DOMAIN/SELECTOR.pem")
      ->type_name("DIR");
  generate->add_option("--format", arguments->format, "How to print the record")
      ->check(CLI::IsMember({"text", "json"}));
  generate->callback([arguments, &status] { status = run(*arguments); });
}

}  // namespace sekisho::tools
