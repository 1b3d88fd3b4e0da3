#include "report/store/received_tls.hpp"

#include "mail/domain.hpp"
#include "report/format/identity.hpp"
#include "report/store/codec.hpp"
#include "report/store/soci.hpp"

#include <algorithm>
#include <limits>
#include <optional>
#include <utility>

namespace sekisho::report::store {

namespace {

using std::chrono::sys_seconds;

long long seconds_of(sys_seconds time) {
  return time.time_since_epoch().count();
}

sys_seconds time_of(long long seconds) {
  return sys_seconds(std::chrono::seconds(seconds));
}

long long number_of(std::uint64_t count) {
  constexpr auto most = static_cast<std::uint64_t>(std::numeric_limits<long long>::max());
  return static_cast<long long>(std::min(count, most));
}

// Nullopt: it is there.
std::optional<long long> insert_report(soci::session& session, const format::TlsReport& report,
                                       const format::Period& period, sys_seconds now) {
  const format::ReportIdentity identity = format::identity_of(report);
  const long long begin = seconds_of(period.begin);
  const long long end = seconds_of(period.end);
  const long long received = seconds_of(now);
  long long id = 0;
  soci::statement statement =
      (session.prepare << "INSERT INTO received_tls_reports (org_name, contact, report_id, "
                          "begin_time, end_time, received) VALUES (:org_name, :contact, "
                          ":report_id, :begin, :end, :received) "
                          "ON CONFLICT (org_name, report_id, begin_time) DO NOTHING RETURNING id",
       soci::use(identity.reporter), soci::use(report.contact_info), soci::use(identity.id),
       soci::use(begin), soci::use(end), soci::use(received), soci::into(id));
  return fetch_one(statement) ? std::optional(id) : std::nullopt;
}

void insert_policy(soci::session& session, long long report, long long number,
                   const format::TlsPolicy& policy) {
  const auto parsed = mail::Domain::parse(policy.domain);
  const std::string domain = parsed ? parsed->text() : format::no_domain;
  const std::string details = write_tls_details(policy);
  const long long successful = number_of(policy.successful_sessions);
  const long long failed = number_of(policy.failed_sessions);
  session << "INSERT INTO received_tls_policies (report, number, domain, type, successful, failed, "
             "details) VALUES (:report, :number, :domain, :type, :successful, :failed, :details)",
      soci::use(report), soci::use(number), soci::use(domain), soci::use(policy.type),
      soci::use(successful), soci::use(failed), soci::use(details);
}

struct PolicyRow {
  format::TlsReport report;
  long long begin = 0;
  long long end = 0;
  format::TlsPolicy policy;
  long long successful = 0;
  long long failed = 0;
  std::string details;
};

void give(
    PolicyRow& row,
    const std::function<void(const format::TlsReport&, const format::TlsPolicy&)>& on_policy) {
  row.report.period = format::Period{time_of(row.begin), time_of(row.end)};
  row.policy.successful_sessions = static_cast<std::uint64_t>(row.successful);
  row.policy.failed_sessions = static_cast<std::uint64_t>(row.failed);
  if (!read_tls_details(row.details, row.policy)) {
    throw Unreadable("a row of the store cannot be read");
  }
  on_policy(row.report, row.policy);
}

}  // namespace

std::expected<AddOutcome, StoreError> ReceivedTlsReports::add(const format::TlsReport& report,
                                                              sys_seconds now) {
  if (!report.period) {
    return AddOutcome::undated;
  }
  return attempt([&] {
    DatabaseTransaction transaction(database_);
    const auto id = insert_report(database_.session(), report, *report.period, now);
    if (!id) {
      return AddOutcome::known;
    }
    long long number = 0;
    for (const format::TlsPolicy& policy : report.policies) {
      insert_policy(database_.session(), *id, ++number, policy);
    }
    transaction.commit();
    return AddOutcome::kept;
  });
}

std::expected<void, StoreError> ReceivedTlsReports::read(
    const std::string& domain, sys_seconds since,
    const std::function<void(const format::TlsReport&, const format::TlsPolicy&)>& on_policy) {
  return attempt([&] {
    const DatabaseTransaction transaction(database_, Access::read);
    const long long first = seconds_of(since);
    const std::string below = "." + domain;
    const std::string pattern = "%" + below;
    PolicyRow row;
    soci::statement select =
        (database_.session().prepare
             << "SELECT org_name, contact, report_id, begin_time, end_time, domain, type, "
                "successful, failed, details FROM received_tls_policies JOIN received_tls_reports "
                "ON received_tls_reports.id = report WHERE end_time > :since AND "
                "(domain = :domain OR domain LIKE :pattern) ORDER BY end_time, report, number",
         soci::use(first), soci::use(domain), soci::use(pattern),
         soci::into(row.report.organization_name), soci::into(row.report.contact_info),
         soci::into(row.report.report_id), soci::into(row.begin), soci::into(row.end),
         soci::into(row.policy.domain), soci::into(row.policy.type), soci::into(row.successful),
         soci::into(row.failed), soci::into(row.details));
    for_each_row(select, [&] {
      // LIKE knows no `_`, which names of hosts may have.
      if (row.policy.domain == domain || row.policy.domain.ends_with(below)) {
        give(row, on_policy);
      }
    });
  });
}

}  // namespace sekisho::report::store
