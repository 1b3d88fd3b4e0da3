#include "domain_check/memory.hpp"

#include "dns/task.hpp"
#include "dns/wire.hpp"
#include "guarded.hpp"

#include <map>
#include <optional>
#include <utility>

namespace sekisho::domain_check {

struct Memory::State {
  State(std::size_t its_budget, std::function<void(std::size_t)> heard)
      : budget(its_budget), on_question(std::move(heard)) {}

  struct Questions {
    std::map<dns::Question, std::optional<dns::Answer>> known;  // none: under way
  };

  std::size_t budget;
  std::function<void(std::size_t)> on_question;
  Guarded<Questions> questions;

  // The answer, if it is known; over_limit, if the question may not be asked.
  std::optional<dns::Answer> begin(const dns::Question& question) {
    const auto locked = questions.lock();
    if (const auto known = locked->known.find(question); known != locked->known.end()) {
      return known->second;
    }
    if (locked->known.size() >= budget) {
      return dns::Answer::failed(dns::Status::over_limit);
    }
    locked->known.emplace(question, std::nullopt);
    if (on_question) {
      on_question(locked->known.size());
    }
    return std::nullopt;
  }

  static dns::Task<dns::Answer> keep(std::shared_ptr<State> state, dns::Question question,
                                     dns::Pending<dns::Answer> pending) {
    dns::Answer answer = co_await pending;
    state->questions.lock()->known.insert_or_assign(question, answer);
    co_return answer;
  }
};

Memory::Memory(std::shared_ptr<dns::Resolver> base, std::size_t budget,
               std::function<void(std::size_t)> on_question)
    : base_(std::move(base)), state_(std::make_shared<State>(budget, std::move(on_question))) {}

Memory::~Memory() = default;

dns::Pending<dns::Answer> Memory::lookup(dns::Question question, dns::Deadline deadline) {
  return lookup_for(nullptr, std::move(question), deadline);
}

dns::Pending<dns::Answer> Memory::lookup_for(const dns::AskerPtr& asker, dns::Question question,
                                             dns::Deadline deadline) {
  question.name = dns::lower_case(question.name);
  if (const auto known = state_->begin(question)) {
    return dns::Pending<dns::Answer>::ready(*known);
  }
  auto pending = base_->lookup_for(asker, question, deadline);
  return State::keep(state_, std::move(question), std::move(pending));
}

void Memory::drop_given_up() noexcept {
  base_->drop_given_up();
}

std::size_t Memory::questions() const {
  return state_->questions.lock()->known.size();
}

}  // namespace sekisho::domain_check
