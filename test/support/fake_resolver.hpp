// A resolver for tests: records from a table, answered at once or after a delay on a thread of its
// own, as the network would.
#pragma once

#include "dns/lookups.hpp"
#include "dns/resolver.hpp"
#include "guarded.hpp"

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace sekisho::test {

/// Names are compared in lower case. A name with any record exists (`no_data` for other types);
/// others are `no_such_name`. Set up before the first look-up; what was asked is kept in the order
/// of asking. May be released on its own thread, as a real one may.
class FakeResolver final : public dns::Resolver {
 public:
  /// `delay` zero: the answer is there when lookup() returns.
  explicit FakeResolver(std::chrono::milliseconds delay = std::chrono::milliseconds{0});
  ~FakeResolver() override;

  void add_txt(const std::string& name, const std::string& text);
  void add_address(const std::string& name, const std::string& address);  ///< A or AAAA.
  void add_mx(const std::string& name, std::uint16_t preference, const std::string& host);
  void add_ptr(const std::string& address, const std::string& host);
  void fail(const std::string& name, dns::Status status);  ///< For every type.

  [[nodiscard]] dns::Pending<dns::Answer> lookup(dns::Question question,
                                                 dns::Deadline deadline) override;
  [[nodiscard]] std::vector<dns::Question> asked() const;

 private:
  class Delay;
  void add(const std::string& name, dns::RecordType type, dns::Record record);
  [[nodiscard]] dns::Answer answer(const dns::Question& question) const;

  std::map<dns::Question, std::vector<dns::Record>> records_;
  std::map<std::string, dns::Status> failures_;
  mutable Guarded<std::vector<dns::Question>> asked_;
  std::shared_ptr<Delay> delay_;  // null without a delay
};

/// Look-ups through `resolver` with a deadline five seconds from now.
[[nodiscard]] dns::Lookups lookups_on(std::shared_ptr<dns::Resolver> resolver);

}  // namespace sekisho::test
