#include "dns/stub_resolver.hpp"

#include "dns/cache.hpp"
#include "dns/inquiry.hpp"
#include "dns/shares.hpp"
#include "dns/wire.hpp"
#include "guarded.hpp"

#include <algorithm>
#include <atomic>
#include <csignal>
#include <map>
#include <optional>
#include <thread>
#include <utility>
#include <vector>

#include <sys/resource.h>

#include <asio/executor_work_guard.hpp>
#include <asio/post.hpp>

namespace sekisho::dns {

namespace {

using Clock = std::chrono::steady_clock;

constexpr std::chrono::milliseconds between_sweeps{20};

// One socket each, and the other half is for the rest of the process.
std::size_t places_for_sockets() {
  constexpr std::size_t least = 8;
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY) {
    return max_questions_under_way;
  }
  return std::clamp(std::size_t{limit.rlim_cur} / 2, least, max_questions_under_way);
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
  Desk(Options options, const std::string& resolv_conf)
      : transport_(std::move(options), resolv_conf),
        work_(transport_.context.get_executor()),
        cache_(Cache({.entries = transport_.options.cache_entries,
                      .min_ttl = transport_.options.cache_min_ttl,
                      .max_ttl = transport_.options.cache_max_ttl,
                      .max_negative_ttl = transport_.options.cache_max_negative_ttl})),
        shares_(places_for_sockets(), max_questions_waiting),
        next_sweep_(transport_.context) {
    transport_.on_other_servers = [this] { cache_.lock()->clear(); };
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

  Pending<Answer> ask(const AskerPtr& asker, Question question, Deadline deadline) {
    auto outcome = std::make_shared<Outcome<Answer>>();
    asio::post(transport_.context, [self = shared_from_this(), question = std::move(question),
                                    deadline, waiter = Waiter(outcome, asker)]() mutable {
      self->on_asked(question, deadline, std::move(waiter));
    });
    return Pending<Answer>(std::move(outcome));
  }

  // Many who give up at about the same time cost one walk over the questions under way.
  void request_sweep() noexcept {
    if (is_sweep_requested_.exchange(true)) {
      return;
    }
    try {
      asio::post(transport_.context, [self = shared_from_this()] { self->sweep_soon(); });
    } catch (const std::exception&) {  // out of memory: what is under way ends by its time
      is_sweep_requested_ = false;
    }
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
    if (waiter.has_given_up()) {
      waiter.settle(Answer::failed(Status::timeout));
      return;
    }
    if (const auto under_way = inquiries_.find(question); under_way != inquiries_.end()) {
      ++counters().joined;
      join(under_way->second, deadline, std::move(waiter));
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
    begin(question, deadline, std::move(waiter));
  }

  void begin(const Question& question, Deadline deadline, Waiter waiter) {
    const auto inquiry = std::make_shared<Inquiry>(
        transport_, question,
        [this, question, begin = Clock::now()](const std::optional<Answer>& answer) {
          on_done(question, answer, Clock::now() - begin);
        });
    const Client client = waiter.client();
    const bool is_placed = shares_.take(*inquiry, client);
    if (!is_placed && !shares_.wait(*inquiry, client)) {
      ++counters().turned_away;
      waiter.settle(Answer::failed(Status::server_failure));
      return;
    }
    try {
      inquiry->join(deadline, std::move(waiter));
      inquiries_.emplace(question, inquiry);
    } catch (...) {
      shares_.release(*inquiry);
      throw;
    }
    if (is_placed) {
      inquiry->start();
    } else {
      ++counters().held_back;
    }
  }

  // Whoever joins a question that waits brings it the place that he may have.
  void join(const std::shared_ptr<Inquiry>& inquiry, Deadline deadline, Waiter waiter) {
    const Client client = waiter.client();
    inquiry->join(deadline, std::move(waiter));
    if (inquiry->state != Claim::State::waiting) {
      return;
    }
    if (shares_.take(*inquiry, client)) {
      inquiry->start();
      return;
    }
    static_cast<void>(shares_.wait(*inquiry, client));
  }

  void on_done(const Question& question, const std::optional<Answer>& answer,
               Clock::duration time) {
    // First: nobody may join what has ended, even if memory runs out.
    if (const auto ended = inquiries_.extract(question); !ended.empty()) {
      shares_.release(*ended.mapped());
    }
    note(question, answer, time);
    start_waiting();
  }

  void note(const Question& question, const std::optional<Answer>& answer, Clock::duration time) {
    if (!answer) {
      ++counters().given_up;
      return;
    }
    ++counters().answers[static_cast<std::size_t>(answer->status)];
    counters().latency.add(time);
    cache_.lock()->store(question, *answer, Clock::now());
  }

  void start_waiting() {
    while (Claim* const claim = is_stopping_ ? nullptr : shares_.next()) {
      static_cast<Inquiry*>(claim)->start();  // no other claims are made here
    }
  }

  void sweep_soon() {
    try {
      next_sweep_.expires_at(last_sweep_ + between_sweeps);
      next_sweep_.async_wait(
          [self = shared_from_this()](const std::error_code&) { self->sweep(); });
    } catch (...) {
      is_sweep_requested_ = false;  // the next one who gives up asks again
      throw;
    }
  }

  void sweep() {
    is_sweep_requested_ = false;  // first: who gives up from here on asks for another
    last_sweep_ = Clock::now();
    std::vector<std::shared_ptr<Inquiry>> given_up;
    for (const auto& [question, inquiry] : inquiries_) {
      if (inquiry->has_given_up_waiters()) {
        given_up.push_back(inquiry);
      }
    }
    for (const std::shared_ptr<Inquiry>& inquiry : given_up) {
      inquiry->drop_given_up();
    }
  }

  void stop() {
    is_stopping_ = true;
    next_sweep_.cancel();
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
  Shares shares_;
  bool is_stopping_ = false;
  std::atomic<bool> is_sweep_requested_ = false;
  Clock::time_point last_sweep_;
  asio::steady_timer next_sweep_;
  std::thread thread_;
};

StubResolver::StubResolver(Options options, const std::string& resolv_conf)
    : desk_(std::make_shared<Desk>(std::move(options), resolv_conf)) {
  desk_->start_thread();
}

StubResolver::~StubResolver() {
  desk_->stop_thread();
}

Pending<Answer> StubResolver::lookup(Question question, Deadline deadline) {
  return lookup_for(nullptr, std::move(question), deadline);
}

Pending<Answer> StubResolver::lookup_for(const AskerPtr& asker, Question question,
                                         Deadline deadline) {
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
  return desk_->ask(asker, std::move(question), deadline);
}

void StubResolver::drop_given_up() noexcept {
  desk_->request_sweep();
}

Statistics StubResolver::statistics() const {
  const Counters& counters = desk_->counters();
  Statistics statistics{.questions = counters.questions,
                        .cache_hits = counters.cache_hits,
                        .joined = counters.joined,
                        .sent = counters.sent,
                        .tcp = counters.tcp,
                        .timeouts = counters.timeouts,
                        .held_back = counters.held_back,
                        .turned_away = counters.turned_away,
                        .given_up = counters.given_up,
                        .rejected = counters.rejected};
  std::ranges::copy(counters.answers, statistics.answers.begin());
  statistics.latency = counters.latency.read();
  return statistics;
}

}  // namespace sekisho::dns
