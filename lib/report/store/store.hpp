// What was seen of other domains' mail, counted up until it is reported.
#pragma once

#include "report/store/database.hpp"
#include "report/store/observation.hpp"
#include "report/store/result_rows.hpp"

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

/// A policy domain that a report is due to.
struct ReportedDomain {
  format::PolicyPublished
      policy;  ///< As it was seen last, of those that messages of the period met.
  std::vector<std::string> addresses;  ///< rua= of that record.
  std::uint64_t messages = 0;

  bool operator==(const ReportedDomain&) const = default;
};

/// What became of a batch.
enum class Counted : std::uint8_t {
  now,
  before,  ///< It has a name that was known.
};

/// The rows of several days are those of every UTC day that begins within a period. Of one thread
/// at a time. After an error a store still answers, but where the connection is broken all further
/// calls fail: open another.
class Store {
 public:
  [[nodiscard]] static std::expected<Store, StoreError> open(const Location& location);

  /// Counts up, all of it or nothing. A batch that has a name is counted once, however often it
  /// comes: so it can be tried again where nobody knows whether it was committed. Names in
  /// `settled` will not come again.
  [[nodiscard]] std::expected<Counted, StoreError> add(std::span<const Observation> observations,
                                                       const std::string& batch = {},
                                                       std::span<const std::string> settled = {});

  /// By domain, in its order. `domain`: of that one alone.
  [[nodiscard]] std::expected<std::vector<ReportedDomain>, StoreError> domains(
      const format::Period& period, std::string_view domain = {});

  /// Calls `on_record` for all records of a policy domain in a period, in the order of their
  /// sources, and gives their number. No two of them differ in nothing but their count. Memory does
  /// not grow with the records. What `on_record` throws comes through; it must not call this
  /// itself.
  [[nodiscard]] std::expected<std::uint64_t, StoreError> records(
      std::string_view domain, const format::Period& period,
      const std::function<void(const format::AggregateRecord&)>& on_record);

  /// Forgets all that belongs to days before `first`, and says how many rows that were.
  [[nodiscard]] std::expected<std::uint64_t, StoreError> forget_before(std::chrono::sys_days first);

  /// For what else is kept in the same database: SendClaims, RecipientState, received reports.
  [[nodiscard]] Database& database() { return *database_; }

 private:
  explicit Store(Database database);

  std::unique_ptr<Database> database_;
  std::unique_ptr<ResultRows> outcomes_;
  std::unique_ptr<Database> reader_;  ///< Of records(): what is asked meanwhile is not in its way.
};

}  // namespace sekisho::report::store
