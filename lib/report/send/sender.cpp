#include "report/send/sender.hpp"

#include "report/send/back_off.hpp"
#include "report/send/stored_verdicts.hpp"

#include <algorithm>
#include <limits>
#include <utility>

namespace sekisho::report {

namespace {

dns::Lookups lookups_on(std::shared_ptr<dns::Resolver> resolver) {
  constexpr std::chrono::seconds patience{15};
  return {std::move(resolver),
          {.deadline = std::chrono::steady_clock::now() + patience,
           .limit = std::numeric_limits<std::size_t>::max()}};
}

bool is_temporary(DeliveryStatus status) {
  return status == DeliveryStatus::deferred || status == DeliveryStatus::unreachable;
}

bool has(const Report& report, DeliveryStatus status) {
  return std::ranges::any_of(
      report.posted, [status](const Posted& posted) { return posted.delivery.status == status; });
}

// One address that took it is enough: to try the others again would send it twice to the first.
Outcome outcome_of(const Report& report) {
  if (has(report, DeliveryStatus::sent)) {
    return Outcome::sent;
  }
  if (has(report, DeliveryStatus::unreachable)) {
    return Outcome::unreachable;
  }
  const bool may_pass = std::ranges::any_of(report.ignored, &Ignored::temporary);
  return has(report, DeliveryStatus::deferred) || may_pass ? Outcome::deferred : Outcome::nobody;
}

std::string reason_of(const Report& report) {
  if (!report.posted.empty()) {
    return report.posted.back().delivery.reply;
  }
  return report.ignored.empty() ? "" : report.ignored.back().reason;
}

ClaimState state_after(Outcome outcome) {
  switch (outcome) {
    case Outcome::sent:
    case Outcome::prepared:
    case Outcome::sent_before:
    case Outcome::excluded:
    case Outcome::nobody:
      return ClaimState::sent;
    case Outcome::too_large:
    case Outcome::deferred:
    case Outcome::unreachable:
      return ClaimState::failed;
  }
  std::unreachable();
}

std::vector<std::string> addresses_of(const std::vector<Destination>& destinations) {
  std::vector<std::string> addresses;
  addresses.reserve(destinations.size());
  for (const Destination& destination : destinations) {
    addresses.push_back(destination.address);
  }
  return addresses;
}

}  // namespace

std::string_view format_outcome(Outcome outcome) {
  switch (outcome) {
    case Outcome::sent:
      return "sent";
    case Outcome::prepared:
      return "prepared";
    case Outcome::sent_before:
      return "sent before";
    case Outcome::excluded:
      return "excluded";
    case Outcome::nobody:
      return "nobody";
    case Outcome::too_large:
      return "too large";
    case Outcome::deferred:
      return "deferred";
    case Outcome::unreachable:
      return "unreachable";
  }
  std::unreachable();
}

Period period_of(std::chrono::sys_days day) {
  return {.begin = day, .end = day + std::chrono::days{1}};
}

std::chrono::sys_days last_complete_day(const SendOptions& options, std::chrono::sys_seconds now) {
  return std::chrono::floor<std::chrono::days>(now - options.delay) - std::chrono::days{1};
}

template <typename T>
T Sender::checked(std::expected<T, StoreError> result) {
  if (!result) {
    throw StoreFailure{std::move(result.error())};
  }
  if constexpr (!std::is_void_v<T>) {
    return *std::move(result);
  }
}

Sender::Sender(SenderServices services, Reporter reporter, SenderEvents events)
    : services_(std::move(services)),
      reporter_(std::move(reporter)),
      events_(std::move(events)),
      claims_(services_.store->database()),
      addressees_(services_.store->database()) {}

std::expected<bool, StoreError> Sender::send(std::chrono::sys_days day, Selection selection,
                                             const std::string& domain) {
  const Period period = period_of(day);
  try {
    const std::map<std::string, Claim> claims = claims_within(period);
    for (const ReportedDomain& reported : checked(services_.store->domains(period, domain))) {
      if (!is_wanted(reported.policy.domain, selection, claims)) {
        continue;
      }
      Report report{
          .policy_domain = reported.policy.domain, .period = period, .messages = reported.messages};
      const auto claim = claims.find(reported.policy.domain);
      if (claim != claims.end() && claim->second.state == ClaimState::sent) {
        report.outcome = Outcome::sent_before;
      } else {
        report_on(reported, report);
      }
      if (events_.on_report) {
        events_.on_report(report);
      }
      if (report.outcome == Outcome::unreachable) {
        return false;
      }
    }
    return true;
  } catch (const StoreFailure& failure) {
    return std::unexpected(failure.error);
  }
}

std::map<std::string, Claim> Sender::claims_within(const Period& period) {
  std::map<std::string, Claim> claims;
  for (Claim& claim : checked(claims_.within(period))) {
    const std::string domain = claim.domain;
    claims.insert_or_assign(domain, std::move(claim));
  }
  return claims;
}

bool Sender::is_wanted(const std::string& domain, Selection selection,
                       const std::map<std::string, Claim>& claims) const {
  switch (selection) {
    case Selection::all:
      return true;
    case Selection::failed: {
      const auto claim = claims.find(domain);
      return claim != claims.end() && claim->second.state != ClaimState::sent;
    }
  }
  std::unreachable();
}

void Sender::report_on(const ReportedDomain& reported, Report& report) {
  const auto domain = mail::Domain::parse(reported.policy.domain);
  if (!domain || has_domain_of(reporter_.options.exclude_domains, *domain)) {
    report.outcome = Outcome::excluded;
    return;
  }
  Claim claim{.domain = report.policy_domain, .period = report.period};
  if (!is_dry_run()) {
    auto claimed = checked(
        claims_.claim(report.policy_domain, report.period, services_.host, services_.clock()));
    if (!claimed) {
      report.outcome = Outcome::sent_before;
      report.reason = "another run is at it, or has sent it";
      return;
    }
    claim = *std::move(claimed);
  }
  attempt_report(reported, claim, report);
  finish(claim, report);
}

void Sender::attempt_report(const ReportedDomain& reported, Claim& claim, Report& report) {
  const std::vector<Destination> destinations = destinations_for(reported, report);
  if (destinations.empty()) {
    report.outcome = outcome_of(report);
    report.reason = reason_of(report);
    return;
  }
  const mail::Domain domain = mail::Domain::parse(report.policy_domain).value();
  report.form = form_for(domain, destinations);
  if (claim.report_id.empty()) {
    claim.report_id = unique_id(reporter_.submitter, report.policy_domain, report.period);
  }
  const Package package = checked(pack(*services_.store, reporter_, reported, report.period,
                                       claim.report_id, report.form, [&](std::uint64_t records) {
                                         if (events_.on_progress) {
                                           events_.on_progress(report.policy_domain, records);
                                         }
                                       }));
  report.records = package.records;
  report.messages = package.messages;
  report.report_id = package.names.report_id;
  report.file_name = package.names.file_name;
  if (package.too_large) {
    report.outcome = Outcome::too_large;
    report.reason = "more than report.max_size, compressed";
    return;
  }
  post(package, destinations, claim, report);
}

std::vector<Destination> Sender::destinations_for(const ReportedDomain& reported, Report& report) {
  const mail::Domain domain = mail::Domain::parse(report.policy_domain).value();
  StoredVerdicts verdicts(addressees_, services_.clock(), is_dry_run());
  Recipients recipients = find_recipients(lookups_on(services_.resolver), services_.dmarc, domain,
                                          reported.addresses, AddressTag::rua, &verdicts);
  report.ignored = std::move(recipients.ignored);
  std::erase_if(recipients.destinations, [&](const Destination& destination) {
    return leaves_alone(destination.address, report);
  });
  return std::move(recipients.destinations);
}

bool Sender::leaves_alone(const std::string& address, Report& report) {
  const std::optional<Failing> failing = checked(addressees_.failing(address));
  if (!failing || failing->next_try <= services_.clock()) {
    return false;
  }
  report.ignored.push_back({.uri = "mailto:" + address,
                            .reason = "it refused what was sent before, " +
                                      std::to_string(failing->failures) +
                                      (failing->failures == 1 ? " time" : " times in a row"),
                            .temporary = false});
  return true;
}

Form Sender::form_for(const mail::Domain& domain,
                      const std::vector<Destination>& destinations) const {
  const std::vector<mail::Domain>& old = reporter_.options.rfc7489_domains;
  const bool wanted = has_domain_of(old, domain) ||
                      std::ranges::any_of(destinations, [&](const Destination& destination) {
                        return has_domain_of(old, destination.host);
                      });
  return wanted ? Form::rfc7489 : reporter_.options.form;
}

void Sender::post(const Package& package, const std::vector<Destination>& destinations,
                  const Claim& claim, Report& report) {
  const auto mail =
      compose_report(reporter_, package, addresses_of(destinations), services_.clock());
  if (!mail) {
    report.outcome = Outcome::nobody;
    report.reason = mail.error();
    return;
  }
  report.octets = mail->size();
  if (mail->size() > reporter_.options.max_size) {
    report.outcome = Outcome::too_large;
    report.reason = "more than report.max_size";
    return;
  }
  if (events_.on_package) {
    events_.on_package(package);
  }
  if (!is_dry_run() && !checked(claims_.update(claim, services_.clock()))) {
    report.outcome = Outcome::sent_before;
    report.reason = "another run has taken it over";
    return;
  }
  deliver_to(destinations, *mail, report);
  const bool would_send = is_dry_run() && !report.posted.empty();
  report.outcome = would_send ? Outcome::prepared : outcome_of(report);
  if (report.outcome != Outcome::sent && report.outcome != Outcome::prepared) {
    report.reason = reason_of(report);
  }
}

void Sender::deliver_to(const std::vector<Destination>& destinations, const std::string& mail,
                        Report& report) {
  for (const Destination& destination : destinations) {
    // RFC 7489 §7.2.1: after compression and encoding.
    if (destination.max_octets && *destination.max_octets < mail.size()) {
      report.ignored.push_back(
          {.uri = "mailto:" + destination.address,
           .reason = "it takes " + std::to_string(*destination.max_octets) + " octets at most",
           .temporary = false});
      continue;
    }
    if (has(report, DeliveryStatus::unreachable)) {
      break;
    }
    report.posted.push_back({destination.address, deliver(destination.address, mail)});
  }
}

Delivery Sender::deliver(const std::string& address, const std::string& mail) {
  if (is_dry_run()) {
    return {};
  }
  const auto day = std::chrono::floor<std::chrono::days>(services_.clock());
  const auto most = static_cast<std::uint32_t>(reporter_.options.per_addressee_per_day);
  if (!checked(addressees_.take_turn(address, day, most))) {
    return {DeliveryStatus::deferred,
            "it has had " + std::to_string(most) + " reports today (per_addressee_per_day)"};
  }
  Delivery delivery = services_.mailer->deliver(reporter_.options.sender, address, mail);
  note(address, delivery.status, day);
  return delivery;
}

void Sender::note(const std::string& address, DeliveryStatus status, std::chrono::sys_days day) {
  if (is_temporary(status)) {
    checked(addressees_.return_turn(address, day));
    return;
  }
  if (status == DeliveryStatus::sent) {
    checked(addressees_.note_success(address));
    return;
  }
  const std::optional<Failing> before = checked(addressees_.failing(address));
  const std::chrono::sys_seconds now = services_.clock();
  checked(addressees_.note_failure(address, now, next_try(now, before ? before->failures : 0)));
}

void Sender::finish(Claim& claim, const Report& report) {
  if (is_dry_run()) {
    return;
  }
  claim.state = state_after(report.outcome);
  // False where another host took it over, since this one was silent for long: it will send it with
  // the same identifiers, by which the receiver knows (RFC 9990 §3.5.4).
  static_cast<void>(checked(claims_.update(claim, services_.clock())));
}

}  // namespace sekisho::report
