// Sends the mail of one report to its addresses, within the limits of each address.
#pragma once

#include "report/aggregate_sender/options.hpp"
#include "report/aggregate_sender/send_result.hpp"
#include "report/mailer/mailer.hpp"
#include "report/recipients/destination.hpp"
#include "report/store/recipient_state.hpp"
#include "report/store/send_claims.hpp"

#include <chrono>
#include <cstdint>
#include <expected>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace sekisho::report::aggregate_sender {

inline constexpr std::chrono::days longest_back_off{32};

/// Returns when an address that refused a report may be tried again: after one day, doubled with
/// each refusal up to longest_back_off. A dead address costs one mail a month, and one that accepts
/// mail again is found.
[[nodiscard]] std::chrono::sys_seconds next_try(std::chrono::sys_seconds now,
                                                std::uint32_t failures_before);

/// Keeps references to its arguments. Each error is the store's.
class RecipientSender {
 public:
  RecipientSender(store::SendClaims& claims, store::RecipientState& recipient_state,
                  mailer::Mailer& mailer, const SendOptions& options,
                  const std::function<std::chrono::sys_seconds()>& clock)
      : claims_(claims),
        recipient_state_(recipient_state),
        mailer_(mailer),
        options_(options),
        clock_(clock) {}

  /// Removes the addresses that an earlier attempt of this report has settled, and those that
  /// refused a report and may not be tried again yet. The latter are added to result.ignored.
  [[nodiscard]] std::expected<void, store::StoreError> remove_settled(
      std::vector<recipients::Destination>& destinations, SendResult& result);

  /// Sends to each address separately and stores the outcome at once: if a run is interrupted, at
  /// most one address gets the report twice. Outcomes are added to result.deliveries, and to
  /// result.ignored if the mail is too large for an address. Returns false if another run has taken
  /// the claim over; the remaining addresses are left to that run.
  [[nodiscard]] std::expected<bool, store::StoreError> send(
      const std::vector<recipients::Destination>& destinations, const std::string& mail,
      const store::SendClaim& claim, SendResult& result);

 private:
  [[nodiscard]] std::expected<std::optional<store::DeliveryFailures>, store::StoreError>
  pausing_failures(const std::string& address);
  [[nodiscard]] std::expected<mailer::Delivery, store::StoreError> send_to(
      const std::string& address, const std::string& mail, const store::SendClaim& claim);
  [[nodiscard]] std::expected<void, store::StoreError> store_outcome(const std::string& address,
                                                                     mailer::DeliveryStatus status,
                                                                     std::chrono::sys_days day);
  [[nodiscard]] std::expected<void, store::StoreError> store_refusal(const std::string& address);

  store::SendClaims& claims_;
  store::RecipientState& recipient_state_;
  mailer::Mailer& mailer_;
  const SendOptions& options_;
  const std::function<std::chrono::sys_seconds()>& clock_;
};

}  // namespace sekisho::report::aggregate_sender
