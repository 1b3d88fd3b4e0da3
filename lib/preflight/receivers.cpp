#include "preflight/receivers.hpp"

#include "preflight/recipients.hpp"

#include <algorithm>

namespace sekisho::preflight {

namespace {

bool contains(const std::vector<std::string>& names, const std::string& name) {
  return std::ranges::find(names, name) != names.end();
}

bool is_within_any(const mail::Domain& domain, const std::vector<mail::Domain>& suffixes) {
  return std::ranges::any_of(suffixes,
                             [&](const mail::Domain& suffix) { return domain.is_within(suffix); });
}

ReceiverReply reply_of(const ReceiverRule& rule, bool is_bulk) {
  ReceiverReply reply;
  reply.receiver = rule.receiver;
  reply.temporary = rule.code.empty() && !rule.temporary_code.empty();
  reply.temporary_first = !rule.code.empty() && !rule.temporary_code.empty();
  reply.code = reply.temporary ? rule.temporary_code : rule.code;
  reply.enhanced = reply.temporary ? rule.temporary_enhanced : rule.enhanced;
  reply.bulk_only = rule.bulk_only && !is_bulk;
  reply.verified = rule.verified;
  reply.text = rule.text;
  reply.since = rule.since;
  reply.source = rule.source;
  reply.date = rule.date;
  return reply;
}

// An advice of the same id may stand before an error of it.
Finding* find_shown(std::span<Finding> findings, Fact fact) {
  for (const Id id : findings_of(fact)) {
    Finding* best = nullptr;
    for (Finding& finding : findings) {
      if (finding.id == id && (best == nullptr || finding.level > best->level)) {
        best = &finding;
      }
    }
    if (best != nullptr) {
      return best;
    }
  }
  return nullptr;
}

// The permanent refusal is told; among equals, that of the first rule.
void prefer(const ReceiverReply& reply, std::optional<ReceiverReply>& best) {
  if (reply.code.empty() || reply.bulk_only) {
    return;
  }
  if (!best || (best->temporary && !reply.temporary)) {
    best = reply;
  }
}

}  // namespace

const Receiver* ReceiverRules::find(std::string_view name) const {
  const auto found = std::ranges::find(receivers, name, &Receiver::name);
  return found == receivers.end() ? nullptr : &*found;
}

const Receiver* ReceiverRules::of_domain(const mail::Domain& domain) const {
  const auto found = std::ranges::find_if(receivers, [&](const Receiver& receiver) {
    return std::ranges::find(receiver.domains, domain) != receiver.domains.end();
  });
  return found == receivers.end() ? nullptr : &*found;
}

const Receiver* ReceiverRules::of_host(const mail::Domain& host) const {
  const auto found = std::ranges::find_if(
      receivers, [&](const Receiver& receiver) { return is_within_any(host, receiver.mx); });
  return found == receivers.end() ? nullptr : &*found;
}

std::vector<ReceiverVerdict> judge_by_receivers(const ReceiverRules& rules,
                                                const ReceiverChoice& choice, const Facts& facts,
                                                const mail::Domain* author,
                                                std::span<Finding> findings) {
  std::vector<ReceiverVerdict> verdicts;
  for (const std::string& name : choice.names) {
    const Receiver* receiver = rules.find(name);
    const bool is_bulk = contains(choice.bulk, name);
    ReceiverVerdict verdict{name, std::nullopt};
    for (const ReceiverRule& rule : rules.rules) {
      const bool is_own_author =
          author != nullptr && receiver != nullptr && rules.of_domain(*author) == receiver;
      if (rule.receiver != name || !facts.has(rule.when) ||
          (rule.when == Fact::from_foreign && !is_own_author)) {
        continue;
      }
      const ReceiverReply reply = reply_of(rule, is_bulk);
      prefer(reply, verdict.reply);
      if (Finding* finding = find_shown(findings, rule.when)) {
        finding->receivers.push_back(reply);
      }
    }
    verdicts.push_back(std::move(verdict));
  }
  return verdicts;
}

std::expected<std::vector<std::string>, std::string> choose_receivers(
    const ReceiverRules& rules, const std::vector<std::string>& names,
    const std::vector<std::string>& recipients) {
  std::vector<std::string> chosen;
  const auto choose = [&](const std::string& name) {
    if (std::ranges::find(chosen, name) == chosen.end()) {
      chosen.push_back(name);
    }
  };
  const auto choose_all = [&] {
    std::ranges::for_each(rules.receivers, [&](const Receiver& each) { choose(each.name); });
  };
  for (const std::string& name : names) {
    if (name == "all") {
      choose_all();
    } else if (rules.find(name) == nullptr) {
      return std::unexpected(name);
    } else {
      choose(name);
    }
  }
  for (const mail::Domain& domain : recipient_domains(recipients)) {
    if (const Receiver* receiver = rules.of_domain(domain)) {
      choose(receiver->name);
    }
  }
  if (names.empty() && recipients.empty()) {
    choose_all();
  }
  return chosen;
}

}  // namespace sekisho::preflight
