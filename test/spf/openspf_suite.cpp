#include "spf/openspf_suite.hpp"

#include "mail/ascii.hpp"
#include "support/fake_resolver.hpp"

#include <cstdlib>
#include <filesystem>
#include <stdexcept>
#include <utility>

#include <catch2/catch.hpp>
#include <yaml-cpp/yaml.h>

namespace sekisho::test {

namespace {

std::string name_of(std::string text) {
  if (text.ends_with('.')) {
    text.pop_back();
  }
  return mail::to_lower(text);
}

dns::IpAddress address_of(const std::string& text) {
  const auto address = dns::IpAddress::parse(text);
  if (!address) {
    throw std::invalid_argument("not an address: " + text);
  }
  return *address;
}

dns::Text text_of(const YAML::Node& value) {
  if (!value.IsSequence()) {
    return {value.as<std::string>()};
  }
  dns::Text text;
  for (const auto& part : value) {
    text.data += part.as<std::string>();
  }
  return text;
}

void add_record(SuiteZone& zone, const std::string& name, const std::string& type,
                const YAML::Node& value) {
  using enum dns::RecordType;
  if (type == "TXT" || type == "SPF") {
    zone.add(name, txt, text_of(value));
  } else if (type == "A") {
    zone.add(name, a, address_of(value.as<std::string>()));
  } else if (type == "AAAA") {
    zone.add(name, aaaa, address_of(value.as<std::string>()));
  } else if (type == "MX") {
    zone.add(name, mx,
             dns::MailExchange{value[0].as<std::uint16_t>(), name_of(value[1].as<std::string>())});
  } else if (type == "PTR" || type == "CNAME") {
    zone.add(name, type == "PTR" ? ptr : cname, dns::HostName{name_of(value.as<std::string>())});
  } else {
    throw std::invalid_argument("unknown record type: " + type);
  }
}

void add_word(SuiteZone& zone, const std::string& name, const std::string& word) {
  if (word == "TIMEOUT") {
    zone.fail(name, dns::Status::timeout);
  } else if (word == "SERVFAIL") {
    zone.fail(name, dns::Status::server_failure);
  } else if (word == "NXDOMAIN") {
    zone.fail(name, dns::Status::no_such_name);
  } else {
    throw std::invalid_argument("unknown word: " + word);
  }
}

// SPF values stand for TXT records where a name has no TXT of its own; `TXT: NONE` says that there
// are to be none.
void add_name(SuiteZone& zone, const std::string& name, const YAML::Node& entries) {
  bool has_txt = false;
  for (const auto& entry : entries) {
    has_txt = has_txt || (entry.IsMap() && entry.begin()->first.as<std::string>() == "TXT");
  }
  for (const auto& entry : entries) {
    if (entry.IsScalar()) {
      add_word(zone, name, entry.as<std::string>());
      continue;
    }
    const auto type = entry.begin()->first.as<std::string>();
    const YAML::Node value = entry.begin()->second;
    const bool is_none = value.IsScalar() && value.as<std::string>() == "NONE";
    if (!is_none && !(type == "SPF" && has_txt)) {
      add_record(zone, name, type, value);
    }
  }
}

SuiteCase case_of(const std::string& name, const YAML::Node& node) {
  SuiteCase suite_case;
  suite_case.name = name;
  suite_case.helo = node["helo"].as<std::string>();
  suite_case.host = node["host"].as<std::string>();
  suite_case.mail_from = node["mailfrom"].as<std::string>();
  if (node["result"].IsSequence()) {
    for (const auto& result : node["result"]) {
      suite_case.results.insert(result.as<std::string>());
    }
  } else {
    suite_case.results.insert(node["result"].as<std::string>());
  }
  if (node["explanation"]) {
    const auto explanation = node["explanation"].as<std::string>();
    suite_case.explanation = explanation == "DEFAULT" ? "" : explanation;
  }
  return suite_case;
}

}  // namespace

void SuiteZone::add(const std::string& name, dns::RecordType type, dns::Record record) {
  names_.insert(name);
  records_[{name, type}].push_back(std::move(record));
}

void SuiteZone::fail(const std::string& name, dns::Status status) {
  failures_[name] = status;
}

dns::Answer SuiteZone::answer(const dns::Question& question) const {
  std::string name = mail::to_lower(question.name);
  for (int hops = 0; hops < 8; ++hops) {
    if (const auto found = records_.find({name, question.type}); found != records_.end()) {
      return dns::Answer::found(found->second);
    }
    const auto alias = records_.find({name, dns::RecordType::cname});
    if (alias == records_.end()) {
      if (const auto failure = failures_.find(name); failure != failures_.end()) {
        return dns::Answer::failed(failure->second);
      }
      return dns::Answer::failed(names_.contains(name) ? dns::Status::no_data
                                                       : dns::Status::no_such_name);
    }
    name = std::get<dns::HostName>(alias->second.front()).name;
  }
  return dns::Answer::failed(dns::Status::server_failure);
}

SuiteResolver::SuiteResolver(SuiteZone zone, Manner manner) : zone_(std::move(zone)) {
  if (manner == Manner::from_thread) {
    thread_ = std::thread([this] { run(); });
  }
}

SuiteResolver::~SuiteResolver() {
  {
    const std::scoped_lock lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
  if (thread_.joinable()) {
    thread_.join();
  }
}

dns::Pending<dns::Answer> SuiteResolver::lookup(dns::Question question, dns::Deadline) {
  dns::Answer answer = zone_.answer(question);
  const std::scoped_lock lock(mutex_);
  asked_.push_back(std::move(question));
  if (!thread_.joinable()) {
    return dns::Pending<dns::Answer>::ready(std::move(answer));
  }
  auto outcome = std::make_shared<dns::Outcome<dns::Answer>>();
  waiting_.push_back({std::move(answer), outcome});
  changed_.notify_all();
  return dns::Pending<dns::Answer>(std::move(outcome));
}

std::vector<dns::Question> SuiteResolver::asked() const {
  const std::scoped_lock lock(mutex_);
  return asked_;
}

void SuiteResolver::run() {
  std::unique_lock lock(mutex_);
  while (!stopping_ || !waiting_.empty()) {
    if (waiting_.empty()) {
      changed_.wait(lock);
      continue;
    }
    const Waiting ready = std::move(waiting_.front());
    waiting_.erase(waiting_.begin());
    lock.unlock();
    if (const auto waiter = ready.outcome->set(ready.answer)) {
      waiter.resume();
    }
    lock.lock();
  }
}

spf::Result judge(const SuiteScenario& scenario, const SuiteCase& suite_case,
                  SuiteResolver::Manner manner, spf::Engine engine) {
  spf::Request request;
  request.client = address_of(suite_case.host);
  request.helo = suite_case.helo;
  request.sender = suite_case.mail_from;
  spf::Options options;
  options.engine = engine;
  const auto resolver = std::make_shared<SuiteResolver>(scenario.zone, manner);
  return spf::check_mail_from(lookups_on(resolver), request, options).get();
}

std::optional<std::string> suite_path() {
  const char* folder = std::getenv("SEKISHO_CONFORMANCE");  // NOLINT(concurrency-mt-unsafe): read
                                                            // before any thread is started
  const std::filesystem::path path =
      (std::filesystem::path(folder != nullptr ? folder
                                               : SEKISHO_TEST_DATA "/../../../shared/conformance") /
       "rfc7208-tests.yml")
          .lexically_normal();
  return std::filesystem::exists(path) ? std::optional(path.string()) : std::nullopt;
}

void skip_suite() {
  if (std::getenv("SEKISHO_CONFORMANCE") != nullptr) {  // NOLINT(concurrency-mt-unsafe): as above
    FAIL("SEKISHO_CONFORMANCE names a folder without rfc7208-tests.yml");
  }
  WARN("skipped: no rfc7208-tests.yml; SEKISHO_CONFORMANCE names its folder");
}

std::vector<SuiteScenario> load_suite(const std::string& path) {
  std::vector<SuiteScenario> scenarios;
  for (const YAML::Node& document : YAML::LoadAllFromFile(path)) {
    SuiteScenario scenario;
    scenario.description = document["description"].as<std::string>();
    for (const auto& entry : document["zonedata"]) {
      add_name(scenario.zone, name_of(entry.first.as<std::string>()), entry.second);
    }
    for (const auto& entry : document["tests"]) {
      scenario.cases.push_back(case_of(entry.first.as<std::string>(), entry.second));
    }
    scenarios.push_back(std::move(scenario));
  }
  return scenarios;
}

}  // namespace sekisho::test
