#include "dns/lookups.hpp"

#include "dns/task.hpp"

#include <utility>

namespace sekisho::dns {

struct Lookups::Shared {
  Shared(std::shared_ptr<Resolver> its_resolver, const Options& its_options)
      : resolver(std::move(its_resolver)),
        options(its_options),
        deadline(its_options.deadline),
        asker(std::make_shared<Asker>(its_options.client)) {}

  std::shared_ptr<Resolver> resolver;
  Options options;
  std::atomic<Deadline> deadline;
  AskerPtr asker;
  std::atomic<std::size_t> asked{0};
  Guarded<std::vector<LookupRecord>> records;

  Pending<Answer> ask(Question question) const {
    return resolver->lookup_for(asker, std::move(question), deadline.load());
  }

  // Passes the answer on and notes when it came.
  static Task<Answer> watched(std::shared_ptr<Shared> shared, Question question) {
    const auto begin = std::chrono::steady_clock::now();
    std::size_t index = 0;
    {
      const auto records = shared->records.lock();
      index = records->size();
      records->push_back({question, Status::timeout, begin, begin});
    }
    Pending<Answer> pending = shared->ask(std::move(question));
    Answer answer = co_await pending;
    {
      const auto records = shared->records.lock();
      (*records)[index].status = answer.status;
      (*records)[index].end = std::chrono::steady_clock::now();
    }
    co_return answer;
  }
};

Lookups::Lookups(std::shared_ptr<Resolver> resolver, const Options& options)
    : shared_(std::make_shared<Shared>(std::move(resolver), options)) {}

Pending<Answer> Lookups::lookup(std::string name, RecordType type) const {
  if (shared_->asker->has_given_up()) {
    return Pending<Answer>::ready(Answer::failed(Status::timeout));
  }
  if (shared_->asked.fetch_add(1, std::memory_order_relaxed) >= shared_->options.limit) {
    return Pending<Answer>::ready(Answer::failed(Status::over_limit));
  }
  Question question{std::move(name), type};
  if (shared_->options.keep_records) {
    return Shared::watched(shared_, std::move(question));
  }
  return shared_->ask(std::move(question));
}

void Lookups::prefetch(std::string name, RecordType type) const {
  static_cast<void>(lookup(std::move(name), type));
}

Deadline Lookups::deadline() const {
  return shared_->deadline.load();
}

void Lookups::set_deadline(Deadline deadline) const {
  shared_->deadline = deadline;
}

void Lookups::give_up() const noexcept {
  shared_->asker->give_up();
  if (shared_->asker->under_way() > 0) {
    shared_->resolver->drop_given_up();
  }
}

std::vector<LookupRecord> Lookups::records() const {
  return *shared_->records.lock();
}

}  // namespace sekisho::dns
