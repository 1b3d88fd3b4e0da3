#include "keys/key_choice.hpp"
#include "keys/key_file.hpp"
#include "tools/key.hpp"
#include "tools/key_record.hpp"
#include "tools/refusal.hpp"

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
  std::string file;
  std::string domain;
  std::string selector;
  std::string format = "text";
};

std::expected<dkim::SigningKey, Refusal> read(const Arguments& arguments) {
  const auto domain = mail::Domain::parse(arguments.domain);
  if (!domain) {
    return std::unexpected(
        Refusal{exit_usage, "--domain " + arguments.domain + ": not a domain name"});
  }
  if (!keys::is_selector(arguments.selector)) {
    return std::unexpected(
        Refusal{exit_usage, "--selector " + arguments.selector + ": not a selector"});
  }
  auto key = keys::read_key_file(arguments.file, true);
  if (!key) {
    return std::unexpected(Refusal{exit_failure, std::move(key.error())});
  }
  return dkim::SigningKey{*domain, arguments.selector, *std::move(key)};
}

int run(const Arguments& arguments) {
  const auto key = read(arguments);
  if (!key) {
    return complain("key show", key.error());
  }
  std::cout << (arguments.format == "json" ? describe_record(*key).dump(2) + "\n"
                                           : format_record_page(*key));
  return exit_success;
}

}  // namespace

void add_key_show(CLI::App& key, int& status) {
  auto arguments = std::make_shared<Arguments>();
  CLI::App* show = key.add_subcommand("show", "Print the record of a private key");
  show->add_option("FILE", arguments->file, "Private key in PEM")->required();
  show->add_option("--domain", arguments->domain, "Domain that signs (d=)")
      ->type_name("NAME")
      ->required();
  show->add_option("--selector", arguments->selector, "Selector of the key (s=)")
      ->type_name("NAME")
      ->required();
  show->add_option("--format", arguments->format, "How to print the record")
      ->check(CLI::IsMember({"text", "json"}));
  show->callback([arguments, &status] { status = run(*arguments); });
}

}  // namespace sekisho::tools
