// Stores the aggregate reports of others about our domains, so that their files need not be kept.
#pragma once

#include "report/format/aggregate.hpp"
#include "report/store/database.hpp"
#include "report/store/store.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <expected>
#include <functional>
#include <map>
#include <string>
#include <string_view>

namespace sekisho::report::store {

/// Collects the records of one report until it is known to be valid. Records that differ only in
/// source and count share the rest.
class ReceivedRecords {
 public:
  /// Limits of distinct results and the octets of their text. A report beyond them is not stored.
  static constexpr std::size_t max_outcomes = 100'000;
  static constexpr std::size_t max_octets = std::size_t{16} << 20U;
  /// Limit of sources, with the same effect.
  static constexpr std::size_t max_sources = 250'000;

  void add(format::AggregateRecord record);
  [[nodiscard]] bool has_too_many() const { return too_many_; }
  void each(const std::function<void(const format::AggregateRecord&)>& use) const;

 private:
  friend class ReceivedReports;
  struct Outcome {
    format::AggregateRecord record;
    std::map<dns::IpAddress, std::uint64_t> sources;
  };
  std::map<std::string, Outcome> outcomes_;
  std::size_t octets_ = 0;
  std::size_t sources_ = 0;
  bool too_many_ = false;
};

enum class AddOutcome : std::uint8_t {
  kept,
  known,     ///< A report with the same identity (identity_of()) is stored.
  too_many,  ///< It has too many records.
  undated,   ///< It has no period, so it belongs to no day.
};

/// For one thread at a time.
class ReceivedReports {
 public:
  explicit ReceivedReports(Store& store) : database_(store.database()) {}

  /// Stores a report as a whole or not at all, as received at `now`.
  [[nodiscard]] std::expected<AddOutcome, StoreError> add(const format::AggregateHeader& header,
                                                          const ReceivedRecords& records,
                                                          std::chrono::sys_seconds now);

  /// Calls `on_record` with the records of all reports about `domain` and its subdomains whose
  /// period ends after `since`, report by report, oldest first. The metadata has org_name, email,
  /// report_id and period. Returns the number of reports.
  [[nodiscard]] std::expected<std::uint64_t, StoreError> read(
      const std::string& domain, std::chrono::sys_seconds since,
      const std::function<void(const format::AggregateHeader&, const format::AggregateRecord&)>&
          on_record);

 private:
  Database& database_;
};

}  // namespace sekisho::report::store
