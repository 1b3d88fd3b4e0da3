#include "support/fake_resolver.hpp"

#include <algorithm>
#include <cctype>
#include <condition_variable>
#include <mutex>
#include <stdexcept>
#include <thread>
#include <utility>

namespace sekisho::test {

namespace {

std::string lower(std::string text) {
  std::ranges::transform(text, text.begin(),
                         [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return text;
}

dns::IpAddress address_of(const std::string& text) {
  const auto address = dns::IpAddress::parse(text);
  if (!address) {
    throw std::invalid_argument("not an address: " + text);
  }
  return *address;
}

}  // namespace

// Holds answers back, and gives them on a thread that may outlive the resolver.
class FakeResolver::Delay {
 public:
  static std::shared_ptr<Delay> start(std::chrono::milliseconds delay) {
    auto started = std::make_shared<Delay>(delay);
    started->thread_ = std::thread([started] { started->run(); });
    return started;
  }
  explicit Delay(std::chrono::milliseconds delay) : delay_(delay) {}

  void stop() {
    {
      const std::scoped_lock lock(mutex_);
      stopping_ = true;
    }
    changed_.notify_all();
    if (thread_.get_id() == std::this_thread::get_id()) {
      thread_.detach();
    } else {
      thread_.join();
    }
  }

  dns::Pending<dns::Answer> give_later(dns::Answer answer, dns::Deadline deadline) {
    const auto due = std::chrono::steady_clock::now() + delay_;
    if (due > deadline) {
      answer = dns::Answer::failed(dns::Status::timeout);
    }
    auto outcome = std::make_shared<dns::Outcome<dns::Answer>>();
    const std::scoped_lock lock(mutex_);
    waiting_.push_back({std::min(due, deadline), std::move(answer), outcome});
    changed_.notify_all();
    return dns::Pending<dns::Answer>(std::move(outcome));
  }

 private:
  struct Waiting {
    std::chrono::steady_clock::time_point due;
    dns::Answer answer;
    std::shared_ptr<dns::Outcome<dns::Answer>> outcome;
  };
  void run();

  std::chrono::milliseconds delay_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<Waiting> waiting_;
  bool stopping_ = false;
  std::thread thread_;
};

FakeResolver::FakeResolver(std::chrono::milliseconds delay) {
  if (delay.count() > 0) {
    delay_ = Delay::start(delay);
  }
}

FakeResolver::~FakeResolver() {
  if (delay_) {
    delay_->stop();
  }
}

void FakeResolver::add(const std::string& name, dns::RecordType type, dns::Record record) {
  records_[{lower(name), type}].push_back(std::move(record));
}

void FakeResolver::add_txt(const std::string& name, const std::string& text) {
  add(name, dns::RecordType::txt, dns::Text{text});
}

void FakeResolver::add_address(const std::string& name, const std::string& address) {
  const dns::IpAddress parsed = address_of(address);
  add(name, parsed.is_v4() ? dns::RecordType::a : dns::RecordType::aaaa, parsed);
}

void FakeResolver::add_mx(const std::string& name, std::uint16_t preference,
                          const std::string& host) {
  add(name, dns::RecordType::mx, dns::MailExchange{preference, host});
}

void FakeResolver::add_ptr(const std::string& address, const std::string& host) {
  add(address_of(address).reverse_name(), dns::RecordType::ptr, dns::HostName{host});
}

void FakeResolver::fail(const std::string& name, dns::Status status) {
  failures_[lower(name)] = status;
}

dns::Answer FakeResolver::answer(const dns::Question& question) const {
  const std::string name = lower(question.name);
  if (const auto failure = failures_.find(name); failure != failures_.end()) {
    return dns::Answer::failed(failure->second);
  }
  if (const auto found = records_.find({name, question.type}); found != records_.end()) {
    return dns::Answer::found(found->second);
  }
  const bool exists =
      std::ranges::any_of(records_, [&](const auto& entry) { return entry.first.name == name; });
  return dns::Answer::failed(exists ? dns::Status::no_data : dns::Status::no_such_name);
}

dns::Pending<dns::Answer> FakeResolver::lookup(dns::Question question, dns::Deadline deadline) {
  dns::Answer result = answer(question);
  asked_.lock()->push_back(std::move(question));
  if (delay_) {
    return delay_->give_later(std::move(result), deadline);
  }
  return dns::Pending<dns::Answer>::ready(std::move(result));
}

std::vector<dns::Question> FakeResolver::asked() const {
  return *asked_.lock();
}

void FakeResolver::Delay::run() {
  std::unique_lock lock(mutex_);
  while (!stopping_ || !waiting_.empty()) {
    if (waiting_.empty()) {
      changed_.wait(lock);
      continue;
    }
    const auto next = std::ranges::min_element(waiting_, {}, &Waiting::due);
    if (!stopping_ && next->due > std::chrono::steady_clock::now()) {
      const auto due = next->due;
      changed_.wait_until(lock, due);
      continue;
    }
    const Waiting ready = std::move(*next);
    waiting_.erase(next);
    lock.unlock();
    if (const auto waiter = ready.outcome->set(ready.answer)) {
      waiter.resume();
    }
    lock.lock();
  }
}

dns::Lookups lookups_on(std::shared_ptr<dns::Resolver> resolver) {
  return dns::Lookups(std::move(resolver),
                      {.deadline = std::chrono::steady_clock::now() + std::chrono::seconds{5}});
}

}  // namespace sekisho::test
