// What setup asks Postfix: its settings and services, through postconf(1).
#pragma once

#include "tools/cli/command_runner.hpp"
#include "tools/setup/facts.hpp"

#include <expected>
#include <string>

namespace sekisho::tools::setup {

/// Returns `postconf` or `postfix`, with `-c` for a folder that is not the usual one.
[[nodiscard]] Words postfix_command(const std::string& program, const std::string& folder,
                                    bool is_usual);

/// `folder` is that of main.cf; empty: the usual one. Without Postfix, the error is empty;
/// otherwise it is what postconf(1) says.
[[nodiscard]] std::expected<PostfixFacts, std::string> gather_postfix(const CommandRunner& run,
                                                                      const std::string& folder);

/// Returns true if users send their mail through this service: submission, submissions, smtps, and
/// their ports.
[[nodiscard]] bool is_submission(const Service& service);

}  // namespace sekisho::tools::setup
