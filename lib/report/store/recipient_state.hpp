// What is known about recipients of reports: how many they got today, if they accept them, and if
// they are authorized.
#pragma once

#include "report/store/database.hpp"

#include <chrono>
#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <vector>

namespace sekisho::report::store {

/// Failures of an address that refused a report.
struct DeliveryFailures {
  std::uint32_t failures = 0;  ///< Consecutive.
  std::chrono::sys_seconds since;
  std::chrono::sys_seconds next_try;  ///< No mail is sent to it before.

  bool operator==(const DeliveryFailures&) const = default;
};

/// If a destination outside of a policy domain accepts reports about it (RFC 9990 §4).
struct Consent {
  bool given = false;
  std::vector<std::string>
      addresses;  ///< rua= of its answer, which replaces the address; may be empty.

  bool operator==(const Consent&) const = default;
};

/// Addresses and domains are stored as given.
class RecipientState {
 public:
  explicit RecipientState(Database& database) : database_(database) {}

  /// Counts one more message to `address` on `day`, unless there are `most` already: then it
  /// returns false. If many hosts ask at the same time, `most` of them get true.
  [[nodiscard]] std::expected<bool, StoreError> take_turn(const std::string& address,
                                                          std::chrono::sys_days day,
                                                          std::uint32_t most);
  /// Undoes a take_turn() that was not used.
  [[nodiscard]] std::expected<void, StoreError> return_turn(const std::string& address,
                                                            std::chrono::sys_days day);

  /// Returns nullopt if the last report was accepted, or none was sent.
  [[nodiscard]] std::expected<std::optional<DeliveryFailures>, StoreError> failing(
      const std::string& address);
  /// Counts one more failure.
  [[nodiscard]] std::expected<void, StoreError> note_failure(const std::string& address,
                                                             std::chrono::sys_seconds now,
                                                             std::chrono::sys_seconds next_try);
  [[nodiscard]] std::expected<void, StoreError> note_success(const std::string& address);

  /// Returns the stored answer while it is valid.
  [[nodiscard]] std::expected<std::optional<Consent>, StoreError> consent(
      const std::string& policy_domain, const std::string& destination,
      std::chrono::sys_seconds now);
  [[nodiscard]] std::expected<void, StoreError> keep_consent(const std::string& policy_domain,
                                                             const std::string& destination,
                                                             const Consent& consent,
                                                             std::chrono::sys_seconds expires);

 private:
  Database& database_;
};

}  // namespace sekisho::report::store
