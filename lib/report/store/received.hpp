// Aggregate reports of others about our domains, kept: what was read once need not be a file any
// more.
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

/// The records of one report, as long as it is not known whether it ends well: those that differ in
/// source and count alone share what they have in common.
class ReceivedRecords {
 public:
  /// Records that differ in more than that, and the octets of their text; those beyond make the
  /// report one that is not kept.
  static constexpr std::size_t max_outcomes = 100'000;
  static constexpr std::size_t max_octets = std::size_t{16} << 20U;
  /// Sources of all of them. Those beyond do the same.
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
  known,     ///< One with the same identity (identity_of()) is there.
  too_many,  ///< Its records are too many to be kept.
  undated,   ///< It has no period: there is no day that it could be kept under.
};

/// Of one thread at a time.
class ReceivedReports {
 public:
  explicit ReceivedReports(Store& store) : database_(store.database()) {}

  /// Keeps a report, all of it or nothing, as received at `now`.
  [[nodiscard]] std::expected<AddOutcome, StoreError> add(const format::AggregateHeader& header,
                                                          const ReceivedRecords& records,
                                                          std::chrono::sys_seconds now);

  /// Calls `on_record` with the records of all reports about `domain`, and about those below it,
  /// whose period ends after `since`; report by report, the oldest first. Of the metadata there are
  /// org_name, email, report_id and period. Gives the number of reports.
  [[nodiscard]] std::expected<std::uint64_t, StoreError> read(
      const std::string& domain, std::chrono::sys_seconds since,
      const std::function<void(const format::AggregateHeader&, const format::AggregateRecord&)>&
          on_record);

 private:
  Database& database_;
};

}  // namespace sekisho::report::store
