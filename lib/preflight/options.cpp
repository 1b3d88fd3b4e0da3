#include "preflight/options.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace sekisho::preflight {

namespace {

constexpr std::array<std::pair<std::string_view, Repair>, 3> repair_words{
    {{"message-id", Repair::message_id},
     {"date", Repair::date},
     {"unsubscribe", Repair::unsubscribe}}};

}  // namespace

std::optional<Repair> parse_repair(std::string_view word) {
  const auto* const found =
      std::ranges::find(repair_words, word, &std::pair<std::string_view, Repair>::first);
  return found == repair_words.end() ? std::nullopt : std::optional(found->second);
}

bool repairs(const Options& options, Repair repair) {
  return std::ranges::any_of(options.repair,
                             [&](const std::string& word) { return parse_repair(word) == repair; });
}

std::vector<dns::IpAddress> addresses_of(const Options& options) {
  std::vector<dns::IpAddress> addresses;
  for (const std::string& text : options.outbound_addresses) {
    if (const auto address = dns::IpAddress::parse(text)) {
      addresses.push_back(*address);
    }
  }
  return addresses;
}

std::expected<void, std::string> load_rules(Options& options) {
  auto rules = load_receiver_rules(options.rules);
  if (!rules) {
    return std::unexpected(std::move(rules).error());
  }
  if (const auto chosen = choose_receivers(*rules, options.receivers, {}); !chosen) {
    return std::unexpected("the rules have no receiver " + printable(chosen.error()));
  }
  options.loaded_rules = std::make_shared<const ReceiverRules>(*std::move(rules));
  return {};
}

std::vector<const Finding*> refused_findings(const std::vector<Finding>& findings,
                                             const Options& options) {
  std::vector<const Finding*> refused;
  for (const Finding& finding : findings) {
    const bool is_named = std::ranges::any_of(
        options.refuse, [&](const std::string& pattern) { return matches(pattern, finding.id); });
    if (finding.level == Level::error && is_named) {
      refused.push_back(&finding);
    }
  }
  return refused;
}

}  // namespace sekisho::preflight
