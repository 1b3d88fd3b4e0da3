#include "dns/stub_resolver.hpp"

#include "dns/cache.hpp"
#include "dns/inquiry.hpp"
#include "dns/wire.hpp"
#include "guarded.hpp"

#include <algorithm>
#include <csignal>
#include <map>
#include <optional>
#include <thread>
#include <utility>

#include <asio/executor_work_guard.hpp>
#include <asio/post.hpp>

namespace sekisho::dns {

namespace {

using Clock = std::chrono::steady_clock;

Options completed(Options options) {
  if (options.nameservers.empty()) {
    options.nameservers = system_servers();
  }
  return options;
}

// Signals are for the threads that expect them.
class SignalsBlocked {
 public:
  SignalsBlocked() {
    sigset_t all;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before_);
  }
  SignalsBlocked(const SignalsBlocked&) = delete;
  SignalsBlocked& operator=(const SignalsBlocked&) = delete;
  ~SignalsBlocked() { pthread_sigmask(SIG_SETMASK, &before_, nullptr); }

 private:
  sigset_t before_{};
};

}  // namespace

// What the network thread works on. The thread is one of its owners: a coroutine that it resumes
// may release the resolver.
class StubResolver::Desk : public std::enable_shared_from_this<Desk> {
 public:
  explicit Desk(Options options)
      : transport_(completed(std::move(options))),
        work_(transport_.context.get_executor()),
        cache_(Cache({.entries = transport_.options.cache_entries,
                      .min_ttl = transport_.options.cache_min_ttl,
                      .max_ttl = transport_.options.cache_max_ttl,
                      .max_negative_ttl = transport_.options.cache_max_negative_ttl})) {
    // Asio makes its epoll descriptors for the first timer or socket: let that fail here.
    const asio::steady_timer first(transport_.context);
  }

  void start_thread() {
    const SignalsBlocked blocked;
    thread_ = std::thread([self = shared_from_this()] { self->run(); });
  }

  void stop_thread() {
    asio::post(transport_.context, [self = shared_from_this()] { self->stop(); });
    if (thread_.get_id() == std::this_thread::get_id()) {
      thread_.detach();
    } else {
      thread_.join();
    }
  }

  [[nodiscard]] std::optional<Answer> cached(const Question& question) {
    std::optional<Answer> answer = cache_.lock()->find(question, Clock::now());
    if (answer) {
      ++counters().cache_hits;
    }
    return answer;
  }

  Pending<Answer> ask(Question question, Deadline deadline) {
    auto outcome = std::make_shared<Outcome<Answer>>();
    asio::post(transport_.context, [self = shared_from_this(), question = std::move(question),
                                    deadline, waiter = Waiter(outcome)]() mutable {
      self->on_asked(question, deadline, std::move(waiter));
    });
    return Pending<Answer>(std::move(outcome));
  }

  [[nodiscard]] Counters& counters() { return transport_.counters; }

 private:
  void run() {
    while (true) {
      try {
        transport_.context.run();
        return;
      } catch (const std::exception&) {
        // Out of memory, or of random numbers. The question that met it ends at its deadline.
        continue;
      }
    }
  }

  void on_asked(const Question& question, Deadline deadline, Waiter waiter) {
    if (const auto under_way = inquiries_.find(question); under_way != inquiries_.end()) {
      ++counters().joined;
      under_way->second->join(deadline, std::move(waiter));
      return;
    }
    if (const std::optional<Answer> answer = cached(question)) {
      waiter.settle(*answer);  // it came in between
      return;
    }
    if (is_stopping_) {
      waiter.settle(Answer::failed(Status::timeout));
      return;
    }
    if (inquiries_.size() >= max_questions_under_way) {
      ++counters().turned_away;
      waiter.settle(Answer::failed(Status::server_failure));
      return;
    }
    const auto inquiry = std::make_shared<Inquiry>(
        transport_, question, [this, question, begin = Clock::now()](const Answer& answer) {
          on_answered(question, answer, Clock::now() - begin);
        });
    inquiry->join(deadline, std::move(waiter));
    inquiries_.emplace(question, inquiry);
    inquiry->start();
  }

  void on_answered(const Question& question, const Answer& answer, Clock::duration time) {
    ++counters().answers[static_cast<std::size_t>(answer.status)];
    counters().latency.add(time);
    inquiries_.erase(question);  // first: nobody may join what has ended, even if memory runs out
    cache_.lock()->store(question, answer, Clock::now());
  }

  void stop() {
    is_stopping_ = true;
    while (!inquiries_.empty()) {
      const std::shared_ptr<Inquiry> inquiry = inquiries_.begin()->second;
      inquiry->finish(Answer::failed(Status::timeout));
    }
    work_.reset();
  }

  Transport transport_;
  asio::executor_work_guard<asio::io_context::executor_type> work_;
  Guarded<Cache> cache_;
  std::map<Question, std::shared_ptr<Inquiry>> inquiries_;
  bool is_stopping_ = false;
  std::thread thread_;
};

StubResolver::StubResolver(Options options) : desk_(std::make_shared<Desk>(std::move(options))) {
  desk_->start_thread();
}

StubResolver::~StubResolver() {
  desk_->stop_thread();
}

Pending<Answer> StubResolver::lookup(Question question, Deadline deadline) {
  ++desk_->counters().questions;
  question.name = lower_case(question.name);
  if (const std::optional<Answer> answer = desk_->cached(question)) {
    return Pending<Answer>::ready(*answer);
  }
  if (!encode_name(question.name)) {
    return Pending<Answer>::ready(Answer::failed(Status::malformed));
  }
  if (deadline <= Clock::now()) {
    ++desk_->counters().timeouts;
    return Pending<Answer>::ready(Answer::failed(Status::timeout));
  }
  return desk_->ask(std::move(question), deadline);
}

Statistics StubResolver::statistics() const {
  const Counters& counters = desk_->counters();
  Statistics statistics{.questions = counters.questions,
                        .cache_hits = counters.cache_hits,
                        .joined = counters.joined,
                        .sent = counters.sent,
                        .tcp = counters.tcp,
                        .timeouts = counters.timeouts,
                        .turned_away = counters.turned_away,
                        .rejected = counters.rejected};
  std::ranges::copy(counters.answers, statistics.answers.begin());
  statistics.latency = counters.latency.read();
  return statistics;
}

}  // namespace sekisho::dns
