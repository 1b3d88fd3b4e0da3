#include "report/aggregate_sender/aggregate_sender.hpp"

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

store::ClaimState state_after(const SendResult& result) {
  switch (result.outcome) {
    case SendOutcome::sent:
    case SendOutcome::nobody:
      return has_rest(result) ? store::ClaimState::failed : store::ClaimState::sent;
    case SendOutcome::prepared:
    case SendOutcome::sent_before:
    case SendOutcome::excluded:
      return store::ClaimState::sent;
    case SendOutcome::too_large:
    case SendOutcome::deferred:
    case SendOutcome::unreachable:
      return store::ClaimState::failed;
  }
  std::unreachable();
}

bool is_sent(const std::map<std::string, store::SendClaim>& claims, const std::string& domain) {
  const auto claim = claims.find(domain);
  return claim != claims.end() && claim->second.state == store::ClaimState::sent;
}

std::vector<std::string> addresses_of(const std::vector<recipients::Destination>& destinations) {
  std::vector<std::string> addresses;
  addresses.reserve(destinations.size());
  for (const recipients::Destination& destination : destinations) {
    addresses.push_back(destination.address);
  }
  return addresses;
}

void set_outcome(SendResult& result, SendOutcome outcome, std::string reason) {
  result.outcome = outcome;
  result.reason = std::move(reason);
}

// After the mail was sent to the recipients.
void set_outcome(SendResult& result, bool is_dry_run) {
  if (is_dry_run && !result.deliveries.empty()) {
    result.outcome = SendOutcome::prepared;
    return;
  }
  const SendOutcome outcome = outcome_of(result);
  if (outcome == SendOutcome::sent) {
    set_outcome(result, outcome, has_rest(result) ? "the others are tried again" : "");
    return;
  }
  set_outcome(result, outcome, reason_of(result));
}

}  // namespace

format::Period period_of(std::chrono::sys_days day) {
  return {.begin = day, .end = day + std::chrono::days{1}};
}

std::chrono::sys_days last_complete_day(const SendOptions& options, std::chrono::sys_seconds now) {
  return std::chrono::floor<std::chrono::days>(now - options.delay) - std::chrono::days{1};
}

AggregateSender::AggregateSender(SenderServices services, ReportingOrganization organization,
                                 SenderEvents events)
    : services_(std::move(services)),
      organization_(std::move(organization)),
      events_(std::move(events)),
      claims_(services_.store.database()),
      recipient_state_(services_.store.database()),
      recipient_sender_(claims_, recipient_state_, services_.mailer, organization_.options,
                        services_.clock) {}

std::expected<std::vector<std::chrono::sys_days>, store::StoreError>
AggregateSender::unfinished_days(std::chrono::sys_days last) {
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

std::expected<bool, store::StoreError> AggregateSender::send(std::chrono::sys_days day,
                                                             Selection selection,
                                                             const std::string& domain) {
  const format::Period period = period_of(day);
  const auto claims = claims_within(period);
  if (!claims) {
    return std::unexpected(claims.error());
  }
  const auto domains = services_.store.domains(period, domain);
  if (!domains) {
    return std::unexpected(domains.error());
  }
  for (const store::ReportedDomain& reported : *domains) {
    const bool was_sent = is_sent(*claims, reported.policy.domain);
    if (was_sent && selection == Selection::unsent) {
      continue;
    }
    SendResult result{
        .policy_domain = reported.policy.domain, .period = period, .messages = reported.messages};
    if (!was_sent || selection == Selection::every) {
      if (const auto done = send_report(reported, result); !done) {
        return std::unexpected(done.error());
      }
    }
    if (was_sent) {
      result.outcome = SendOutcome::sent_before;
    }
    announce(result, selection);
    if (result.outcome == SendOutcome::unreachable) {
      return false;
    }
  }
  return true;
}

void AggregateSender::announce(const SendResult& result, Selection selection) const {
  const bool is_told = selection != Selection::unsent || result.outcome != SendOutcome::excluded;
  if (is_told && events_.on_report) {
    events_.on_report(result);
  }
}

std::expected<std::map<std::string, store::SendClaim>, store::StoreError>
AggregateSender::claims_within(const format::Period& period) {
  auto found = claims_.within(period);
  if (!found) {
    return std::unexpected(found.error());
  }
  std::map<std::string, store::SendClaim> claims;
  for (store::SendClaim& claim : *found) {
    const std::string domain = claim.domain;
    claims.insert_or_assign(domain, std::move(claim));
  }
  return claims;
}

AggregateSender::Done AggregateSender::send_report(const store::ReportedDomain& reported,
                                                   SendResult& result) {
  const auto domain = mail::Domain::parse(reported.policy.domain);
  if (!domain || has_domain_of(organization_.options.exclude_domains, *domain)) {
    result.outcome = SendOutcome::excluded;
    return {};
  }
  store::SendClaim claim{.domain = result.policy_domain, .period = result.period};
  if (!is_dry_run()) {
    auto claimed =
        claims_.claim(result.policy_domain, result.period, services_.host, services_.clock());
    if (!claimed) {
      return std::unexpected(claimed.error());
    }
    if (!*claimed) {
      set_outcome(result, SendOutcome::sent_before, "another run is sending it, or has sent it");
      return {};
    }
    claim = **std::move(claimed);
  }
  if (auto done = send_claimed(reported, claim, result); !done) {
    return done;
  }
  return finish(claim, result);
}

AggregateSender::Done AggregateSender::send_claimed(const store::ReportedDomain& reported,
                                                    store::SendClaim& claim, SendResult& result) {
  const auto destinations = destinations_for(reported, result);
  if (!destinations) {
    return std::unexpected(destinations.error());
  }
  if (destinations->empty()) {
    set_outcome(result, outcome_of(result), reason_of(result));
    return {};
  }
  if (claim.report_id.empty()) {
    claim.report_id = unique_id(organization_.submitter, result.policy_domain, result.period);
  }
  const auto package = make_package(reported, claim.report_id, result);
  if (!package) {
    return std::unexpected(package.error());
  }
  result.records = package->records;
  result.messages = package->messages;
  result.report_id = package->names.report_id;
  result.file_name = package->names.file_name;
  if (package->too_large) {
    set_outcome(result, SendOutcome::too_large, "more than report.max_size, compressed");
    return {};
  }
  return mail_package(*package, *destinations, claim, result);
}

// Form and errors do not depend on which recipients are left: a further attempt sends the same
// report.
std::expected<AggregateSender::Destinations, store::StoreError> AggregateSender::destinations_for(
    const store::ReportedDomain& reported, SendResult& result) {
  const mail::Domain domain = mail::Domain::parse(result.policy_domain).value();
  StoredAuthorizations authorizations(recipient_state_, services_.clock(), is_dry_run());
  recipients::Recipients found =
      recipients::find_recipients(lookups_on(services_.resolver), services_.dmarc, domain,
                                  reported.addresses, recipients::AddressTag::rua, &authorizations);
  result.form = form_for(domain, found.destinations);
  result.errors = record_errors(reported, found.ignored);
  result.ignored = std::move(found.ignored);
  if (const auto done = recipient_sender_.remove_settled(found.destinations, result); !done) {
    return std::unexpected(done.error());
  }
  return std::move(found.destinations);
}

format::Form AggregateSender::form_for(const mail::Domain& domain,
                                       const Destinations& destinations) const {
  const std::vector<mail::Domain>& old = organization_.options.rfc7489_domains;
  const bool is_old =
      has_domain_of(old, domain) ||
      std::ranges::any_of(destinations, [&](const recipients::Destination& destination) {
        return has_domain_of(old, destination.host);
      });
  return is_old ? format::Form::rfc7489 : organization_.options.form;
}

std::expected<Package, store::StoreError> AggregateSender::make_package(
    const store::ReportedDomain& reported, const std::string& report_id,
    const SendResult& result) const {
  return pack(services_.store, organization_, reported, result, report_id,
              [&](std::uint64_t records) {
                if (events_.on_progress) {
                  events_.on_progress(result.policy_domain, records);
                }
              });
}

AggregateSender::Done AggregateSender::mail_package(const Package& package,
                                                    const Destinations& destinations,
                                                    const store::SendClaim& claim,
                                                    SendResult& result) {
  const auto mail =
      compose_report(organization_, package, addresses_of(destinations), services_.clock());
  if (!mail) {
    set_outcome(result, SendOutcome::nobody, mail.error());
    return {};
  }
  result.octets = mail->size();
  if (mail->size() > organization_.options.max_size) {
    set_outcome(result, SendOutcome::too_large, "more than report.max_size");
    return {};
  }
  if (events_.on_package) {
    events_.on_package(package);
  }
  const auto is_still_ours = recipient_sender_.send(destinations, *mail, claim, result);
  if (!is_still_ours) {
    return std::unexpected(is_still_ours.error());
  }
  if (!*is_still_ours && result.deliveries.empty()) {
    set_outcome(result, SendOutcome::sent_before, "another run has taken it over");
    return {};
  }
  set_outcome(result, is_dry_run());
  return {};
}

AggregateSender::Done AggregateSender::finish(store::SendClaim& claim, const SendResult& result) {
  if (is_dry_run()) {
    return {};
  }
  claim.state = state_after(result);
  // update() returns false if another host has taken the claim over after a long silence. It sends
  // the report with the same identifiers, so the receiver can tell (RFC 9990 §3.5.4).
  const auto updated = claims_.update(claim, services_.clock());
  return updated ? Done{} : std::unexpected(updated.error());
}

}  // namespace sekisho::report::aggregate_sender
