#include "tools/sign/signing_plan.hpp"

#include "checkpoint/signing_choice.hpp"
#include "dkim/body_hashes.hpp"
#include "findings/findings.hpp"
#include "mail/author.hpp"
#include "tools/cli/configuration.hpp"

#include <iostream>
#include <optional>
#include <utility>

namespace sekisho::tools {

namespace {

// As the daemon chooses for mail that was written on its own host.
SigningRequests choose_as_daemon(const config::Options& options,
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

}  // namespace

std::expected<SigningPlan, Refusal> plan_with_configured_keys(config::Options options,
                                                              std::string_view subcommand) {
  auto keys = load_keys(options, subcommand);
  if (!keys) {
    return std::unexpected(std::move(keys).error());
  }
  checkpoint::SigningServices services;
  services.keys = *std::move(keys);
  dkim::SignOptions signature = options.signing.signature;
  return SigningPlan{std::move(signature),
                     [options = std::move(options),
                      services = std::move(services)](const mail::HeaderSection& header) {
                       return choose_as_daemon(options, services, header);
                     }};
}

std::expected<std::vector<mail::HeaderField>, Refusal> sign_message(const SigningPlan& plan,
                                                                    std::chrono::sys_seconds now,
                                                                    std::string_view subcommand,
                                                                    MessageFile& message) {
  dkim::BodyHashes hashes;
  std::optional<dkim::Signer> signer;
  std::optional<Refusal> refusal;
  const mail::ReadReport report = message.read(
      {},
      [&](const mail::HeaderSection& header) {
        SigningRequests requests = plan.choose(header);
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
    std::cerr << "sekisho " << subcommand
              << ": warning: a line that is no header field ended the header section; it and what "
                 "follows is body\n";
  }
  hashes.finish();
  return signer.value().finish(hashes);
}

}  // namespace sekisho::tools
