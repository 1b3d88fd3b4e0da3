// A store that is not waited for without end.
#pragma once

#include "report/recorder/spill.hpp"
#include "report/store/store.hpp"

#include <chrono>
#include <expected>
#include <functional>
#include <future>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace sekisho::report::recorder {

/// A server whose machine answers while the server itself does not (its disk hangs, it was stopped)
/// keeps neither TCP's time limits nor its own. So each call has a thread, and one that takes
/// longer than `patience` is an error; as with a connection that breaks, nobody knows then whether
/// it was done. Until such a call ends after all, every other is an error at once. Of one thread at
/// a time.
class StoreWithTimeout {
 public:
  StoreWithTimeout(store::Location location, std::chrono::milliseconds patience);

  /// As Store::add(), of a store that is opened where it is not. After an error it is opened anew.
  [[nodiscard]] std::expected<void, store::StoreError> add(const Batch& batch,
                                                           const std::vector<std::string>& settled);
  /// As Store::forget_before().
  [[nodiscard]] std::expected<void, store::StoreError> forget_before(std::chrono::sys_days first);

 private:
  using Outcome = std::expected<void, store::StoreError>;
  using Connection = std::shared_ptr<std::optional<store::Store>>;

  using Work = std::function<Outcome(store::Store&)>;

  [[nodiscard]] Outcome call(Work work);
  [[nodiscard]] static Outcome run(std::optional<store::Store>& store,
                                   const store::Location& location, const Work& work);
  [[nodiscard]] bool hangs() const;

  store::Location location_;
  std::chrono::milliseconds patience_;
  Connection connection_;
  std::future<Outcome> late_;  ///< Of the call that took too long.
};

}  // namespace sekisho::report::recorder
