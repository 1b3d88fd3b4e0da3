// A store whose calls have a timeout.
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

/// If the machine of a server answers but the server does not (its disk hangs, it is stopped),
/// neither TCP's timeouts nor the server's apply. So each call runs on a thread, and a call that
/// takes longer than `patience` is an error; as with a broken connection, it is not known if it was
/// done. Until that call ends, every other call fails at once. For one thread at a time.
class StoreWithTimeout {
 public:
  StoreWithTimeout(store::Location location, std::chrono::milliseconds patience);

  /// Calls Store::add(), and opens the store first if needed. After an error the store is opened
  /// again.
  [[nodiscard]] std::expected<void, store::StoreError> add(const Batch& batch,
                                                           const std::vector<std::string>& settled);
  /// Calls read_tallies() for TallyKind::sent.
  [[nodiscard]] std::expected<std::vector<store::Tally>, store::StoreError> sent_since(
      std::chrono::sys_seconds first);
  /// Calls Store::forget_before().
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
  std::future<Outcome> late_;  ///< The call that timed out.
};

}  // namespace sekisho::report::recorder
