#include "report/store/result_rows.hpp"

#include "report/format/digest.hpp"
#include "report/store/codec.hpp"
#include "report/store/soci.hpp"

#include <algorithm>
#include <array>
#include <numeric>
#include <string_view>
#include <utility>

namespace sekisho::report::store {

namespace {

constexpr std::size_t most_known = 100'000;

ResultRow row_of(const format::AggregateRecord& record) {
  return {.header_from = record.header_from,
          .envelope_from = record.envelope_from,
          .envelope_to = record.envelope_to,
          .disposition = std::string(format::format_disposition(record.disposition)),
          .dkim_aligned = record.dkim_aligned ? 1 : 0,
          .spf_aligned = record.spf_aligned ? 1 : 0,
          .results = write_results(record)};
}

std::string row_digest(const ResultRow& row) {
  std::string text;
  for (const std::string_view part :
       {std::string_view(row.header_from), std::string_view(row.envelope_from),
        std::string_view(row.envelope_to), std::string_view(row.disposition),
        std::string_view(row.dkim_aligned != 0 ? "1" : "0"),
        std::string_view(row.spf_aligned != 0 ? "1" : "0"), std::string_view(row.results)}) {
    text += part;
    text += '\n';  // no part has one
  }
  return format::digest_of(text);
}

struct Wanted {
  ResultRow row;
  std::string digest;
  long long day = 0;
};

/// The statement, with its variables.
class Upsert {
 public:
  explicit Upsert(soci::session& session)
      : statement_((session.prepare
                        << "INSERT INTO outcomes (digest, header_from, envelope_from, envelope_to, "
                           "disposition, dkim_aligned, spf_aligned, results, last_day) VALUES "
                           "(:digest, :header_from, :envelope_from, :envelope_to, :disposition, "
                           ":dkim_aligned, :spf_aligned, :results, :last_day) "
                           "ON CONFLICT (digest) DO UPDATE SET last_day = CASE WHEN "
                           "excluded.last_day > outcomes.last_day THEN excluded.last_day ELSE "
                           "outcomes.last_day END RETURNING id",
                    soci::use(wanted_.digest), soci::use(wanted_.row.header_from),
                    soci::use(wanted_.row.envelope_from), soci::use(wanted_.row.envelope_to),
                    soci::use(wanted_.row.disposition), soci::use(wanted_.row.dkim_aligned),
                    soci::use(wanted_.row.spf_aligned), soci::use(wanted_.row.results),
                    soci::use(wanted_.day), soci::into(id_))) {}

  std::int64_t run(Wanted wanted) {
    wanted_ = std::move(wanted);
    if (!fetch_one(statement_)) {
      throw Unreadable("the database gave no key for an outcome");
    }
    return id_;
  }

 private:
  Wanted wanted_;
  long long id_ = 0;
  soci::statement statement_;
};

}  // namespace

// In the order of the digests: two hosts that wait for one another's rows in the same order never
// wait in a circle.
std::vector<std::int64_t> ResultRows::keep(std::span<const Entry> entries) {
  if (known_.size() > most_known) {
    known_.clear();
  }
  std::vector<Wanted> all;
  all.reserve(entries.size());
  for (const Entry& entry : entries) {
    ResultRow row = row_of(*entry.record);
    std::string digest = row_digest(row);
    all.push_back({std::move(row), std::move(digest), entry.day.time_since_epoch().count()});
  }
  std::vector<std::size_t> order(all.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::sort(order, {}, [&](std::size_t i) { return std::string_view(all[i].digest); });
  Upsert upsert(database_.session());
  std::vector<std::int64_t> ids(all.size());
  for (const std::size_t i : order) {
    std::string name = std::to_string(all[i].day) + ' ' + all[i].digest;
    const auto known = known_.find(name);
    ids[i] = known != known_.end() ? known->second : upsert.run(std::move(all[i]));
    known_.emplace(std::move(name), ids[i]);
  }
  return ids;
}

format::AggregateRecord record_from(const ResultRow& row, const std::string& source,
                                    std::int64_t messages) {
  format::AggregateRecord record;
  const auto address = dns::IpAddress::parse(source);
  const auto disposition = format::parse_disposition(row.disposition);
  if (!address || !disposition || messages < 0 || !read_results(row.results, record)) {
    throw Unreadable("a row of the store cannot be read");
  }
  record.source = *address;
  record.count = static_cast<std::uint64_t>(messages);
  record.disposition = *disposition;
  record.dkim_aligned = row.dkim_aligned != 0;
  record.spf_aligned = row.spf_aligned != 0;
  record.header_from = row.header_from;
  record.envelope_from = row.envelope_from;
  record.envelope_to = row.envelope_to;
  return record;
}

// SQLite gives rows one by one. PostgreSQL's library would gather all of them, were there no
// cursor; it is declared without parameters, which such a statement cannot have.
std::uint64_t each_record(Database& database, std::string query,
                          const std::function<void(const format::AggregateRecord&)>& on_record) {
  soci::session& session = database.session();
  const bool has_cursor = database.backend() == Backend::postgresql;
  if (has_cursor) {
    session << "DECLARE records NO SCROLL CURSOR FOR " << query;
    query = "FETCH 1000 FROM records";
  }
  ResultRow row;
  std::string source;
  long long messages = 0;
  soci::statement fetch =
      (session.prepare << query, soci::into(source), soci::into(messages),
       soci::into(row.header_from), soci::into(row.envelope_from), soci::into(row.envelope_to),
       soci::into(row.disposition), soci::into(row.dkim_aligned), soci::into(row.spf_aligned),
       soci::into(row.results));
  std::uint64_t records = 0;
  std::uint64_t before = 0;
  do {
    before = records;
    for_each_row(fetch, [&] {
      on_record(record_from(row, source, messages));
      ++records;
    });
  } while (has_cursor && records > before);
  if (has_cursor) {
    session << "CLOSE records";
  }
  return records;
}

}  // namespace sekisho::report::store
