#include "tools/sign.hpp"

#include "dkim/body_hashes.hpp"
#include "dkim/signer.hpp"
#include "mail/header_field.hpp"
#include "tools/message_file.hpp"
#include "tools/refusal.hpp"
#include "tools/signing_keys.hpp"

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <expected>
#include <iostream>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sekisho::tools {

namespace {

struct Arguments {
  KeyArguments keys;
  std::string canonicalization;
  std::optional<std::int64_t> now;
  std::string message;
};

void warn(const std::string& what) {
  std::cerr << "sekisho sign: warning: " << what << '\n';
}

std::expected<dkim::SignOptions, Refusal> sign_options(const Arguments& arguments) {
  dkim::SignOptions options;
  if (arguments.canonicalization.empty()) {
    return options;
  }
  const auto pair = dkim::parse_canonicalization_pair(arguments.canonicalization);
  if (!pair) {
    return std::unexpected(
        Refusal{exit_usage, "--canonicalization " + arguments.canonicalization +
                                ": not two of simple and relaxed with a slash between them"});
  }
  options.header_canonicalization = pair->header;
  options.body_canonicalization = pair->body;
  return options;
}

std::vector<dkim::SignatureRequest> requests_for(const std::vector<dkim::SigningKeyPtr>& keys) {
  std::vector<dkim::SignatureRequest> requests;
  for (const dkim::SigningKeyPtr& key : keys) {
    requests.push_back({.key = key, .auid = ""});
  }
  return requests;
}

std::chrono::sys_seconds present(const std::optional<std::int64_t>& now) {
  return now ? std::chrono::sys_seconds(std::chrono::seconds(*now))
             : std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
}

// RFC 6376 §5.4 wants From signed, and RFC 5322 §3.6 knows one alone.
std::expected<void, Refusal> check_message(std::size_t from_fields,
                                           const mail::ReadReport& report) {
  if (report.over_limit) {
    return std::unexpected(Refusal{exit_failure, "the header section is too large to be signed"});
  }
  if (from_fields != 1) {
    return std::unexpected(Refusal{exit_failure, from_fields == 0
                                                     ? "the message has no From field"
                                                     : "the message has several From fields"});
  }
  return {};
}

std::expected<std::vector<mail::HeaderField>, Refusal> sign_message(
    const Arguments& arguments, std::vector<dkim::SignatureRequest> requests,
    const dkim::SignOptions& options, MessageFile& message) {
  dkim::BodyHashes hashes;
  std::optional<dkim::Signer> signer;
  std::size_t from_fields = 0;
  const mail::ReadReport report = message.read(
      {},
      [&](const mail::HeaderSection& header) {
        from_fields = mail::fields_named(header, "From").size();
        signer.emplace(header, std::move(requests), options, present(arguments.now), hashes);
      },
      [&](std::string_view chunk) { hashes.update(chunk); });
  if (const auto checked = check_message(from_fields, report); !checked) {
    return std::unexpected(checked.error());
  }
  if (report.header_cut) {
    warn("a line that is no header field ended the header section; it and what follows is body");
  }
  hashes.finish();
  return signer.value().finish(hashes);
}

std::expected<void, Refusal> sign(const Arguments& arguments) {
  const auto options = sign_options(arguments);
  if (!options) {
    return std::unexpected(options.error());
  }
  std::vector<std::string> warnings;
  const auto keys = read_signing_keys(arguments.keys, warnings);
  if (!keys) {
    return std::unexpected(keys.error());
  }
  std::ranges::for_each(warnings, warn);
  auto message = MessageFile::open(arguments.message);
  if (!message) {
    return std::unexpected(message.error());
  }
  const auto fields = sign_message(arguments, requests_for(*keys), *options, *message);
  if (!fields) {
    return std::unexpected(fields.error());
  }
  return message->print(*fields, std::cout);
}

int run(const Arguments& arguments) {
  const auto done = sign(arguments);
  return done ? exit_success : complain("sign", done.error());
}

}  // namespace

void add_sign(CLI::App& app, int& status) {
  auto arguments = std::make_shared<Arguments>();
  CLI::App* sign = app.add_subcommand("sign", "Print a message with DKIM signatures on top");
  add_key_options(*sign, arguments->keys);
  sign->add_option("--canonicalization", arguments->canonicalization,
                   "Of header and body; relaxed/relaxed without it")
      ->type_name("HEADER/BODY");
  sign->add_option("--now", arguments->now, "Take this for the present time")->type_name("EPOCH");
  sign->add_option("MESSAGE", arguments->message, "A message in a file; - or none: standard input");
  sign->callback([arguments, &status] { status = run(*arguments); });
}

}  // namespace sekisho::tools
