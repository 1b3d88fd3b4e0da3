#include "report/aggregate_sender/recipient_sender.hpp"

#include "report/aggregate_sender/back_off.hpp"
#include "report/aggregate_sender/store_failure.hpp"

#include <cstdint>
#include <optional>
#include <set>
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

}  // namespace

void Courier::choose(std::vector<recipients::Destination>& destinations, Report& report) {
  const std::set<std::string> settled =
      checked(claims_.settled(report.policy_domain, report.period));
  std::erase_if(destinations, [&](const recipients::Destination& destination) {
    return settled.contains(destination.address) || is_left_alone(destination.address, report);
  });
}

bool Courier::is_left_alone(const std::string& address, Report& report) {
  const std::optional<store::Failing> failing = checked(addressees_.failing(address));
  const std::chrono::sys_seconds now = clock_();
  // What lies too far ahead a clock has noted that was wrong.
  if (!failing || failing->next_try <= now || failing->next_try > now + longest_back_off) {
    return false;
  }
  report.ignored.push_back({.uri = "mailto:" + address,
                            .reason = "it refused what was sent before, " +
                                      std::to_string(failing->failures) +
                                      (failing->failures == 1 ? " time" : " times in a row"),
                            .temporary = false});
  return true;
}

bool Courier::deliver(const std::vector<recipients::Destination>& destinations,
                      const std::string& mail, const store::Claim& claim, Report& report) {
  for (const recipients::Destination& destination : destinations) {
    // RFC 7489 §7.2.1: after compression and encoding.
    if (destination.max_octets && *destination.max_octets < mail.size()) {
      report.ignored.push_back(
          {.uri = "mailto:" + destination.address,
           .reason = "it takes " + std::to_string(*destination.max_octets) + " octets at most",
           .temporary = false});
      continue;
    }
    if (has_delivery(report, mailer::DeliveryStatus::unreachable)) {
      break;
    }
    const bool is_dry_run = mailer_ == nullptr;
    if (!is_dry_run && !checked(claims_.update(claim, clock_()))) {
      return false;
    }
    report.posted.push_back({destination.address, deliver_to(destination.address, mail, claim)});
  }
  return true;
}

mailer::Delivery Courier::deliver_to(const std::string& address, const std::string& mail,
                                     const store::Claim& claim) {
  if (mailer_ == nullptr) {
    return {};
  }
  const auto day = std::chrono::floor<std::chrono::days>(clock_());
  const auto most = static_cast<std::uint32_t>(options_.per_addressee_per_day);
  if (!checked(addressees_.take_turn(address, day, most))) {
    return {mailer::DeliveryStatus::deferred,
            "it has had " + std::to_string(most) + " reports today (per_addressee_per_day)"};
  }
  mailer::Delivery delivery = mailer_->deliver(options_.sender, address, mail);
  if (is_settled(delivery.status)) {
    checked(claims_.settle(claim, address));
  }
  note(address, delivery.status, day);
  return delivery;
}

// Of what is wrong with one mail an address that many domains share knows nothing.
void Courier::note(const std::string& address, mailer::DeliveryStatus status,
                   std::chrono::sys_days day) {
  switch (status) {
    case mailer::DeliveryStatus::sent:
      checked(addressees_.note_success(address));
      return;
    case mailer::DeliveryStatus::deferred:
    case mailer::DeliveryStatus::rejected:
    case mailer::DeliveryStatus::unreachable:
      checked(addressees_.return_turn(address, day));
      return;
    case mailer::DeliveryStatus::refused:
      note_refusal(address);
      return;
  }
  std::unreachable();
}

void Courier::note_refusal(const std::string& address) {
  const std::optional<store::Failing> before = checked(addressees_.failing(address));
  const std::chrono::sys_seconds now = clock_();
  checked(addressees_.note_failure(address, now, next_try(now, before ? before->failures : 0)));
}

}  // namespace sekisho::report::aggregate_sender
