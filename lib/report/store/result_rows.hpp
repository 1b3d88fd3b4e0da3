// Rows with the results of messages, without source and number: stored once for all days, policies
// and sources.
#pragma once

#include "report/format/aggregate.hpp"
#include "report/store/database.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

namespace sekisho::report::store {

/// For one connection. All members throw like SOCI.
class ResultRows {
 public:
  explicit ResultRows(Database& database) : database_(database) {}

  struct Entry {
    const format::AggregateRecord* record = nullptr;
    std::chrono::sys_days day;
  };
  /// Stores all members of the records but source and count, and returns the keys of the rows in
  /// the order of the entries. The rows stay at least as long as other data of their days. To be
  /// called within a transaction; after one that was undone, call forget().
  [[nodiscard]] std::vector<std::int64_t> keep(std::span<const Entry> entries);
  void forget() { known_.clear(); }

 private:
  Database& database_;
  std::unordered_map<std::string, std::int64_t> known_;  ///< By day and digest.
};

/// A row of the table `outcomes`.
struct ResultRow {
  std::string header_from;
  std::string envelope_from;
  std::string envelope_to;
  std::string disposition;
  int dkim_aligned = 0;
  int spf_aligned = 0;
  std::string results;
};
/// The columns of ResultRow, in order.
inline constexpr const char* result_columns =
    "outcomes.header_from, outcomes.envelope_from, outcomes.envelope_to, outcomes.disposition, "
    "outcomes.dkim_aligned, outcomes.spf_aligned, outcomes.results";
/// Throws Unreadable if the row is not valid.
[[nodiscard]] format::AggregateRecord record_from(const ResultRow& row, const std::string& source,
                                                  std::int64_t messages);

/// Calls `on_record` for each row of `query`, which selects source, messages and result_columns,
/// and returns their number. Memory does not grow with the rows. To be called within a transaction,
/// with a query without parameters. Throws like SOCI; exceptions of `on_record` pass through.
std::uint64_t each_record(Database& database, std::string query,
                          const std::function<void(const format::AggregateRecord&)>& on_record);

}  // namespace sekisho::report::store
