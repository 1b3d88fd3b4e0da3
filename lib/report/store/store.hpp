// The store: counts of mail from other domains, kept until they are reported.
#pragma once

#include "report/store/database.hpp"
#include "report/store/observation.hpp"
#include "report/store/result_rows.hpp"
#include "report/store/tallies.hpp"

#include <chrono>
#include <cstdint>
#include <expected>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace sekisho::report::store {

/// A policy domain whose report is due.
struct ReportedDomain {
  format::PolicyPublished policy;      ///< The last policy seen in the period.
  std::vector<std::string> addresses;  ///< rua= of that policy.
  std::uint64_t messages = 0;

  bool operator==(const ReportedDomain&) const = default;
};

/// The result of adding a batch.
enum class Counted : std::uint8_t {
  now,
  before,  ///< A batch of this name was counted earlier.
};

/// A period covers every UTC day that begins within it. For one thread at a time. A store can be
/// used after an error, unless the connection is broken: then all further calls fail, and another
/// must be opened.
class Store {
 public:
  [[nodiscard]] static std::expected<Store, StoreError> open(const Location& location);

  /// Adds observations and tallies as a whole or not at all. A batch with a name is counted once,
  /// however often it is added, so it can be added again when it is not known if it was committed.
  /// Names in `settled` will not be used again.
  [[nodiscard]] std::expected<Counted, StoreError> add(std::span<const Observation> observations,
                                                       const std::string& batch = {},
                                                       std::span<const std::string> settled = {},
                                                       std::span<const Tally> tallies = {});

  /// Returns the domains in order, or only `domain` if it is given.
  [[nodiscard]] std::expected<std::vector<ReportedDomain>, StoreError> domains(
      const format::Period& period, std::string_view domain = {});

  /// Calls `on_record` for all records of a policy domain in a period, ordered by source, and
  /// returns their number. No two records differ only in their count. Memory does not grow with the
  /// records. Exceptions of `on_record` pass through; it must not call records() itself.
  [[nodiscard]] std::expected<std::uint64_t, StoreError> records(
      std::string_view domain, const format::Period& period,
      const std::function<void(const format::AggregateRecord&)>& on_record);

  /// Deletes everything that belongs to days before `first`. Returns the number of deleted rows.
  [[nodiscard]] std::expected<std::uint64_t, StoreError> forget_before(std::chrono::sys_days first);

  /// For other data in the same database: SendClaims, RecipientState, received reports.
  [[nodiscard]] Database& database() { return *database_; }

 private:
  explicit Store(Database database);

  std::unique_ptr<Database> database_;
  std::unique_ptr<ResultRows> outcomes_;
  std::unique_ptr<Database>
      reader_;  ///< For records(), so that other calls are possible meanwhile.
};

}  // namespace sekisho::report::store
