#include "report/store/send_claims.hpp"

#include "report/store/soci.hpp"

#include <array>
#include <utility>

namespace sekisho::report::store {

namespace {

constexpr std::array states = {ClaimState::claimed, ClaimState::sent, ClaimState::failed};

ClaimState parse_state(std::string_view text) {
  for (const ClaimState state : states) {
    if (format_claim_state(state) == text) {
      return state;
    }
  }
  throw Unreadable("a row of the store cannot be read");
}

std::chrono::sys_seconds time_of(long long seconds) {
  return std::chrono::sys_seconds(std::chrono::seconds(seconds));
}
long long seconds_of(std::chrono::sys_seconds time) {
  return time.time_since_epoch().count();
}

// `domain` empty: of all.
std::vector<SendClaim> overlapping(soci::session& session, const std::string& domain,
                                   const format::Period& period) {
  const long long first = seconds_of(period.begin);
  const long long last = seconds_of(period.end);
  SendClaim claim;
  std::string state;
  long long begin = 0;
  long long end = 0;
  long long since = 0;
  long long attempts = 0;
  soci::statement select =
      (session.prepare << "SELECT domain, begin_time, end_time, host, state, since, report_id, "
                          "attempts FROM claims WHERE (:any = '' OR domain = :domain) AND "
                          "begin_time < :last AND end_time > :first ORDER BY domain, begin_time",
       soci::use(domain), soci::use(domain), soci::use(last), soci::use(first),
       soci::into(claim.domain), soci::into(begin), soci::into(end), soci::into(claim.host),
       soci::into(state), soci::into(since), soci::into(claim.report_id), soci::into(attempts));
  std::vector<SendClaim> claims;
  for_each_row(select, [&] {
    claim.period = {time_of(begin), time_of(end)};
    claim.state = parse_state(state);
    claim.since = time_of(since);
    claim.attempts = static_cast<std::uint32_t>(attempts);
    claims.push_back(claim);
  });
  return claims;
}

bool is_free(const SendClaim& claim, std::chrono::sys_seconds now) {
  switch (claim.state) {
    case ClaimState::claimed:
      // Where a clock was set back, too.
      return std::chrono::abs(now - claim.since) >= stale_claim;
    case ClaimState::sent:
      return false;
    case ClaimState::failed:
      return true;
  }
  std::unreachable();
}

void insert(soci::session& session, const SendClaim& claim) {
  const long long begin = seconds_of(claim.period.begin);
  const long long end = seconds_of(claim.period.end);
  const long long since = seconds_of(claim.since);
  const std::string state(format_claim_state(claim.state));
  const long long attempts = claim.attempts;
  session << "DELETE FROM claims WHERE domain = :domain AND begin_time = :begin",
      soci::use(claim.domain), soci::use(begin);
  session << "INSERT INTO claims (domain, begin_time, end_time, host, state, since, report_id, "
             "attempts) VALUES (:domain, :begin, :end, :host, :state, :since, :report_id, "
             ":attempts)",
      soci::use(claim.domain), soci::use(begin), soci::use(end), soci::use(claim.host),
      soci::use(state), soci::use(since), soci::use(claim.report_id), soci::use(attempts);
}

void forget_settled(soci::session& session, const SendClaim& claim) {
  const long long begin = seconds_of(claim.period.begin);
  session << "DELETE FROM settled_addresses WHERE domain = :domain AND begin_time = :begin",
      soci::use(claim.domain), soci::use(begin);
}

}  // namespace

std::string_view format_claim_state(ClaimState state) {
  switch (state) {
    case ClaimState::claimed:
      return "claimed";
    case ClaimState::sent:
      return "sent";
    case ClaimState::failed:
      return "failed";
  }
  std::unreachable();
}

std::expected<std::optional<SendClaim>, StoreError> SendClaims::claim(
    const std::string& domain, const format::Period& period, const std::string& host,
    std::chrono::sys_seconds now) {
  return attempt([&]() -> std::optional<SendClaim> {
    DatabaseTransaction transaction(database_);
    lock(database_, AdvisoryLock::claims);
    SendClaim wanted{.domain = domain, .period = period, .host = host, .since = now};
    for (const SendClaim& other : overlapping(database_.session(), domain, period)) {
      if (other.period != period || !is_free(other, now)) {
        return std::nullopt;
      }
      wanted.report_id = other.report_id;
      wanted.attempts = other.attempts + 1;
    }
    insert(database_.session(), wanted);
    transaction.commit();
    return wanted;
  });
}

std::expected<bool, StoreError> SendClaims::update(const SendClaim& claim,
                                                   std::chrono::sys_seconds now) {
  return attempt([&] {
    DatabaseTransaction transaction(database_);
    lock(database_, AdvisoryLock::claims);
    const auto known = overlapping(database_.session(), claim.domain, claim.period);
    if (known.size() != 1 || known[0].period != claim.period || known[0].host != claim.host ||
        known[0].attempts != claim.attempts) {
      return false;
    }
    SendClaim updated = claim;
    updated.since = now;
    insert(database_.session(), updated);
    if (updated.state == ClaimState::sent) {
      forget_settled(database_.session(), updated);
    }
    transaction.commit();
    return true;
  });
}

std::expected<void, StoreError> SendClaims::settle(const SendClaim& claim,
                                                   const std::string& address) {
  return attempt([&] {
    const long long begin = seconds_of(claim.period.begin);
    database_.session() << "INSERT INTO settled_addresses (domain, begin_time, address) VALUES "
                           "(:domain, :begin, :address) ON CONFLICT DO NOTHING",
        soci::use(claim.domain), soci::use(begin), soci::use(address);
  });
}

std::expected<std::set<std::string>, StoreError> SendClaims::settled(const std::string& domain,
                                                                     const format::Period& period) {
  return attempt([&] {
    const long long begin = seconds_of(period.begin);
    std::string address;
    soci::statement select =
        (database_.session().prepare << "SELECT address FROM settled_addresses WHERE "
                                        "domain = :domain AND begin_time = :begin",
         soci::use(domain), soci::use(begin), soci::into(address));
    std::set<std::string> addresses;
    for_each_row(select, [&] { addresses.insert(address); });
    return addresses;
  });
}

std::expected<std::optional<std::chrono::sys_seconds>, StoreError> SendClaims::first_begin(
    const format::Period& period) {
  return attempt([&]() -> std::optional<std::chrono::sys_seconds> {
    constexpr long long none = -1;
    const long long first = seconds_of(period.begin);
    const long long last = seconds_of(period.end);
    long long begin = none;
    database_.session() << "SELECT COALESCE(MIN(begin_time), -1) FROM claims WHERE "
                           "begin_time < :last AND end_time > :first",
        soci::use(last), soci::use(first), soci::into(begin);
    return begin == none ? std::nullopt : std::optional(time_of(begin));
  });
}

std::expected<std::vector<SendClaim>, StoreError> SendClaims::within(const format::Period& period) {
  return attempt([&] { return overlapping(database_.session(), "", period); });
}

}  // namespace sekisho::report::store
