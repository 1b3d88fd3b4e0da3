// The rules of large receivers, as a file has them (etc/receivers.toml), and what they answer.
#pragma once

#include "mail/domain.hpp"
#include "preflight/facts.hpp"
#include "preflight/finding.hpp"

#include <cstddef>
#include <expected>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace sekisho::preflight {

struct Receiver {
  std::string name;                   ///< "gmail"
  std::vector<mail::Domain> domains;  ///< Of its mailboxes.
  std::vector<mail::Domain> mx;       ///< Suffixes of its mail hosts.
  std::size_t bulk_limit = 0;         ///< Messages a day; 0: none published.
  std::size_t max_octets = 0;         ///< Of a message; 0: not known.
};

struct ReceiverRule {
  std::string receiver;
  Fact when = Fact::auth_none;
  bool bulk_only = false;
  std::string code;  ///< Empty: no code is published.
  std::string enhanced;
  std::string temporary_code;  ///< Before `code`, or in its place where that is empty.
  std::string temporary_enhanced;
  std::string text;
  std::string since;
  std::string source;
  std::string date;
  bool verified = true;
};

struct ReceiverRules {
  std::string date;  ///< Of the newest page that was read.
  std::vector<Receiver> receivers;
  std::vector<ReceiverRule> rules;     ///< In the order in which a receiver is taken to judge.
  std::vector<mail::Domain> freemail;  ///< Domains whose addresses only their own hosts may use.

  [[nodiscard]] const Receiver* find(std::string_view name) const;
  /// The receiver with this mailbox domain, or null.
  [[nodiscard]] const Receiver* of_domain(const mail::Domain& domain) const;
  /// The receiver with this mail host, or null.
  [[nodiscard]] const Receiver* of_host(const mail::Domain& host) const;
};

/// Reads a rules file. The error is one line for people: where, and what is wrong.
[[nodiscard]] std::expected<ReceiverRules, std::string> parse_receiver_rules(
    std::string_view text, const std::string& shown_path);

/// The same from a file; empty: the installed file, or the rules that were built in where that is
/// missing.
[[nodiscard]] std::expected<ReceiverRules, std::string> load_receiver_rules(
    const std::string& path);

/// Whom the answer concerns.
struct ReceiverChoice {
  std::vector<std::string> names;
  std::vector<std::string> bulk;  ///< Those for which the sender is a bulk sender.
};

struct ReceiverVerdict {
  std::string receiver;
  std::optional<ReceiverReply> reply;  ///< Nullopt: nothing certain.
};

/// The reply of each receiver of the choice to a message of which `facts` holds. Each rule that
/// holds is also added to the finding that shows it.
[[nodiscard]] std::vector<ReceiverVerdict> judge_by_receivers(const ReceiverRules& rules,
                                                              const ReceiverChoice& choice,
                                                              const Facts& facts,
                                                              const mail::Domain* author,
                                                              std::span<Finding> findings);

/// The receivers of a choice: `names` as given ("all": every one of the rules), or those of the
/// recipients' domains, or every one where neither says anything. The error names an unknown one.
[[nodiscard]] std::expected<std::vector<std::string>, std::string> choose_receivers(
    const ReceiverRules& rules, const std::vector<std::string>& names,
    const std::vector<std::string>& recipients);

}  // namespace sekisho::preflight
