// Section [preflight] of the configuration.
#pragma once

#include "dns/ip_address.hpp"
#include "preflight/finding.hpp"
#include "preflight/receivers.hpp"

#include <cstdint>
#include <expected>
#include <memory>
#include <string>
#include <vector>

namespace sekisho::preflight {

/// What the daemon does with the findings about a submission.
enum class Mode : std::uint8_t {
  off,     ///< Submissions are not judged.
  note,    ///< Findings go to the log and the metrics.
  refuse,  ///< Errors that `Options::refuse` names are refused as well.
};

/// What is put right in a submission (RFC 6409 §8).
enum class Repair : std::uint8_t {
  message_id,   ///< A missing Message-ID is added.
  date,         ///< A missing Date is added.
  unsubscribe,  ///< List-Unsubscribe and List-Unsubscribe-Post are signed (RFC 8058 §4).
};

struct Options {
  Mode mode = Mode::off;
  std::vector<std::string> refuse = {"from.*", "field.double", "msgid.*"};  ///< Patterns of ids.
  std::vector<std::string> outbound_addresses;  ///< Addresses that mail leaves from.
  std::string helo;                             ///< What the mail server says in HELO.
  std::vector<std::string> receivers;           ///< Empty: those of the recipients.
  std::vector<std::string> repair;              ///< Words of parse_repair().
  std::string rules;                            ///< File; empty: the installed one.
  bool count = true;                            ///< Count what is sent to large receivers.

  /// What load_rules() read; null: nothing is judged.
  std::shared_ptr<const ReceiverRules> loaded_rules;
};

[[nodiscard]] std::optional<Repair> parse_repair(std::string_view word);
[[nodiscard]] bool repairs(const Options& options, Repair repair);
[[nodiscard]] std::vector<dns::IpAddress> addresses_of(const Options& options);

/// Reads the rules where the options ask for them, once. The error is a line for the operator.
[[nodiscard]] std::expected<void, std::string> load_rules(Options& options);

/// The errors that are refused: those at the level of an error that a pattern names.
[[nodiscard]] std::vector<const Finding*> refused_findings(const std::vector<Finding>& findings,
                                                           const Options& options);

}  // namespace sekisho::preflight
