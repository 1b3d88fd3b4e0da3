#include "preflight/recipient_receivers.hpp"

#include <utility>
#include <variant>

namespace sekisho::preflight {

namespace {

constexpr std::chrono::days lifetime{1};
constexpr std::chrono::minutes lifetime_of_failure{10};
constexpr std::chrono::seconds patience{10};

// Of the first mail host that belongs to one.
std::string receiver_of(const dns::Answer& answer, const ReceiverRules& rules) {
  if (!answer.records) {
    return {};
  }
  for (const dns::Record& record : *answer.records) {
    const auto* mx = std::get_if<dns::MailExchange>(&record);
    const auto host = mx != nullptr ? mail::Domain::parse(mx->host) : std::nullopt;
    if (const Receiver* receiver = host ? rules.of_host(*host) : nullptr) {
      return receiver->name;
    }
  }
  return {};
}

}  // namespace

RecipientReceivers::Entry* RecipientReceivers::ask(State& state, const mail::Domain& domain,
                                                   dns::Resolver& resolver,
                                                   std::chrono::sys_seconds now) {
  if (state.second != now) {
    state.second = now;
    state.asked = 0;
  }
  if (state.asked >= max_questions) {
    return nullptr;
  }
  ++state.asked;
  if (state.domains.size() >= max_domains) {
    std::erase_if(state.domains, [&](const auto& each) { return each.second.expires <= now; });
  }
  if (state.domains.size() >= max_domains) {
    state.domains.clear();  // they are asked for again
  }
  Entry& entry = state.domains[domain.text()];
  entry.question.emplace(resolver.lookup({domain.text(), dns::RecordType::mx},
                                         std::chrono::steady_clock::now() + patience));
  return &entry;
}

std::optional<std::string> RecipientReceivers::find(const mail::Domain& domain,
                                                    const ReceiverRules& rules,
                                                    dns::Resolver& resolver,
                                                    std::chrono::sys_seconds now) {
  if (const Receiver* receiver = rules.of_domain(domain)) {
    return receiver->name;
  }
  const auto state = state_.lock();
  const auto known = state->domains.find(domain.text());
  Entry* entry = known != state->domains.end() ? &known->second : nullptr;
  if (entry == nullptr || (!entry->question && entry->expires <= now)) {
    entry = ask(*state, domain, resolver, now);
  }
  if (entry == nullptr || (entry->question && !entry->question->is_ready())) {
    return std::nullopt;
  }
  if (auto question = std::exchange(entry->question, std::nullopt)) {
    const dns::Answer answer = question->get();
    entry->receiver = receiver_of(answer, rules);
    entry->expires =
        now + (dns::is_temporary(answer.status) ? std::chrono::seconds(lifetime_of_failure)
                                                : std::chrono::seconds(lifetime));
  }
  return entry->receiver;
}

}  // namespace sekisho::preflight
