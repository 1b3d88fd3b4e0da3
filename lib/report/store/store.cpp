#include "report/store/store.hpp"

#include "report/format/digest.hpp"
#include "report/store/codec.hpp"
#include "report/store/soci.hpp"

#include <algorithm>
#include <map>
#include <tuple>
#include <utility>

namespace sekisho::report::store {

namespace {

using std::chrono::ceil;
using std::chrono::days;

/// Days since 1970, the last one excluded.
struct DayRange {
  long long first = 0;
  long long end = 0;
};

DayRange days_of(const format::Period& period) {
  return {ceil<days>(period.begin).time_since_epoch().count(),
          ceil<days>(period.end).time_since_epoch().count()};
}

struct PolicyRow {
  std::string domain;
  std::string published;
  std::string addresses;
  long long last_seen = 0;
  std::int64_t id = 0;
};

using Policies = std::map<std::string, PolicyRow>;  // by digest: see Outcomes::keep()

/// The policies of all observations, each with the last time that it was seen; and for each
/// observation, which one it is.
std::vector<PolicyRow*> gather_policies(std::span<const Observation> observations,
                                        Policies& policies) {
  std::vector<PolicyRow*> of_each;
  of_each.reserve(observations.size());
  for (const Observation& observation : observations) {
    PolicyRow row{observation.policy.domain, write_policy(observation.policy),
                  write_addresses(observation.addresses),
                  observation.seen.time_since_epoch().count()};
    const long long seen = row.last_seen;
    PolicyRow& known =
        policies
            .try_emplace(format::digest_of(row.published + '\n' + row.addresses), std::move(row))
            .first->second;
    known.last_seen = std::max(known.last_seen, seen);
    of_each.push_back(&known);
  }
  return of_each;
}

void keep_policies(soci::session& session, Policies& policies) {
  std::string digest;
  PolicyRow row;
  long long id = 0;
  soci::statement upsert =
      (session.prepare << "INSERT INTO policies (digest, domain, published, addresses, last_seen)"
                          " VALUES (:digest, :domain, :published, :addresses, :last_seen) "
                          "ON CONFLICT (digest) DO UPDATE SET last_seen = CASE WHEN "
                          "excluded.last_seen > policies.last_seen THEN excluded.last_seen ELSE "
                          "policies.last_seen END RETURNING id",
       soci::use(digest), soci::use(row.domain), soci::use(row.published), soci::use(row.addresses),
       soci::use(row.last_seen), soci::into(id));
  for (auto& [key, policy] : policies) {
    digest = key;
    row = policy;
    if (!fetch_one(upsert)) {
      throw Unreadable("the database gave no key for a policy");
    }
    policy.id = id;
  }
}

/// Policy, day, source, outcome; and messages.
using Counts = std::map<std::tuple<std::int64_t, long long, std::string, std::int64_t>, long long>;

void add_counts(soci::session& session, const Counts& counts) {
  long long day = 0;
  long long policy = 0;
  std::string source;
  long long outcome = 0;
  long long messages = 0;
  soci::statement upsert =
      (session.prepare << "INSERT INTO counts (day, policy, source, outcome, messages) VALUES "
                          "(:day, :policy, :source, :outcome, :messages) "
                          "ON CONFLICT (policy, day, source, outcome) DO UPDATE SET "
                          "messages = counts.messages + excluded.messages",
       soci::use(day), soci::use(policy), soci::use(source), soci::use(outcome),
       soci::use(messages));
  for (const auto& [key, count] : counts) {
    std::tie(policy, day, source, outcome) = key;
    messages = count;
    upsert.execute(true);
  }
}

void forget_batches(soci::session& session, std::span<const std::string> names) {
  for (const std::string& name : names) {
    session << "DELETE FROM batches WHERE name = :name", soci::use(name);
  }
}

/// False: it was counted before.
bool note_batch(soci::session& session, const std::string& name, long long day) {
  if (name.empty()) {
    return true;
  }
  std::string noted;
  soci::statement insert =
      (session.prepare << "INSERT INTO batches (name, day) VALUES (:name, :day) "
                          "ON CONFLICT (name) DO NOTHING RETURNING name",
       soci::use(name), soci::use(day), soci::into(noted));
  return fetch_one(insert);
}

long long last_day(std::span<const Observation> observations, std::span<const Tally> tallies) {
  std::chrono::sys_days day;
  for (const Observation& observation : observations) {
    day = std::max(day, day_of(observation));
  }
  for (const Tally& tally : tallies) {
    day = std::max(day, std::chrono::floor<days>(tally.begin));
  }
  return day.time_since_epoch().count();
}

void count_up(Database& database, ResultRows& outcomes, std::span<const Observation> observations) {
  Policies policies;
  const std::vector<PolicyRow*> policy_of = gather_policies(observations, policies);
  keep_policies(database.session(), policies);
  std::vector<ResultRows::Entry> entries;
  entries.reserve(observations.size());
  for (const Observation& observation : observations) {
    entries.push_back({&observation.record, day_of(observation)});
  }
  const std::vector<std::int64_t> outcome_of = outcomes.keep(entries);
  Counts counts;
  for (std::size_t i = 0; i < observations.size(); ++i) {
    const format::AggregateRecord& record = observations[i].record;
    counts[{policy_of[i]->id, day_of(observations[i]).time_since_epoch().count(),
            record.source.text(), outcome_of[i]}] += static_cast<long long>(record.count);
  }
  add_counts(database.session(), counts);
}

ReportedDomain reported_domain(const std::string& published, const std::string& addresses,
                               long long messages) {
  auto policy = read_policy(published);
  auto list = read_addresses(addresses);
  if (!policy || !list || messages < 0) {
    throw Unreadable("a row of the store cannot be read");
  }
  return {*std::move(policy), *std::move(list), static_cast<std::uint64_t>(messages)};
}

std::vector<ReportedDomain> find_domains(soci::session& session, const DayRange& range,
                                         const std::string& wanted) {
  std::string domain;
  std::string published;
  std::string addresses;
  long long messages = 0;
  const long long begin = range.first * std::chrono::seconds(days{1}).count();
  soci::statement select =
      (session.prepare << "SELECT domain, published, addresses, messages FROM (SELECT id, domain, "
                          "published, addresses, last_seen, (SELECT CAST(SUM(messages) AS BIGINT) "
                          "FROM counts WHERE policy = policies.id AND day >= :first AND "
                          "day < :last) AS messages FROM policies WHERE last_seen >= :begin AND "
                          "(:any = '' OR domain = :wanted)) AS met WHERE messages IS NOT NULL "
                          "ORDER BY domain, last_seen, id",
       soci::use(range.first), soci::use(range.end), soci::use(begin), soci::use(wanted),
       soci::use(wanted), soci::into(domain), soci::into(published), soci::into(addresses),
       soci::into(messages));
  std::vector<ReportedDomain> found;
  std::string last;
  for_each_row(select, [&] {
    ReportedDomain row = reported_domain(published, addresses, messages);
    if (!found.empty() && last == domain) {
      row.messages += found.back().messages;
      found.back() = std::move(row);
    } else {
      found.push_back(std::move(row));
    }
    last = domain;
  });
  return found;
}

/// The keys of a domain's policies, as a list in SQL.
std::string policies_of(soci::session& session, const std::string& domain) {
  long long id = 0;
  soci::statement select =
      (session.prepare << "SELECT id FROM policies WHERE domain = :domain ORDER BY id",
       soci::use(domain), soci::into(id));
  std::string list;
  for_each_row(select, [&] { list += (list.empty() ? "" : ", ") + std::to_string(id); });
  return list.empty() ? "NULL" : list;
}

std::string select_records(const DayRange& range, const std::string& policies) {
  return "SELECT met.source, met.messages, " + std::string(result_columns) +
         " FROM (SELECT source, outcome, CAST(SUM(messages) AS BIGINT) AS messages FROM counts "
         "WHERE day >= " +
         std::to_string(range.first) + " AND day < " + std::to_string(range.end) +
         " AND policy IN (" + policies +
         ") GROUP BY source, outcome) AS met JOIN outcomes ON outcomes.id = met.outcome "
         "ORDER BY met.source, met.outcome";
}

std::uint64_t forget_rows(soci::session& session, const char* statement, long long limit) {
  soci::statement remove = (session.prepare << statement, soci::use(limit));
  remove.execute(true);
  return static_cast<std::uint64_t>(std::max<long long>(remove.get_affected_rows(), 0));
}

std::uint64_t forget_all(soci::session& session, std::chrono::sys_days first) {
  const long long day = first.time_since_epoch().count();
  const long long time = std::chrono::sys_seconds(first).time_since_epoch().count();
  std::uint64_t rows = 0;
  for (const char* statement :
       // Every row belongs to a policy that is there still, and is found by it.
       {"DELETE FROM counts WHERE policy IN (SELECT id FROM policies) AND day < :day",
        "DELETE FROM outcomes WHERE last_day < :day", "DELETE FROM batches WHERE day < :day",
        "DELETE FROM turns WHERE day < :day"}) {
    rows += forget_rows(session, statement, day);
  }
  for (const char* statement : {"DELETE FROM policies WHERE last_seen < :time",
                                "DELETE FROM claims WHERE end_time <= :time",
                                "DELETE FROM tallies WHERE begin_time < :time",
                                "DELETE FROM settled_addresses WHERE begin_time < :time",
                                "DELETE FROM consents WHERE expires < :time",
                                "DELETE FROM failing_addresses WHERE next_try < :time",
                                "DELETE FROM received_records WHERE report IN "
                                "(SELECT id FROM received_reports WHERE end_time <= :time)",
                                "DELETE FROM received_reports WHERE end_time <= :time",
                                "DELETE FROM received_tls_policies WHERE report IN "
                                "(SELECT id FROM received_tls_reports WHERE end_time <= :time)",
                                "DELETE FROM received_tls_reports WHERE end_time <= :time"}) {
    rows += forget_rows(session, statement, time);
  }
  return rows;
}

}  // namespace

Store::Store(Database database)
    : database_(std::make_unique<Database>(std::move(database))),
      outcomes_(std::make_unique<ResultRows>(*database_)) {}

std::expected<Store, StoreError> Store::open(const Location& location) {
  auto database = Database::open(location);
  if (!database) {
    return std::unexpected(std::move(database).error());
  }
  return Store(*std::move(database));
}

std::expected<Counted, StoreError> Store::add(std::span<const Observation> observations,
                                              const std::string& batch,
                                              std::span<const std::string> settled,
                                              std::span<const Tally> tallies) {
  auto added = attempt([&] {
    DatabaseTransaction transaction(*database_);
    forget_batches(database_->session(), settled);
    const bool is_new = note_batch(database_->session(), batch, last_day(observations, tallies));
    if (is_new) {
      count_up(*database_, *outcomes_, observations);
      add_tallies(*database_, tallies);
    }
    transaction.commit();
    return is_new ? Counted::now : Counted::before;
  });
  if (!added) {
    outcomes_->forget();
  }
  return added;
}

std::expected<std::vector<ReportedDomain>, StoreError> Store::domains(const format::Period& period,
                                                                      std::string_view domain) {
  return attempt(
      [&] { return find_domains(database_->session(), days_of(period), std::string(domain)); });
}

std::expected<std::uint64_t, StoreError> Store::records(
    std::string_view domain, const format::Period& period,
    const std::function<void(const format::AggregateRecord&)>& on_record) {
  auto read = attempt([&] {
    if (!reader_) {
      reader_ = std::make_unique<Database>(database_->another());
    }
    const DatabaseTransaction transaction(*reader_, Access::read);
    const std::string policies = policies_of(reader_->session(), std::string(domain));
    return each_record(*reader_, select_records(days_of(period), policies), on_record);
  });
  if (!read) {
    reader_.reset();
  }
  return read;
}

std::expected<std::uint64_t, StoreError> Store::forget_before(std::chrono::sys_days first) {
  return attempt([&] {
    DatabaseTransaction transaction(*database_);
    const std::uint64_t rows = forget_all(database_->session(), first);
    transaction.commit();
    return rows;
  });
}

}  // namespace sekisho::report::store
