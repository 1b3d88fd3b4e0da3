// What is known of those whom reports go to: how many they got today, whether they take them, and
// whether they agreed to.
#pragma once

#include "report/store/database.hpp"

#include <chrono>
#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <vector>

namespace sekisho::report::store {

/// An address that did not take what was sent to it.
struct DeliveryFailures {
  std::uint32_t failures = 0;  ///< In a row.
  std::chrono::sys_seconds since;
  std::chrono::sys_seconds next_try;  ///< Not to be written to before.

  bool operator==(const DeliveryFailures&) const = default;
};

/// Whether a destination outside of a policy domain accepts reports about it (RFC 9990 §4).
struct Consent {
  bool given = false;
  std::vector<std::string> addresses;  ///< rua= of its answer, which override; may be empty.

  bool operator==(const Consent&) const = default;
};

/// Addresses and domains are kept as they are given.
class RecipientState {
 public:
  explicit RecipientState(Database& database) : database_(database) {}

  /// Counts one more message to `address` on `day`, unless there were `most` already. False: there
  /// were. Of many hosts that ask at once, `most` are told yes.
  [[nodiscard]] std::expected<bool, StoreError> take_turn(const std::string& address,
                                                          std::chrono::sys_days day,
                                                          std::uint32_t most);
  /// Gives back a turn that was not used.
  [[nodiscard]] std::expected<void, StoreError> return_turn(const std::string& address,
                                                            std::chrono::sys_days day);

  /// Nullopt: nothing is held against it.
  [[nodiscard]] std::expected<std::optional<DeliveryFailures>, StoreError> failing(
      const std::string& address);
  /// Counts one more failure.
  [[nodiscard]] std::expected<void, StoreError> note_failure(const std::string& address,
                                                             std::chrono::sys_seconds now,
                                                             std::chrono::sys_seconds next_try);
  [[nodiscard]] std::expected<void, StoreError> note_success(const std::string& address);

  /// The answer that was kept, while it is good.
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
