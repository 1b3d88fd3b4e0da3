// Stores the TLS reports of others about our domains (RFC 8460).
#pragma once

#include "report/format/tls_report.hpp"
#include "report/store/received.hpp"

#include <chrono>
#include <cstdint>
#include <expected>
#include <functional>
#include <string>

namespace sekisho::report::store {

/// For one thread at a time.
class ReceivedTlsReports {
 public:
  explicit ReceivedTlsReports(Store& store) : database_(store.database()) {}

  /// Stores a report as a whole or not at all, as received at `now`. Never returns too_many.
  [[nodiscard]] std::expected<AddOutcome, StoreError> add(const format::TlsReport& report,
                                                          std::chrono::sys_seconds now);

  /// Calls `on_policy` with the policies about `domain` and its subdomains, of all reports whose
  /// period ends after `since`, oldest first. `report` has no policies.
  [[nodiscard]] std::expected<void, StoreError> read(
      const std::string& domain, std::chrono::sys_seconds since,
      const std::function<void(const format::TlsReport& report, const format::TlsPolicy& policy)>&
          on_policy);

 private:
  Database& database_;
};

}  // namespace sekisho::report::store
