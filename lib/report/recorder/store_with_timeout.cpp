#include "report/recorder/store_with_timeout.hpp"

#include <thread>
#include <utility>

namespace sekisho::report::recorder {

StoreWithTimeout::StoreWithTimeout(store::Location location, std::chrono::milliseconds patience)
    : location_(std::move(location)), patience_(patience) {}

std::expected<void, store::StoreError> StoreWithTimeout::add(
    const Batch& batch, const std::vector<std::string>& settled) {
  return call([batch, settled](store::Store& store) -> Outcome {
    const auto added = store.add(batch.observations, batch.name, settled, batch.tallies);
    return added ? Outcome{} : std::unexpected(added.error());
  });
}

std::expected<void, store::StoreError> StoreWithTimeout::forget_before(
    std::chrono::sys_days first) {
  return call([first](store::Store& store) -> Outcome {
    if (const auto forgotten = store.forget_before(first); !forgotten) {
      return std::unexpected(forgotten.error());
    }
    return {};
  });
}

// The list is the call's own as long as that runs.
std::expected<std::vector<store::Tally>, store::StoreError> StoreWithTimeout::sent_since(
    std::chrono::sys_seconds first) {
  const auto tallies = std::make_shared<std::vector<store::Tally>>();
  const Outcome done = call([first, tallies](store::Store& store) -> Outcome {
    auto read = store::read_tallies(store.database(), store::TallyKind::sent, first);
    if (!read) {
      return std::unexpected(std::move(read).error());
    }
    *tallies = *std::move(read);
    return {};
  });
  if (!done) {
    return std::unexpected(done.error());
  }
  return std::move(*tallies);
}

bool StoreWithTimeout::hangs() const {
  return late_.valid() && late_.wait_for(std::chrono::seconds{0}) != std::future_status::ready;
}

// What the thread needs is its own, since it may outlive everything else here; and it has let go of
// the connection by the time its outcome is there.
StoreWithTimeout::Outcome StoreWithTimeout::call(Work work) {
  if (hangs()) {
    return std::unexpected(store::StoreError{"it still does not answer"});
  }
  if (!connection_) {
    connection_ = std::make_shared<std::optional<store::Store>>();
  }
  std::packaged_task<Outcome()> task(
      [connection = connection_, location = location_, work = std::move(work)]() mutable {
        const Connection own = std::move(connection);
        return run(*own, location, work);
      });
  std::future<Outcome> pending = task.get_future();
  std::thread(std::move(task)).detach();
  if (pending.wait_for(patience_) != std::future_status::ready) {
    connection_.reset();
    late_ = std::move(pending);
    return std::unexpected(store::StoreError{"it does not answer"});
  }
  Outcome outcome = pending.get();
  if (!outcome) {
    connection_.reset();
  }
  return outcome;
}

StoreWithTimeout::Outcome StoreWithTimeout::run(std::optional<store::Store>& store,
                                                const store::Location& location, const Work& work) {
  if (!store) {
    auto opened = store::Store::open(location);
    if (!opened) {
      return std::unexpected(std::move(opened).error());
    }
    store.emplace(*std::move(opened));
  }
  return work(*store);
}

}  // namespace sekisho::report::recorder
