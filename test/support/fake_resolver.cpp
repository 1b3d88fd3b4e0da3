#include "support/fake_resolver.hpp"

#include <algorithm>
#include <cctype>
#include <stdexcept>

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

FakeResolver::FakeResolver(std::chrono::milliseconds delay) : delay_(delay) {
  if (delay_.count() > 0) {
    thread_ = std::thread([this] { run(); });
  }
}

FakeResolver::~FakeResolver() {
  {
    const std::scoped_lock lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
  if (thread_.joinable()) {
    thread_.join();
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
  const std::scoped_lock lock(mutex_);
  asked_.push_back(std::move(question));
  if (delay_.count() == 0) {
    return dns::Pending<dns::Answer>::ready(std::move(result));
  }
  const auto due = std::chrono::steady_clock::now() + delay_;
  if (due > deadline) {
    result = dns::Answer::failed(dns::Status::timeout);
  }
  auto outcome = std::make_shared<dns::Outcome<dns::Answer>>();
  waiting_.push_back({std::min(due, deadline), std::move(result), outcome});
  changed_.notify_all();
  return dns::Pending<dns::Answer>(std::move(outcome));
}

std::vector<dns::Question> FakeResolver::asked() const {
  const std::scoped_lock lock(mutex_);
  return asked_;
}

void FakeResolver::run() {
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
