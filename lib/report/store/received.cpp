#include "report/store/received.hpp"

#include "report/format/identity.hpp"
#include "report/store/codec.hpp"
#include "report/store/result_rows.hpp"
#include "report/store/soci.hpp"

#include <algorithm>
#include <limits>
#include <optional>
#include <utility>
#include <vector>

namespace sekisho::report::store {

namespace {

using std::chrono::days;
using std::chrono::floor;
using std::chrono::sys_seconds;

long long seconds_of(sys_seconds time) {
  return time.time_since_epoch().count();
}

sys_seconds time_of(long long seconds) {
  return sys_seconds(std::chrono::seconds(seconds));
}

std::string key_of(const format::AggregateRecord& record) {
  std::string key = write_results(record);
  for (const std::string_view part :
       {std::string_view(record.header_from), std::string_view(record.envelope_from),
        std::string_view(record.envelope_to), format::format_disposition(record.disposition),
        std::string_view(record.dkim_aligned ? "1" : "0"),
        std::string_view(record.spf_aligned ? "1" : "0")}) {
    key.append("\n").append(part);  // no part has one
  }
  return key;
}

struct ReportRow {
  std::string domain;
  std::string org_name;
  std::string report_id;
  std::string email;
  long long begin = 0;
  long long end = 0;
  std::string published;
  long long received = 0;
};

ReportRow row_of(const format::AggregateHeader& header, const format::Period& period,
                 sys_seconds now) {
  const format::ReportIdentity identity = format::identity_of(header);
  return {.domain = identity.domain,
          .org_name = identity.reporter,
          .report_id = identity.id,
          .email = header.metadata.email,
          .begin = seconds_of(period.begin),
          .end = seconds_of(period.end),
          .published = write_policy(header.policy),
          .received = seconds_of(now)};
}

// Nullopt: it is there.
std::optional<long long> insert(soci::session& session, const ReportRow& row) {
  long long id = 0;
  soci::statement statement =
      (session.prepare << "INSERT INTO received_reports (domain, org_name, report_id, email, "
                          "begin_time, end_time, published, received) VALUES (:domain, :org_name, "
                          ":report_id, :email, :begin, :end, :published, :received) "
                          "ON CONFLICT (domain, org_name, report_id, begin_time) DO NOTHING "
                          "RETURNING id",
       soci::use(row.domain), soci::use(row.org_name), soci::use(row.report_id),
       soci::use(row.email), soci::use(row.begin), soci::use(row.end), soci::use(row.published),
       soci::use(row.received), soci::into(id));
  return fetch_one(statement) ? std::optional(id) : std::nullopt;
}

/// The statement, with its variables.
class RecordInsert {
 public:
  RecordInsert(soci::session& session, long long report)
      : report_(report),
        statement_(
            (session.prepare << "INSERT INTO received_records (report, source, outcome, messages) "
                                "VALUES (:report, :source, :outcome, :messages)",
             soci::use(report_), soci::use(source_), soci::use(outcome_), soci::use(messages_))) {}

  void run(const dns::IpAddress& source, std::int64_t outcome, std::uint64_t messages) {
    constexpr auto most = static_cast<std::uint64_t>(std::numeric_limits<long long>::max());
    source_ = source.text();
    outcome_ = outcome;
    messages_ = static_cast<long long>(std::min(messages, most));
    statement_.execute(true);
  }

 private:
  long long report_;
  std::string source_;
  long long outcome_ = 0;
  long long messages_ = 0;
  soci::statement statement_;
};

struct FoundReport {
  long long id = 0;
  format::AggregateHeader header;
};

format::AggregateHeader header_from(const ReportRow& row) {
  auto policy = read_policy(row.published);
  if (!policy) {
    throw Unreadable("a row of the store cannot be read");
  }
  format::AggregateHeader header;
  header.policy = *std::move(policy);
  header.policy.domain = row.domain;
  header.metadata.org_name = row.org_name;
  header.metadata.email = row.email;
  header.metadata.report_id = row.report_id;
  header.metadata.period = format::Period{time_of(row.begin), time_of(row.end)};
  return header;
}

/// About `domain` and those below, the oldest first.
std::vector<FoundReport> find_reports(soci::session& session, const std::string& domain,
                                      sys_seconds since) {
  const long long first = seconds_of(since);
  const std::string below = "." + domain;
  const std::string pattern = "%" + below;
  long long id = 0;
  ReportRow row;
  soci::statement select =
      (session.prepare << "SELECT id, domain, org_name, report_id, email, begin_time, end_time, "
                          "published FROM received_reports WHERE end_time > :since AND "
                          "(domain = :domain OR domain LIKE :pattern) ORDER BY end_time, id",
       soci::use(first), soci::use(domain), soci::use(pattern), soci::into(id),
       soci::into(row.domain), soci::into(row.org_name), soci::into(row.report_id),
       soci::into(row.email), soci::into(row.begin), soci::into(row.end),
       soci::into(row.published));
  std::vector<FoundReport> reports;
  for_each_row(select, [&] {
    // LIKE knows no `_`, which names of hosts may have.
    if (row.domain == domain || row.domain.ends_with(below)) {
      reports.push_back({id, header_from(row)});
    }
  });
  return reports;
}

std::string select_records(long long report) {
  return "SELECT source, messages, " + std::string(result_columns) +
         " FROM received_records JOIN outcomes ON outcomes.id = outcome WHERE report = " +
         std::to_string(report) + " ORDER BY source";
}

}  // namespace

void ReceivedRecords::add(format::AggregateRecord record) {
  const dns::IpAddress source = std::exchange(record.source, {});
  const std::uint64_t count = std::exchange(record.count, 0);
  std::string key = key_of(record);
  auto found = outcomes_.find(key);
  if (found == outcomes_.end()) {
    if (outcomes_.size() >= max_outcomes || key.size() > max_octets - octets_) {
      too_many_ = true;
      return;
    }
    octets_ += key.size();
    found = outcomes_.emplace(std::move(key), Outcome{std::move(record), {}}).first;
  }
  std::map<dns::IpAddress, std::uint64_t>& sources = found->second.sources;
  if (!sources.contains(source) && ++sources_ > max_sources) {
    too_many_ = true;
    return;
  }
  std::uint64_t& sum = sources[source];
  sum += std::min(count, std::numeric_limits<std::uint64_t>::max() - sum);
}

void ReceivedRecords::each(const std::function<void(const format::AggregateRecord&)>& use) const {
  for (const auto& [key, outcome] : outcomes_) {
    format::AggregateRecord record = outcome.record;
    for (const auto& [source, count] : outcome.sources) {
      record.source = source;
      record.count = count;
      use(record);
    }
  }
}

std::expected<AddOutcome, StoreError> ReceivedReports::add(const format::AggregateHeader& header,
                                                           const ReceivedRecords& records,
                                                           sys_seconds now) {
  if (records.has_too_many()) {
    return AddOutcome::too_many;
  }
  if (!header.metadata.period) {
    return AddOutcome::undated;
  }
  return attempt([&] {
    DatabaseTransaction transaction(database_);
    const ReportRow row = row_of(header, *header.metadata.period, now);
    const auto report = insert(database_.session(), row);
    if (!report) {
      return AddOutcome::known;
    }
    std::vector<ResultRows::Entry> entries;
    for (const auto& [key, outcome] : records.outcomes_) {
      entries.push_back({&outcome.record, floor<days>(time_of(row.end))});
    }
    const auto ids = ResultRows(database_).keep(entries);
    RecordInsert insert_record(database_.session(), *report);
    auto id = ids.begin();
    for (const auto& [key, outcome] : records.outcomes_) {
      for (const auto& [source, messages] : outcome.sources) {
        insert_record.run(source, *id, messages);
      }
      ++id;
    }
    transaction.commit();
    return AddOutcome::kept;
  });
}

std::expected<std::uint64_t, StoreError> ReceivedReports::read(
    const std::string& domain, sys_seconds since,
    const std::function<void(const format::AggregateHeader&, const format::AggregateRecord&)>&
        on_record) {
  return attempt([&] {
    const DatabaseTransaction transaction(database_, Access::read);
    const std::vector<FoundReport> reports = find_reports(database_.session(), domain, since);
    for (const FoundReport& report : reports) {
      each_record(database_, select_records(report.id),
                  [&](const format::AggregateRecord& record) { on_record(report.header, record); });
    }
    return std::uint64_t{reports.size()};
  });
}

}  // namespace sekisho::report::store
