// A message from the host to itself through its mail server, and what the daemon made of it.
#pragma once

#include "tools/cli/command_runner.hpp"
#include "tools/setup/facts.hpp"

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sekisho::tools::setup {

struct TestMessage {
  std::string sender;
  std::string recipient;
  std::string smarthost;  ///< ADDRESS:PORT of the mail server.
  std::string log;        ///< The file with the daemon's log; empty: the journal.
};

struct TestOutcome {
  bool is_accepted = false;
  std::string reply;     ///< The mail server's last reply.
  std::string log_line;  ///< Of the message; empty: none was found.
};

/// Returns the address and port where this mail server takes mail.
[[nodiscard]] std::string smarthost_of(const Facts& facts);

/// Sends the message, and waits a few seconds for the daemon's line.
[[nodiscard]] TestOutcome send_test_message(const TestMessage& message, const CommandRunner& run);

/// Returns the queue id in a reply of Postfix or Sendmail; empty: none.
[[nodiscard]] std::string queue_id_in(std::string_view reply);

/// The line of sekishod(8) with this queue id; nullopt: none.
[[nodiscard]] std::optional<std::string> line_of(std::string_view log, std::string_view queue_id);

/// What the line says about signatures: "signed with ..." or "not signed: ...".
[[nodiscard]] std::string describe_signing(std::string_view log_line);

[[nodiscard]] std::string format_outcome(const TestMessage& message, const TestOutcome& outcome);

}  // namespace sekisho::tools::setup
