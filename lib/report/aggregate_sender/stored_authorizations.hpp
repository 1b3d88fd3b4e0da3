// Authorizations of external destinations, stored for all hosts.
#pragma once

#include "report/recipients/recipients.hpp"
#include "report/store/recipient_state.hpp"

#include <chrono>
#include <optional>

namespace sekisho::report::aggregate_sender {

/// If the store fails, find() returns nothing and keep() does nothing: the DNS is asked again.
class StoredAuthorizations final : public recipients::AuthorizationCache {
 public:
  /// If `read_only`, keep() does nothing.
  StoredAuthorizations(store::RecipientState& recipient_state, std::chrono::sys_seconds now,
                       bool read_only)
      : recipient_state_(recipient_state), now_(now), read_only_(read_only) {}

  [[nodiscard]] std::optional<recipients::Authorization> find(const mail::Domain& policy_domain,
                                                              const mail::Domain& host,
                                                              recipients::AddressTag tag) override;
  void keep(const mail::Domain& policy_domain, const mail::Domain& host, recipients::AddressTag tag,
            const recipients::Authorization& verdict) override;

 private:
  store::RecipientState& recipient_state_;
  std::chrono::sys_seconds now_;
  bool read_only_;
};

}  // namespace sekisho::report::aggregate_sender
