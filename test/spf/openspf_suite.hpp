// The suite of the OpenSPF project (rfc7208-tests.yml): its scenarios, each a zone and the cases to
// be judged in it.
#pragma once

#include "dns/resolver.hpp"
#include "spf/check_host.hpp"

#include <condition_variable>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <thread>
#include <vector>

namespace sekisho::test {

/// The DNS of a scenario. Where a name has the word TIMEOUT or SERVFAIL, that is the answer for the
/// types without records.
class SuiteZone {
 public:
  void add(const std::string& name, dns::RecordType type, dns::Record record);
  void fail(const std::string& name, dns::Status status);
  /// CNAMEs are followed; a loop is a server failure.
  [[nodiscard]] dns::Answer answer(const dns::Question& question) const;

 private:
  std::map<dns::Question, std::vector<dns::Record>> records_;
  std::map<std::string, dns::Status> failures_;
  std::set<std::string> names_;
};

/// Answers at once, or from a thread of its own as the network does. Counts what it is asked.
class SuiteResolver final : public dns::Resolver {
 public:
  enum class Manner { at_once, from_thread };
  SuiteResolver(SuiteZone zone, Manner manner);
  ~SuiteResolver() override;

  [[nodiscard]] dns::Pending<dns::Answer> lookup(dns::Question question,
                                                 dns::Deadline deadline) override;
  [[nodiscard]] std::vector<dns::Question> asked() const;

 private:
  struct Waiting {
    dns::Answer answer;
    std::shared_ptr<dns::Outcome<dns::Answer>> outcome;
  };
  void run();

  SuiteZone zone_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<dns::Question> asked_;
  std::vector<Waiting> waiting_;
  bool stopping_ = false;
  std::thread thread_;
};

struct SuiteCase {
  std::string name;
  std::string helo;
  std::string host;
  std::string mail_from;
  std::set<std::string> results;           ///< Any of these is right.
  std::optional<std::string> explanation;  ///< Empty: the published one must not be used.
};

struct SuiteScenario {
  std::string description;
  std::vector<SuiteCase> cases;
  SuiteZone zone;
};

/// What an engine says of a case's MAIL FROM.
[[nodiscard]] spf::Result judge(const SuiteScenario& scenario, const SuiteCase& suite_case,
                                SuiteResolver::Manner manner, spf::Engine engine);

/// The path of the suite: in the folder that SEKISHO_CONFORMANCE names, else in
/// ../shared/conformance beside the source tree. Nullopt where there is none.
[[nodiscard]] std::optional<std::string> suite_path();
/// Marks the running test as skipped: the suite is no part of the tree. Where SEKISHO_CONFORMANCE
/// says that it is there, the test fails.
void skip_suite();
[[nodiscard]] std::vector<SuiteScenario> load_suite(const std::string& path);

}  // namespace sekisho::test
