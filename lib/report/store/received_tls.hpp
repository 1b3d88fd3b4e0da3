// TLS reports of others about our domains, kept (RFC 8460).
#pragma once

#include "report/format/tls_report.hpp"
#include "report/store/received.hpp"

#include <chrono>
#include <cstdint>
#include <expected>
#include <functional>
#include <string>

namespace sekisho::report::store {

/// Of one thread at a time.
class ReceivedTlsReports {
 public:
  explicit ReceivedTlsReports(Store& store) : database_(store.database()) {}

  /// Keeps a report, all of it or nothing, as received at `now`. Never too_many.
  [[nodiscard]] std::expected<AddOutcome, StoreError> add(const format::TlsReport& report,
                                                          std::chrono::sys_seconds now);

  /// Calls `on_policy` with the policies of all reports whose period ends after `since` and that
  /// are about `domain` or those below it; the oldest report first. `report` has no policies.
  [[nodiscard]] std::expected<void, StoreError> read(
      const std::string& domain, std::chrono::sys_seconds since,
      const std::function<void(const format::TlsReport& report, const format::TlsPolicy& policy)>&
          on_policy);

 private:
  Database& database_;
};

}  // namespace sekisho::report::store
