#include "arc/sealer.hpp"
#include "authres/authentication_results.hpp"
#include "authres/describe.hpp"
#include "checkpoint/signing_services.hpp"
#include "dkim/body_hashes.hpp"
#include "mail/header_field.hpp"
#include "tools/check/check_session.hpp"
#include "tools/cli/message_file.hpp"
#include "tools/cli/refusal.hpp"
#include "tools/cli/subcommands.hpp"
#include "tools/sign/signing_keys.hpp"

#include <algorithm>
#include <expected>
#include <iostream>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sekisho::tools {

namespace {

struct Arguments {
  SessionArguments session;
  KeyArguments keys;
  std::string message;
};

void warn(const std::string& what) {
  std::cerr << "sekisho seal: warning: " << what << '\n';
}

std::expected<dkim::SigningKeyPtr, Refusal> read_named_key(const KeyArguments& arguments) {
  std::vector<std::string> warnings;
  const auto keys = read_signing_keys(arguments, warnings);
  if (!keys) {
    return std::unexpected(keys.error());
  }
  if (keys->size() > 1) {
    return std::unexpected(Refusal{exit_usage, "a seal has one key"});
  }
  std::ranges::for_each(warnings, warn);
  return keys->front();
}

std::expected<dkim::SigningKeyPtr, Refusal> read_seal_key(const Arguments& arguments,
                                                          const checkpoint::Options& options) {
  if (arguments.session.config.empty() || names_a_key(arguments.keys)) {
    return read_named_key(arguments.keys);
  }
  auto key = checkpoint::open_seal_key(options);
  if (!key) {
    return std::unexpected(Refusal{exit_failure, std::move(key).error()});
  }
  return *std::move(key);
}

// The fields of the new set, as they go on top one after the other; none where the chain must not
// be extended.
std::expected<std::vector<mail::HeaderField>, Refusal> seal_message(const dkim::SigningKeyPtr& key,
                                                                    CheckSession& verification,
                                                                    MessageFile& message) {
  auto& [services, session] = verification;
  const checkpoint::Options& options = services->options;
  dkim::BodyHashes hashes;
  std::optional<arc::Sealer> sealer;
  const mail::ReadReport report = message.read(
      {.header_octets = options.limits.header_octets,
       .header_fields = options.limits.header_fields},
      [&](mail::HeaderSection header) {
        sealer.emplace(header, key, options.signing.signature, services->now(), hashes);
        for (mail::HeaderField& field : header) {
          session.header(std::move(field));
        }
        session.end_of_header();
      },
      [&](std::string_view chunk) {
        session.body(chunk);
        hashes.update(chunk);
      });
  if (report.over_limit) {
    return std::unexpected(Refusal{exit_failure, "the header section is too large to be sealed"});
  }
  if (report.header_cut) {
    warn("a line that is no header field ended the header section; it and what follows is body");
  }
  hashes.finish();
  const checkpoint::Verdict verdict = session.end_of_message("").value();
  const std::string results =
      authres::format(authres::describe(verdict.findings, verdict.disposition.overrides,
                                        options.authserv_id, {.extended = options.header_extended}),
                      {.comments = options.header_comments});
  return sealer.value().finish(hashes, verdict.findings.arc, results, {});
}

std::expected<void, Refusal> seal(const Arguments& arguments) {
  auto session = open_check_session(arguments.session);
  if (!session) {
    return std::unexpected(session.error());
  }
  const auto key = read_seal_key(arguments, session->services->options);
  if (!key) {
    return std::unexpected(key.error());
  }
  auto message = MessageFile::open(arguments.message);
  if (!message) {
    return std::unexpected(message.error());
  }
  auto set = seal_message(*key, *session, *message);
  if (!set) {
    return std::unexpected(set.error());
  }
  if (set->empty()) {
    warn("not sealed: the chain says that it failed, or has as many sets as may be");
  }
  std::ranges::reverse(*set);
  return message->print(*set, std::cout);
}

int run(const Arguments& arguments) {
  const auto done = seal(arguments);
  return done ? exit_success : complain("seal", done.error());
}

}  // namespace

void add_seal(Command& sekisho) {
  Command seal = sekisho.command("seal", "Check a message, and print it with a new ARC set");
  Arguments& arguments = seal.runs(run);
  add_key_options(seal, arguments.keys);
  add_session_options(seal, arguments.session);
  seal.argument("MESSAGE", arguments.message,
                "File with a message; without it, or with -, standard input");
}

}  // namespace sekisho::tools
