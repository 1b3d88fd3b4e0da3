// The operator's rules: the first that matches decides, whatever the options say.
#pragma once

#include "findings/findings.hpp"
#include "policy/condition.hpp"
#include "policy/disposition.hpp"
#include "tls/connection.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sekisho::policy {

/// What a rule makes of the judgement on a submission (section [preflight]).
enum class Preflight : std::uint8_t { as_configured, off, note, refuse };

/// A table [[rule]]. All conditions that are given must hold; of one condition's entries, one.
struct Rule {
  std::string name;
  Condition<NetworkSet> client;
  Condition<NameSet> client_name;  ///< Only after iprev passed.
  Condition<NameSet> helo;
  Condition<NameSet> sender;
  Condition<NameSet> recipient;
  Condition<NameSet> author;  ///< Every author; none for a message without a single author domain.
  Condition<WordSet> login;
  std::optional<tls::Requirement> tls;  ///< Of clients that came over the network.
  Condition<NameSet> certificate;       ///< Common name of the client's verified certificate.
  Condition<NameSet> list_id;
  Condition<NameSet> arc_sealer;  ///< Every sealer of a chain that passes.
  std::vector<std::string> spf;   ///< Results, in the words of RFC 8601.
  std::vector<std::string> dkim;  ///< Of any signature; `none`: there is no signature.
  std::vector<std::string> dmarc;
  std::vector<std::string> arc;
  std::vector<std::string> iprev;
  std::optional<Action> action;  ///< Nullopt only until the table is read.
  std::string reason;            ///< For log, reply and report: printable US-ASCII.
  /// One that an operator can decide: local_policy, trusted_forwarder, mailing_list or other.
  dmarc::OverrideType report = dmarc::OverrideType::local_policy;
  Preflight preflight = Preflight::as_configured;
  bool dry_run = false;  ///< Only told; the rules below and the options decide.
};

/// What is looked at.
struct Facts {
  const findings::Findings& findings;
  std::string_view list_id;
  std::string_view recipient;
  bool has_message = true;  ///< False: only client and envelope are there yet.
};

enum class Match : std::uint8_t { no, yes, undecided };
[[nodiscard]] Match match(const Rule& rule, const Facts& facts);

[[nodiscard]] bool has_condition(const Rule& rule);
/// Whether client and envelope alone say that it turns a recipient away. It does so at RCPT, so
/// that the other recipients get the message.
[[nodiscard]] bool refuses_recipients(const Rule& rule);
/// Whether it lets messages in by what anybody can write into one: HELO, sender, author or List-Id
/// without a result that vouches for it. A condition that holds for any name (`*`) narrows nothing
/// down.
[[nodiscard]] bool accepts_forgeries(const Rule& rule);

/// The word of the configuration, where to quarantine is to hold.
[[nodiscard]] std::string_view format_rule_action(Action action);
/// "rule 2 [relays]"
[[nodiscard]] std::string name_of(const std::vector<Rule>& rules, std::size_t index);

}  // namespace sekisho::policy
