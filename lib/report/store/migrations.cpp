#include "report/store/migrations.hpp"

#include "report/store/soci.hpp"

#include <array>
#include <span>
#include <string>
#include <string_view>

namespace sekisho::report::store {

namespace {

// Times are seconds, and days days, since 1970-01-01 in UTC. {key} is a column of numbers that the
// database chooses, {clustered} a table that is kept in the order of its primary key. A statement
// that begins with the name of a database is for that one alone.
//
// Nothing refers to rows of another table by a constraint: what is not named any more goes by its
// last day, so that no writer has to be kept from a row that another one is about to delete.
constexpr std::array first_schema = {
    // The DMARC records that messages met. One that changes is another row.
    "CREATE TABLE policies (id {key}, digest TEXT NOT NULL UNIQUE, domain TEXT NOT NULL, "
    "published TEXT NOT NULL, addresses TEXT NOT NULL, last_seen BIGINT NOT NULL)",
    "CREATE INDEX policies_domain ON policies (domain)",
    // How messages fared, but for source and number.
    "CREATE TABLE outcomes (id {key}, digest TEXT NOT NULL UNIQUE, header_from TEXT NOT NULL, "
    "envelope_from TEXT NOT NULL, envelope_to TEXT NOT NULL, disposition TEXT NOT NULL, "
    "dkim_aligned INTEGER NOT NULL, spf_aligned INTEGER NOT NULL, results TEXT NOT NULL, "
    "last_day BIGINT NOT NULL)",
    // Those of one report stand together.
    "CREATE TABLE counts (policy BIGINT NOT NULL, day BIGINT NOT NULL, source TEXT NOT NULL, "
    "outcome BIGINT NOT NULL, messages BIGINT NOT NULL, "
    "PRIMARY KEY (policy, day, source, outcome)){clustered}",
    // Batches of counts that may come a second time.
    "CREATE TABLE batches (name TEXT PRIMARY KEY, day BIGINT NOT NULL){clustered}",

    "CREATE TABLE claims (domain TEXT NOT NULL, begin_time BIGINT NOT NULL, "
    "end_time BIGINT NOT NULL, host TEXT NOT NULL, state TEXT NOT NULL, since BIGINT NOT NULL, "
    "report_id TEXT NOT NULL, attempts BIGINT NOT NULL, "
    "PRIMARY KEY (domain, begin_time)){clustered}",
    "CREATE TABLE turns (address TEXT NOT NULL, day BIGINT NOT NULL, taken BIGINT NOT NULL, "
    "PRIMARY KEY (address, day)){clustered}",
    "CREATE TABLE failing_addresses (address TEXT PRIMARY KEY, failures BIGINT NOT NULL, "
    "since BIGINT NOT NULL, next_try BIGINT NOT NULL){clustered}",
    "CREATE TABLE consents (domain TEXT NOT NULL, destination TEXT NOT NULL, "
    "given INTEGER NOT NULL, addresses TEXT NOT NULL, expires BIGINT NOT NULL, "
    "PRIMARY KEY (domain, destination)){clustered}",

    // Reports of others. `published` and the outcomes are as above.
    "CREATE TABLE received_reports (id {key}, domain TEXT NOT NULL, org_name TEXT NOT NULL, "
    "report_id TEXT NOT NULL, email TEXT NOT NULL, begin_time BIGINT NOT NULL, "
    "end_time BIGINT NOT NULL, published TEXT NOT NULL, received BIGINT NOT NULL, "
    "UNIQUE (domain, org_name, report_id))",
    "CREATE TABLE received_records (report BIGINT NOT NULL, source TEXT NOT NULL, "
    "outcome BIGINT NOT NULL, messages BIGINT NOT NULL, "
    "PRIMARY KEY (report, source, outcome)){clustered}",
    // Files that are imported once.
    "CREATE TABLE imports (digest TEXT PRIMARY KEY, name TEXT NOT NULL, day BIGINT NOT NULL, "
    "messages BIGINT NOT NULL){clustered}",
};

// What was imported is known by its batches. What is old is found without a look at all the rest.
constexpr std::array second_schema = {
    "DROP TABLE imports",
    "CREATE INDEX outcomes_last_day ON outcomes (last_day)",
};

// Of a report that not all of its addresses have taken yet: those that need not be tried again.
constexpr std::array third_schema = {
    "CREATE TABLE settled_addresses (domain TEXT NOT NULL, begin_time BIGINT NOT NULL, "
    "address TEXT NOT NULL, PRIMARY KEY (domain, begin_time, address)){clustered}",
};

// Some reporters give the same name to the reports of every day. SQLite changes no constraint of a
// table that is there. TLS reports are kept, too; `details` is what a policy has besides.
constexpr std::array fourth_schema = {
    "{sqlite}CREATE TABLE received_again (id {key}, domain TEXT NOT NULL, org_name TEXT NOT NULL, "
    "report_id TEXT NOT NULL, email TEXT NOT NULL, begin_time BIGINT NOT NULL, "
    "end_time BIGINT NOT NULL, published TEXT NOT NULL, received BIGINT NOT NULL, "
    "UNIQUE (domain, org_name, report_id, begin_time))",
    "{sqlite}INSERT INTO received_again SELECT id, domain, org_name, report_id, email, begin_time, "
    "end_time, published, received FROM received_reports",
    "{sqlite}DROP TABLE received_reports",
    "{sqlite}ALTER TABLE received_again RENAME TO received_reports",
    "{postgresql}ALTER TABLE received_reports DROP CONSTRAINT "
    "received_reports_domain_org_name_report_id_key",
    "{postgresql}ALTER TABLE received_reports ADD UNIQUE (domain, org_name, report_id, begin_time)",
    "CREATE TABLE received_tls_reports (id {key}, org_name TEXT NOT NULL, contact TEXT NOT NULL, "
    "report_id TEXT NOT NULL, begin_time BIGINT NOT NULL, end_time BIGINT NOT NULL, "
    "received BIGINT NOT NULL, UNIQUE (org_name, report_id, begin_time))",
    "CREATE TABLE received_tls_policies (report BIGINT NOT NULL, number BIGINT NOT NULL, "
    "domain TEXT NOT NULL, type TEXT NOT NULL, successful BIGINT NOT NULL, failed BIGINT NOT NULL, "
    "details TEXT NOT NULL, PRIMARY KEY (report, number)){clustered}",
};

// See Tally.
constexpr std::array fifth_schema = {
    "CREATE TABLE tallies (kind TEXT NOT NULL, begin_time BIGINT NOT NULL, author TEXT NOT NULL, "
    "party TEXT NOT NULL, detail TEXT NOT NULL, messages BIGINT NOT NULL, "
    "PRIMARY KEY (kind, begin_time, author, party, detail)){clustered}",
};

constexpr std::array<std::span<const char* const>, schema_version> steps = {
    first_schema, second_schema, third_schema, fourth_schema, fifth_schema};

void replace(std::string& text, std::string_view placeholder, std::string_view value) {
  if (const std::size_t at = text.find(placeholder); at != std::string::npos) {
    text.replace(at, placeholder.size(), value);
  }
}

// "" where it is for another database.
std::string in_dialect(std::string statement, Backend backend) {
  const bool sqlite = backend == Backend::sqlite;
  if (statement.starts_with(sqlite ? "{postgresql}" : "{sqlite}")) {
    return "";
  }
  replace(statement, sqlite ? "{sqlite}" : "{postgresql}", "");
  replace(statement, "{key}",
          sqlite ? "INTEGER PRIMARY KEY" : "BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY");
  replace(statement, "{clustered}", sqlite ? " WITHOUT ROWID" : "");
  return statement;
}

int applied_steps(soci::session& session) {
  int version = 0;
  session << "SELECT COALESCE(MAX(version), 0) FROM schema_versions", soci::into(version);
  return version;
}

}  // namespace

void migrate(Database& database) {
  soci::session& session = database.session();
  DatabaseTransaction transaction(database);
  lock(database, AdvisoryLock::schema);
  session << "CREATE TABLE IF NOT EXISTS schema_versions (version INTEGER PRIMARY KEY)";
  int version = applied_steps(session);
  if (version > schema_version) {
    throw Unreadable("the schema of the store is of version " + std::to_string(version) +
                     ", newer than this program, which knows " + std::to_string(schema_version));
  }
  for (; version < schema_version; ++version) {
    for (const char* statement : steps[static_cast<std::size_t>(version)]) {
      if (const std::string text = in_dialect(statement, database.backend()); !text.empty()) {
        session << text;
      }
    }
    const int next = version + 1;
    session << "INSERT INTO schema_versions (version) VALUES (:version)", soci::use(next);
  }
  transaction.commit();
}

}  // namespace sekisho::report::store
