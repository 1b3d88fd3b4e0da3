// Who sends which report: however many hosts share a store and however often they try, a report
// goes out once to each of its addresses.
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
  claimed,  ///< Somebody is at it.
  sent,     ///< It went out, or there was nobody to send it to.
  failed,   ///< It did not go out, or not to all of its addresses, and may be tried again.
};
[[nodiscard]] std::string_view format_claim_state(ClaimState state);

struct SendClaim {
  std::string domain;
  format::Period period;
  std::string host;  ///< Of the claimant.
  ClaimState state = ClaimState::claimed;
  std::chrono::sys_seconds since;  ///< Of the state.
  std::string report_id;           ///< "" until it is known. A further try has the same.
  std::uint32_t attempts = 1;

  bool operator==(const SendClaim&) const = default;
};

/// A claimant that said nothing for so long is gone, and its claim free.
inline constexpr std::chrono::hours stale_claim{1};

/// Claims of one domain do not overlap in time (RFC 9990 §3.1.1.4).
class SendClaims {
 public:
  explicit SendClaims(Database& database) : database_(database) {}

  /// Whether `host` may send the report: nobody sent it, or a part of it, and nobody is at it. One
  /// that failed, or whose claimant is gone, is taken over with its report_id; the period has to be
  /// the same then. Nullopt: it may not.
  [[nodiscard]] std::expected<std::optional<SendClaim>, StoreError> claim(
      const std::string& domain, const format::Period& period, const std::string& host,
      std::chrono::sys_seconds now);

  /// Keeps `state` and `report_id` of a claim that is still `host`'s. False: somebody else took it
  /// over. Also to be called now and then by one that takes long. Of one that is sent the settled
  /// addresses are forgotten.
  [[nodiscard]] std::expected<bool, StoreError> update(const SendClaim& claim,
                                                       std::chrono::sys_seconds now);

  /// ReportNotes that further tries need not go to `address`: it has the report, or will not take
  /// it. It holds whoever the claim belongs to now.
  [[nodiscard]] std::expected<void, StoreError> settle(const SendClaim& claim,
                                                       const std::string& address);
  /// The addresses of such notes.
  [[nodiscard]] std::expected<std::set<std::string>, StoreError> settled(
      const std::string& domain, const format::Period& period);

  /// When the first of those begins that overlap the period; nullopt: there are none.
  [[nodiscard]] std::expected<std::optional<std::chrono::sys_seconds>, StoreError> first_begin(
      const format::Period& period);

  /// All that overlap the period, by domain.
  [[nodiscard]] std::expected<std::vector<SendClaim>, StoreError> within(
      const format::Period& period);

 private:
  Database& database_;
};

}  // namespace sekisho::report::store
