// How messages fared, apart from whence they came and how many there were: kept once for all days,
// policies and sources.
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

/// Of one connection. All of it throws as SOCI does.
class ResultRows {
 public:
  explicit ResultRows(Database& database) : database_(database) {}

  struct Entry {
    const format::AggregateRecord* record = nullptr;
    std::chrono::sys_days day;
  };
  /// The keys of all of the records but source and count, in the order of the entries. They are
  /// kept at least for as long as what belongs to their days is. To be called within a transaction;
  /// after one that was undone, forget().
  [[nodiscard]] std::vector<std::int64_t> keep(std::span<const Entry> entries);
  void forget() { known_.clear(); }

 private:
  Database& database_;
  std::unordered_map<std::string, std::int64_t> known_;  ///< By day and digest.
};

/// A row of the table `outcomes`, as read.
struct ResultRow {
  std::string header_from;
  std::string envelope_from;
  std::string envelope_to;
  std::string disposition;
  int dkim_aligned = 0;
  int spf_aligned = 0;
  std::string results;
};
/// The columns of ResultRow, in its order.
inline constexpr const char* result_columns =
    "outcomes.header_from, outcomes.envelope_from, outcomes.envelope_to, outcomes.disposition, "
    "outcomes.dkim_aligned, outcomes.spf_aligned, outcomes.results";
/// Throws Unreadable where the row is none of ours.
[[nodiscard]] format::AggregateRecord record_from(const ResultRow& row, const std::string& source,
                                                  std::int64_t messages);

/// Calls `on_record` with what `query` selects, which is source, messages and result_columns, and
/// gives the number. Memory does not grow with it. To be called within a transaction, and with a
/// query that has no parameters. Throws as SOCI does, and what `on_record` throws.
std::uint64_t each_record(Database& database, std::string query,
                          const std::function<void(const format::AggregateRecord&)>& on_record);

}  // namespace sekisho::report::store
