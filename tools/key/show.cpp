#include "keys/key_choice.hpp"
#include "keys/key_file.hpp"
#include "tools/cli/refusal.hpp"
#include "tools/cli/subcommands.hpp"
#include "tools/key/record.hpp"

#include <expected>
#include <iostream>
#include <string>
#include <utility>

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

void add_key_show(Command& key) {
  Command show = key.command("show", "Print the record of a private key");
  Arguments& arguments = show.runs(run);
  show.argument("FILE", arguments.file, "Private key in PEM").required();
  show.option("--domain NAME", arguments.domain, "Domain that signs (d=)").required();
  show.option("--selector NAME", arguments.selector, "Selector of the key (s=)").required();
  show.choice("--format", arguments.format, {"text", "json"}, "Output format");
}

}  // namespace sekisho::tools
