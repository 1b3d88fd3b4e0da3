// A resolver that asks each question once, and no more than its budget.
#pragma once

#include "dns/resolver.hpp"

#include <cstddef>
#include <functional>
#include <memory>

namespace sekisho::domain_check {

/// Answers, also failures, are kept: all parts of a check see the same. Beyond the budget the
/// answer is `Status::over_limit`. Thread-safe.
class Memory final : public dns::Resolver {
 public:
  /// `on_question` hears of each new question, with their number, one call at a time.
  Memory(std::shared_ptr<dns::Resolver> base, std::size_t budget,
         std::function<void(std::size_t)> on_question = {});
  ~Memory() override;

  [[nodiscard]] dns::Pending<dns::Answer> lookup(dns::Question question,
                                                 dns::Deadline deadline) override;
  [[nodiscard]] dns::Pending<dns::Answer> lookup_for(const dns::AskerPtr& asker,
                                                     dns::Question question,
                                                     dns::Deadline deadline) override;
  void drop_given_up() noexcept override;
  /// Different questions so far.
  [[nodiscard]] std::size_t questions() const;

 private:
  struct State;
  std::shared_ptr<dns::Resolver> base_;
  std::shared_ptr<State> state_;
};

}  // namespace sekisho::domain_check
