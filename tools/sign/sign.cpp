#include "config/options.hpp"
#include "dkim/signer.hpp"
#include "mail/header_field.hpp"
#include "tools/cli/configuration.hpp"
#include "tools/cli/message_file.hpp"
#include "tools/cli/now_option.hpp"
#include "tools/cli/refusal.hpp"
#include "tools/cli/subcommands.hpp"
#include "tools/sign/signing_keys.hpp"
#include "tools/sign/signing_plan.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <expected>
#include <iostream>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace sekisho::tools {

namespace {

struct Arguments {
  KeyArguments keys;
  std::string config;
  std::string canonicalization;
  std::optional<std::int64_t> now;
  std::string message;
};

void warn(const std::string& what) {
  std::cerr << "sekisho sign: warning: " << what << '\n';
}

// RFC 6376 §5.4 wants From signed, and RFC 5322 §3.6 knows one alone.
SigningRequests for_one_author_field(const std::vector<dkim::SigningKeyPtr>& keys,
                                     const mail::HeaderSection& header) {
  const std::size_t from_fields = mail::fields_named(header, "From").size();
  if (from_fields != 1) {
    return std::unexpected(Refusal{exit_failure, from_fields == 0
                                                     ? "the message has no From field"
                                                     : "the message has several From fields"});
  }
  std::vector<dkim::SignatureRequest> requests;
  for (const dkim::SigningKeyPtr& key : keys) {
    requests.push_back({.key = key, .auid = ""});
  }
  return requests;
}

std::expected<SigningPlan, Refusal> plan_with_named_keys(const Arguments& arguments,
                                                         dkim::SignOptions options) {
  std::vector<std::string> warnings;
  auto keys = read_signing_keys(arguments.keys, warnings);
  if (!keys) {
    return std::unexpected(std::move(keys).error());
  }
  std::ranges::for_each(warnings, warn);
  return SigningPlan{std::move(options),
                     [keys = *std::move(keys)](const mail::HeaderSection& header) {
                       return for_one_author_field(keys, header);
                     }};
}

std::expected<SigningPlan, Refusal> make_plan(const Arguments& arguments) {
  config::Options options;
  if (!arguments.config.empty()) {
    auto loaded = load_configuration(arguments.config);
    if (!loaded) {
      return std::unexpected(std::move(loaded).error());
    }
    options = *std::move(loaded);
  }
  if (!arguments.canonicalization.empty()) {
    const auto pair = dkim::parse_canonicalization_pair(arguments.canonicalization);
    if (!pair) {
      return std::unexpected(
          Refusal{exit_usage, "--canonicalization " + arguments.canonicalization +
                                  ": not two of simple and relaxed with a slash between them"});
    }
    options.signing.signature.header_canonicalization = pair->header;
    options.signing.signature.body_canonicalization = pair->body;
  }
  if (arguments.config.empty() || names_a_key(arguments.keys)) {
    return plan_with_named_keys(arguments, std::move(options.signing.signature));
  }
  return plan_with_configured_keys(std::move(options), "sign");
}

std::expected<void, Refusal> sign(const Arguments& arguments) {
  const auto plan = make_plan(arguments);
  if (!plan) {
    return std::unexpected(plan.error());
  }
  auto message = MessageFile::open(arguments.message);
  if (!message) {
    return std::unexpected(message.error());
  }
  const auto fields = sign_message(*plan, present_time(arguments.now), "sign", *message);
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

void add_sign(Command& sekisho) {
  Command sign = sekisho.command("sign", "Print a message with DKIM signatures");
  Arguments& arguments = sign.runs(run);
  sign.option("--config FILE", arguments.config,
              "Configuration to sign with; its keys are used unless --key is given");
  add_key_options(sign, arguments.keys);
  sign.option(
      "--canonicalization HEADER/BODY", arguments.canonicalization,
      "Canonicalization of header and body; default: the configured one, or relaxed/relaxed");
  add_now_option(sign, arguments.now);
  sign.argument("MESSAGE", arguments.message,
                "File with a message; without it, or with -, standard input");
}

}  // namespace sekisho::tools
