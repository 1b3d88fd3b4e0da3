#include "report/aggregate_sender/aggregate_sender.hpp"

#include "report/aggregate_sender/store_failure.hpp"
#include "report/aggregate_sender/stored_authorizations.hpp"

#include <algorithm>
#include <limits>
#include <utility>

namespace sekisho::report::aggregate_sender {

namespace {

dns::Lookups lookups_on(std::shared_ptr<dns::Resolver> resolver) {
  constexpr std::chrono::seconds patience{15};
  return {std::move(resolver),
          {.deadline = std::chrono::steady_clock::now() + patience,
           .limit = std::numeric_limits<std::size_t>::max()}};
}

store::ClaimState state_after(const Report& report) {
  switch (report.outcome) {
    case Outcome::sent:
    case Outcome::nobody:
      return has_rest(report) ? store::ClaimState::failed : store::ClaimState::sent;
    case Outcome::prepared:
    case Outcome::sent_before:
    case Outcome::excluded:
      return store::ClaimState::sent;
    case Outcome::too_large:
    case Outcome::deferred:
    case Outcome::unreachable:
      return store::ClaimState::failed;
  }
  std::unreachable();
}

std::vector<std::string> addresses_of(const std::vector<recipients::Destination>& destinations) {
  std::vector<std::string> addresses;
  addresses.reserve(destinations.size());
  for (const recipients::Destination& destination : destinations) {
    addresses.push_back(destination.address);
  }
  return addresses;
}

}  // namespace

format::Period period_of(std::chrono::sys_days day) {
  return {.begin = day, .end = day + std::chrono::days{1}};
}

std::chrono::sys_days last_complete_day(const SendOptions& options, std::chrono::sys_seconds now) {
  return std::chrono::floor<std::chrono::days>(now - options.delay) - std::chrono::days{1};
}

Sender::Sender(SenderServices services, Reporter reporter, SenderEvents events)
    : services_(std::move(services)),
      reporter_(std::move(reporter)),
      events_(std::move(events)),
      claims_(services_.store->database()),
      addressees_(services_.store->database()),
      courier_(claims_, addressees_, services_.mailer, reporter_.options, services_.clock) {}

std::expected<std::vector<std::chrono::sys_days>, store::StoreError> Sender::unfinished_days(
    std::chrono::sys_days last) {
  constexpr std::chrono::days patience{7};
  const auto first = claims_.first_begin({last - patience, last});
  if (!first) {
    return std::unexpected(first.error());
  }
  std::vector<std::chrono::sys_days> days;
  if (!*first) {
    return days;
  }
  for (auto day = std::max(std::chrono::floor<std::chrono::days>(**first), last - patience);
       day < last; day += std::chrono::days{1}) {
    days.push_back(day);
  }
  return days;
}

std::expected<bool, store::StoreError> Sender::send(std::chrono::sys_days day, Selection selection,
                                                    const std::string& domain) {
  const format::Period period = period_of(day);
  try {
    const std::map<std::string, store::Claim> claims = claims_within(period);
    for (const store::ReportedDomain& reported :
         checked(services_.store->domains(period, domain))) {
      const auto claim = claims.find(reported.policy.domain);
      const bool is_sent = claim != claims.end() && claim->second.state == store::ClaimState::sent;
      if (is_sent && selection == Selection::unsent) {
        continue;
      }
      Report report{
          .policy_domain = reported.policy.domain, .period = period, .messages = reported.messages};
      if (!is_sent || selection == Selection::every) {
        report_on(reported, report);
      }
      if (is_sent) {
        report.outcome = Outcome::sent_before;
      }
      const bool is_told = selection != Selection::unsent || report.outcome != Outcome::excluded;
      if (is_told && events_.on_report) {
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

std::map<std::string, store::Claim> Sender::claims_within(const format::Period& period) {
  std::map<std::string, store::Claim> claims;
  for (store::Claim& claim : checked(claims_.within(period))) {
    const std::string domain = claim.domain;
    claims.insert_or_assign(domain, std::move(claim));
  }
  return claims;
}

void Sender::report_on(const store::ReportedDomain& reported, Report& report) {
  const auto domain = mail::Domain::parse(reported.policy.domain);
  if (!domain || has_domain_of(reporter_.options.exclude_domains, *domain)) {
    report.outcome = Outcome::excluded;
    return;
  }
  store::Claim claim{.domain = report.policy_domain, .period = report.period};
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

void Sender::attempt_report(const store::ReportedDomain& reported, store::Claim& claim,
                            Report& report) {
  const std::vector<recipients::Destination> destinations = destinations_for(reported, report);
  if (destinations.empty()) {
    report.outcome = outcome_of(report);
    report.reason = reason_of(report);
    return;
  }
  if (claim.report_id.empty()) {
    claim.report_id = unique_id(reporter_.submitter, report.policy_domain, report.period);
  }
  const Package package = checked(pack(*services_.store, reporter_, reported, report,
                                       claim.report_id, [&](std::uint64_t records) {
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

// The form and the errors do not depend on who is left of the addressees: a further try is to send
// the same report.
std::vector<recipients::Destination> Sender::destinations_for(const store::ReportedDomain& reported,
                                                              Report& report) {
  const mail::Domain domain = mail::Domain::parse(report.policy_domain).value();
  StoredVerdicts verdicts(addressees_, services_.clock(), is_dry_run());
  recipients::Recipients recipients =
      recipients::find_recipients(lookups_on(services_.resolver), services_.dmarc, domain,
                                  reported.addresses, recipients::AddressTag::rua, &verdicts);
  report.form = form_for(domain, recipients.destinations);
  report.errors = record_errors(reported, recipients.ignored);
  report.ignored = std::move(recipients.ignored);
  courier_.choose(recipients.destinations, report);
  return std::move(recipients.destinations);
}

format::Form Sender::form_for(const mail::Domain& domain,
                              const std::vector<recipients::Destination>& destinations) const {
  const std::vector<mail::Domain>& old = reporter_.options.rfc7489_domains;
  const bool wanted =
      has_domain_of(old, domain) ||
      std::ranges::any_of(destinations, [&](const recipients::Destination& destination) {
        return has_domain_of(old, destination.host);
      });
  return wanted ? format::Form::rfc7489 : reporter_.options.form;
}

void Sender::post(const Package& package, const std::vector<recipients::Destination>& destinations,
                  const store::Claim& claim, Report& report) {
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
  const bool is_still_ours = courier_.deliver(destinations, *mail, claim, report);
  if (!is_still_ours && report.posted.empty()) {
    report.outcome = Outcome::sent_before;
    report.reason = "another run has taken it over";
    return;
  }
  const bool would_send = is_dry_run() && !report.posted.empty();
  report.outcome = would_send ? Outcome::prepared : outcome_of(report);
  if (report.outcome == Outcome::sent) {
    report.reason = has_rest(report) ? "the others are tried again" : "";
  } else if (report.outcome != Outcome::prepared) {
    report.reason = reason_of(report);
  }
}

void Sender::finish(store::Claim& claim, const Report& report) {
  if (is_dry_run()) {
    return;
  }
  claim.state = state_after(report);
  // False where another host took it over, since this one was silent for long: it will send it with
  // the same identifiers, by which the receiver knows (RFC 9990 §3.5.4).
  static_cast<void>(checked(claims_.update(claim, services_.clock())));
}

}  // namespace sekisho::report::aggregate_sender
