#include "report/aggregate_sender/recipient_sender.hpp"

#include <algorithm>
#include <utility>

namespace sekisho::report::aggregate_sender {

namespace {

bool is_settled(mailer::DeliveryStatus status) {
  switch (status) {
    case mailer::DeliveryStatus::sent:
    case mailer::DeliveryStatus::refused:
    case mailer::DeliveryStatus::rejected:
      return true;
    case mailer::DeliveryStatus::deferred:
    case mailer::DeliveryStatus::unreachable:
      return false;
  }
  std::unreachable();
}

recipients::IgnoredUri refused_before(const std::string& address, std::uint32_t times) {
  return {.uri = "mailto:" + address,
          .reason = "it refused what was sent before, " + std::to_string(times) +
                    (times == 1 ? " time" : " times in a row"),
          .temporary = false};
}

recipients::IgnoredUri too_large_for(const recipients::Destination& destination) {
  return {.uri = "mailto:" + destination.address,
          .reason = "it takes " + std::to_string(*destination.max_octets) + " octets at most",
          .temporary = false};
}

}  // namespace

std::chrono::sys_seconds next_try(std::chrono::sys_seconds now, std::uint32_t failures_before) {
  constexpr std::uint32_t most_doublings = 5;
  static_assert(std::chrono::days{1U << most_doublings} == longest_back_off);
  // One hour less than whole days, since a daily run does not always start at the same time.
  constexpr std::chrono::hours slack{1};
  const std::chrono::days days{1U << std::min(failures_before, most_doublings)};
  return now + days - slack;
}

std::expected<void, store::StoreError> RecipientSender::remove_settled(
    std::vector<recipients::Destination>& destinations, SendResult& result) {
  const auto settled = claims_.settled(result.policy_domain, result.period);
  if (!settled) {
    return std::unexpected(settled.error());
  }
  std::vector<recipients::Destination> left;
  for (recipients::Destination& destination : destinations) {
    if (settled->contains(destination.address)) {
      continue;
    }
    const auto failures = pausing_failures(destination.address);
    if (!failures) {
      return std::unexpected(failures.error());
    }
    if (*failures) {
      result.ignored.push_back(refused_before(destination.address, (*failures)->failures));
      continue;
    }
    left.push_back(std::move(destination));
  }
  destinations = std::move(left);
  return {};
}

// The failures of an address that is not to be tried now; nullopt: it may be tried.
std::expected<std::optional<store::DeliveryFailures>, store::StoreError>
RecipientSender::pausing_failures(const std::string& address) {
  auto failures = recipient_state_.failing(address);
  if (!failures || !*failures) {
    return failures;
  }
  const std::chrono::sys_seconds now = clock_();
  const std::chrono::sys_seconds then = (*failures)->next_try;
  // A time too far ahead was stored while the clock was wrong.
  const bool is_paused = then > now && then <= now + longest_back_off;
  return is_paused ? *std::move(failures) : std::nullopt;
}

std::expected<bool, store::StoreError> RecipientSender::send(
    const std::vector<recipients::Destination>& destinations, const std::string& mail,
    const store::SendClaim& claim, SendResult& result) {
  for (const recipients::Destination& destination : destinations) {
    // RFC 7489 §7.2.1: after compression and encoding.
    if (destination.max_octets && *destination.max_octets < mail.size()) {
      result.ignored.push_back(too_large_for(destination));
      continue;
    }
    if (has_delivery(result, mailer::DeliveryStatus::unreachable)) {
      break;
    }
    if (!mailer_.is_dry_run()) {
      auto is_ours = claims_.update(claim, clock_());
      if (!is_ours || !*is_ours) {
        return is_ours;
      }
    }
    auto delivery = send_to(destination.address, mail, claim);
    if (!delivery) {
      return std::unexpected(delivery.error());
    }
    result.deliveries.push_back({destination.address, *std::move(delivery)});
  }
  return true;
}

std::expected<mailer::Delivery, store::StoreError> RecipientSender::send_to(
    const std::string& address, const std::string& mail, const store::SendClaim& claim) {
  if (mailer_.is_dry_run()) {
    return mailer_.send(options_.sender, address, mail);
  }
  const auto day = std::chrono::floor<std::chrono::days>(clock_());
  const auto most = static_cast<std::uint32_t>(options_.per_addressee_per_day);
  const auto has_turn = recipient_state_.take_turn(address, day, most);
  if (!has_turn) {
    return std::unexpected(has_turn.error());
  }
  if (!*has_turn) {
    return mailer::Delivery{
        mailer::DeliveryStatus::deferred,
        "it has had " + std::to_string(most) + " reports today (per_addressee_per_day)"};
  }
  mailer::Delivery delivery = mailer_.send(options_.sender, address, mail);
  if (is_settled(delivery.status)) {
    if (const auto settled = claims_.settle(claim, address); !settled) {
      return std::unexpected(settled.error());
    }
  }
  if (const auto stored = store_outcome(address, delivery.status, day); !stored) {
    return std::unexpected(stored.error());
  }
  return delivery;
}

// A mail that is rejected says nothing about its address, which many domains may share.
std::expected<void, store::StoreError> RecipientSender::store_outcome(const std::string& address,
                                                                      mailer::DeliveryStatus status,
                                                                      std::chrono::sys_days day) {
  switch (status) {
    case mailer::DeliveryStatus::sent:
      return recipient_state_.note_success(address);
    case mailer::DeliveryStatus::deferred:
    case mailer::DeliveryStatus::rejected:
    case mailer::DeliveryStatus::unreachable:
      return recipient_state_.return_turn(address, day);
    case mailer::DeliveryStatus::refused:
      return store_refusal(address);
  }
  std::unreachable();
}

std::expected<void, store::StoreError> RecipientSender::store_refusal(const std::string& address) {
  const auto before = recipient_state_.failing(address);
  if (!before) {
    return std::unexpected(before.error());
  }
  const std::chrono::sys_seconds now = clock_();
  const std::uint32_t failures = *before ? (*before)->failures : 0;
  return recipient_state_.note_failure(address, now, next_try(now, failures));
}

}  // namespace sekisho::report::aggregate_sender
