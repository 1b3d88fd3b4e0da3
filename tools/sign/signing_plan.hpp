// How a message is signed, and with which keys: for the subcommands that sign.
#pragma once

#include "config/options.hpp"
#include "dkim/sign_options.hpp"
#include "dkim/signer.hpp"
#include "mail/header_field.hpp"
#include "tools/cli/message_file.hpp"
#include "tools/cli/refusal.hpp"

#include <chrono>
#include <expected>
#include <functional>
#include <string_view>
#include <vector>

namespace sekisho::tools {

using SigningRequests = std::expected<std::vector<dkim::SignatureRequest>, Refusal>;

/// How messages are signed, and which keys sign one.
struct SigningPlan {
  dkim::SignOptions options;
  std::function<SigningRequests(const mail::HeaderSection&)> choose;
};

/// As the daemon signs mail that was written on its own host. What is wrong with single keys goes
/// to standard error, after the subcommand's name.
[[nodiscard]] std::expected<SigningPlan, Refusal> plan_with_configured_keys(
    config::Options options, std::string_view subcommand);

/// Reads the message once. The fields go on top of it, one after the other.
[[nodiscard]] std::expected<std::vector<mail::HeaderField>, Refusal> sign_message(
    const SigningPlan& plan, std::chrono::sys_seconds now, std::string_view subcommand,
    MessageFile& message);

}  // namespace sekisho::tools
