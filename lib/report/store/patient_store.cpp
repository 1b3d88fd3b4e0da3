#include "report/store/patient_store.hpp"

#include <thread>
#include <utility>

namespace sekisho::report {

PatientStore::PatientStore(Location location, std::chrono::milliseconds patience)
    : location_(std::move(location)), patience_(patience) {}

std::expected<void, StoreError> PatientStore::add(const Batch& batch,
                                                  const std::vector<std::string>& settled) {
  return call([batch, settled](Store& store) {
    return store.add(batch.observations, batch.name, settled);
  });
}

std::expected<void, StoreError> PatientStore::forget_before(std::chrono::sys_days first) {
  return call([first](Store& store) -> Outcome {
    if (const auto forgotten = store.forget_before(first); !forgotten) {
      return std::unexpected(forgotten.error());
    }
    return {};
  });
}

bool PatientStore::hangs() const {
  return late_.valid() && late_.wait_for(std::chrono::seconds{0}) != std::future_status::ready;
}

// What the thread needs is its own, since it may outlive everything else here.
PatientStore::Outcome PatientStore::call(std::function<Outcome(Store&)> work) {
  if (hangs()) {
    return std::unexpected(StoreError{"it still does not answer"});
  }
  if (!connection_) {
    connection_ = std::make_shared<std::optional<Store>>();
  }
  std::packaged_task<Outcome()> task(
      [connection = connection_, location = location_, work = std::move(work)]() -> Outcome {
        if (!*connection) {
          auto opened = Store::open(location);
          if (!opened) {
            return std::unexpected(std::move(opened).error());
          }
          connection->emplace(*std::move(opened));
        }
        return work(**connection);
      });
  std::future<Outcome> pending = task.get_future();
  std::thread(std::move(task)).detach();
  if (pending.wait_for(patience_) != std::future_status::ready) {
    connection_.reset();
    late_ = std::move(pending);
    return std::unexpected(StoreError{"it does not answer"});
  }
  Outcome outcome = pending.get();
  if (!outcome) {
    connection_.reset();
  }
  return outcome;
}

}  // namespace sekisho::report
