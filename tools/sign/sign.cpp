#include "checkpoint/signing_choice.hpp"
#include "config/options.hpp"
#include "dkim/body_hashes.hpp"
#include "dkim/signer.hpp"
#include "findings/findings.hpp"
#include "mail/author.hpp"
#include "mail/header_field.hpp"
#include "tools/cli/configuration.hpp"
#include "tools/cli/message_file.hpp"
#include "tools/cli/now_option.hpp"
#include "tools/cli/refusal.hpp"
#include "tools/cli/subcommands.hpp"
#include "tools/sign/signing_keys.hpp"

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <expected>
#include <functional>
#include <iostream>
#include <optional>
#include <string>
#include <string_view>
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

using Requests = std::expected<std::vector<dkim::SignatureRequest>, Refusal>;

/// How messages are signed, and which keys sign one.
struct Plan {
  dkim::SignOptions options;
  std::function<Requests(const mail::HeaderSection&)> choose;
};

void warn(const std::string& what) {
  std::cerr << "sekisho sign: warning: " << what << '\n';
}

// RFC 6376 §5.4 wants From signed, and RFC 5322 §3.6 knows one alone.
Requests for_one_author_field(const std::vector<dkim::SigningKeyPtr>& keys,
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

std::expected<Plan, Refusal> plan_with_named_keys(const Arguments& arguments,
                                                  dkim::SignOptions options) {
  std::vector<std::string> warnings;
  auto keys = read_signing_keys(arguments.keys, warnings);
  if (!keys) {
    return std::unexpected(std::move(keys).error());
  }
  std::ranges::for_each(warnings, warn);
  return Plan{std::move(options), [keys = *std::move(keys)](const mail::HeaderSection& header) {
                return for_one_author_field(keys, header);
              }};
}

// As the daemon chooses for mail that was written on its own host.
Requests choose_as_daemon(const config::Options& options,
                          const checkpoint::SigningServices& services,
                          const mail::HeaderSection& header) {
  findings::Findings findings;
  findings.origin = findings::Origin::internal;
  findings.author = mail::find_author(header, {.mailboxes = options.limits.addresses,
                                               .comment_depth = options.limits.comment_depth});
  checkpoint::SigningChoice choice = checkpoint::choose_signatures(findings, {}, services, false);
  if (choice.requests.empty()) {
    findings.outgoing.not_signed = choice.not_signed;
    return std::unexpected(
        Refusal{exit_failure, "not signed: " + findings::describe_not_signed(findings)});
  }
  return std::move(choice.requests);
}

std::expected<Plan, Refusal> plan_with_configured_keys(config::Options options) {
  auto keys = load_keys(options, "sign");
  if (!keys) {
    return std::unexpected(std::move(keys).error());
  }
  checkpoint::SigningServices services;
  services.keys = *std::move(keys);
  dkim::SignOptions signature = options.signing.signature;
  return Plan{std::move(signature), [options = std::move(options), services = std::move(services)](
                                        const mail::HeaderSection& header) {
                return choose_as_daemon(options, services, header);
              }};
}

std::expected<Plan, Refusal> make_plan(const Arguments& arguments) {
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
  return plan_with_configured_keys(std::move(options));
}

std::expected<std::vector<mail::HeaderField>, Refusal> sign_message(const Plan& plan,
                                                                    std::chrono::sys_seconds now,
                                                                    MessageFile& message) {
  dkim::BodyHashes hashes;
  std::optional<dkim::Signer> signer;
  std::optional<Refusal> refusal;
  const mail::ReadReport report = message.read(
      {},
      [&](const mail::HeaderSection& header) {
        Requests requests = plan.choose(header);
        if (!requests) {
          refusal = std::move(requests).error();
          return;
        }
        signer.emplace(header, *std::move(requests), plan.options, now, hashes);
      },
      [&](std::string_view chunk) { hashes.update(chunk); });
  if (report.over_limit) {
    return std::unexpected(Refusal{exit_failure, "the header section is too large to be signed"});
  }
  if (refusal) {
    return std::unexpected(*std::move(refusal));
  }
  if (report.header_cut) {
    warn("a line that is no header field ended the header section; it and what follows is body");
  }
  hashes.finish();
  return signer.value().finish(hashes);
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
  const auto fields = sign_message(*plan, present_time(arguments.now), *message);
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
