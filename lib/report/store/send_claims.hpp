// Claims of reports: a report is sent once to each of its addresses, however many hosts share a
// store and however often they try.
#pragma once

#include "report/format/period.hpp"
#include "report/store/database.hpp"

#include <chrono>
#include <cstdint>
#include <expected>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace sekisho::report::store {

enum class ClaimState : std::uint8_t {
  claimed,  ///< A run is sending it.
  sent,     ///< It was sent, or had no recipient.
  failed,   ///< It was not sent to all recipients, and may be tried again.
};
[[nodiscard]] std::string_view format_claim_state(ClaimState state);

struct SendClaim {
  std::string domain;
  format::Period period;
  std::string host;  ///< The host that has the claim.
  ClaimState state = ClaimState::claimed;
  std::chrono::sys_seconds since;  ///< Time of the last change of state.
  std::string report_id;           ///< "" until it is known. Further attempts use the same.
  std::uint32_t attempts = 1;

  bool operator==(const SendClaim&) const = default;
};

/// A claim that was not updated for this time is free again.
inline constexpr std::chrono::hours stale_claim{1};

/// Claims of one domain do not overlap in time (RFC 9990 §3.1.1.4).
class SendClaims {
 public:
  explicit SendClaims(Database& database) : database_(database) {}

  /// Claims the report for `host`. Returns nullopt if it was sent, even in part, or is being sent.
  /// A claim that failed or is stale is taken over with its report_id, if the period is the same.
  [[nodiscard]] std::expected<std::optional<SendClaim>, StoreError> claim(
      const std::string& domain, const format::Period& period, const std::string& host,
      std::chrono::sys_seconds now);

  /// Stores `state` and `report_id` of a claim. Returns false if another host has taken it over. A
  /// long run calls this repeatedly to keep its claim. Once the state is `sent`, the settled
  /// addresses are deleted.
  [[nodiscard]] std::expected<bool, StoreError> update(const SendClaim& claim,
                                                       std::chrono::sys_seconds now);

  /// Stores that further attempts skip `address`: it has the report, or refused it. This holds
  /// whichever host has the claim now.
  [[nodiscard]] std::expected<void, StoreError> settle(const SendClaim& claim,
                                                       const std::string& address);
  /// Returns the settled addresses.
  [[nodiscard]] std::expected<std::set<std::string>, StoreError> settled(
      const std::string& domain, const format::Period& period);

  /// Returns the begin of the first claim that overlaps the period; nullopt if there is none.
  [[nodiscard]] std::expected<std::optional<std::chrono::sys_seconds>, StoreError> first_begin(
      const format::Period& period);

  /// Returns all claims that overlap the period, by domain.
  [[nodiscard]] std::expected<std::vector<SendClaim>, StoreError> within(
      const format::Period& period);

 private:
  Database& database_;
};

}  // namespace sekisho::report::store
