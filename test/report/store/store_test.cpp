// The store: the same on SQLite and on PostgreSQL.
#include "a_store.hpp"
#include "report/store/addressees.hpp"
#include "report/store/claims.hpp"

#include <vector>

#include <catch2/catch.hpp>

namespace sekisho::report {

namespace {

std::vector<Record> records_of(Store& store, std::string_view domain, const Period& period) {
  std::vector<Record> records;
  const auto read =
      store.records(domain, period, [&](const Record& record) { records.push_back(record); });
  REQUIRE(read);
  CHECK(*read == records.size());
  return records;
}

}  // namespace

TEST_CASE("messages that fared alike are one record", "[store]") {
  const Folder folder;
  auto opened = Store::open({Backend::sqlite, folder.file("a b.db")});
  REQUIRE(opened);
  Store& store = *opened;
  const std::vector<Observation> twice = {an_observation(), an_observation()};
  REQUIRE(store.add(twice));
  REQUIRE(store.add(twice));
  REQUIRE(store.add(std::vector{an_observation("sub.example.org")}));

  const auto records = records_of(store, "example.org", day_period(first_day));
  REQUIRE(records.size() == 2);
  Record expected = an_observation().record;
  expected.count = 4;
  CHECK(records[0] == expected);
  CHECK(records[1] == an_observation("sub.example.org").record);

  const auto domains = store.domains(day_period(first_day));
  REQUIRE(domains);
  CHECK(*domains ==
        std::vector<ReportedDomain>{{an_observation().policy, an_observation().addresses, 5}});
  CHECK(records_of(store, "example.org", day_period(first_day + std::chrono::days{1})).empty());
}

}  // namespace sekisho::report
