#include "dns/lookups.hpp"

#include "dns/task.hpp"

#include <utility>

namespace sekisho::dns {

struct Lookups::Shared {
  std::shared_ptr<Resolver> resolver;
  Options options;
  std::atomic<Deadline> deadline;
  std::atomic<std::size_t> asked{0};
  Guarded<std::vector<LookupRecord>> records;

  // Passes the answer on and notes when it came.
  static Task<Answer> watched(std::shared_ptr<Shared> shared, Question question) {
    const auto begin = std::chrono::steady_clock::now();
    std::size_t index = 0;
    {
      const auto records = shared->records.lock();
      index = records->size();
      records->push_back({question, Status::timeout, begin, begin});
    }
    Pending<Answer> pending =
        shared->resolver->lookup(std::move(question), shared->deadline.load());
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
    : shared_(std::make_shared<Shared>()) {
  shared_->resolver = std::move(resolver);
  shared_->options = options;
  shared_->deadline = options.deadline;
}

Pending<Answer> Lookups::lookup(std::string name, RecordType type) const {
  if (shared_->asked.fetch_add(1, std::memory_order_relaxed) >= shared_->options.limit) {
    return Pending<Answer>::ready(Answer::failed(Status::over_limit));
  }
  Question question{std::move(name), type};
  if (shared_->options.keep_records) {
    return Shared::watched(shared_, std::move(question));
  }
  return shared_->resolver->lookup(std::move(question), shared_->deadline.load());
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

std::vector<LookupRecord> Lookups::records() const {
  return *shared_->records.lock();
}

}  // namespace sekisho::dns
