// Schemas of other versions.
#include "report/store/migrations.hpp"

#include "home.hpp"
#include "report/store/soci.hpp"

#include <string>
#include <vector>

#include <catch2/catch.hpp>

namespace sekisho::report::store {

TEST_CASE("a schema of a newer version is left alone", "[store]") {
  for (const Backend backend : backends()) {
    DYNAMIC_SECTION("backend " << static_cast<int>(backend)) {
      const Home home(backend);
      home.store().database().session() << "INSERT INTO schema_versions (version) VALUES (1000)";
      const auto opened = Store::open(home.location());
      REQUIRE_FALSE(opened);
      CHECK(opened.error().text.find("newer than this program") != std::string::npos);
    }
  }
}

TEST_CASE("a schema of the first version is brought up to date", "[store]") {
  for (const Backend backend : backends()) {
    DYNAMIC_SECTION("backend " << static_cast<int>(backend)) {
      const Home home(backend);
      {
        Store store = home.store();
        REQUIRE(store.add(std::vector{an_observation()}));
        soci::session& session = store.database().session();
        session << "DELETE FROM schema_versions WHERE version > 1";
        session << "DROP TABLE settled_addresses";
        session << "DROP TABLE tallies";
        session << "DROP TABLE received_tls_reports";
        session << "DROP TABLE received_tls_policies";
        session << "DROP TABLE received_reports";
        const std::string key = backend == Backend::sqlite
                                    ? "INTEGER PRIMARY KEY"
                                    : "BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY";
        session << "CREATE TABLE received_reports (id " + key +
                       ", domain TEXT NOT NULL, org_name TEXT NOT NULL, report_id TEXT NOT NULL, "
                       "email TEXT NOT NULL, begin_time BIGINT NOT NULL, end_time BIGINT NOT NULL, "
                       "published TEXT NOT NULL, received BIGINT NOT NULL, "
                       "UNIQUE (domain, org_name, report_id))";
        session << "INSERT INTO received_reports (domain, org_name, report_id, email, begin_time, "
                   "end_time, published, received) VALUES ('a', 'b', 'c', '', 1, 2, '{}', 3)";
        session << "DROP INDEX outcomes_last_day";
        session << "CREATE TABLE imports (digest TEXT PRIMARY KEY)";
      }
      Store store = home.store();
      CHECK(records_of(store, "example.org", day_period(first_day)).size() == 1);
      int version = 0;
      store.database().session() << "SELECT MAX(version) FROM schema_versions", soci::into(version);
      CHECK(version == schema_version);
      // What was kept is there, and a report of the same name may be kept for another day.
      soci::session& session = store.database().session();
      session << "INSERT INTO received_reports (domain, org_name, report_id, email, begin_time, "
                 "end_time, published, received) VALUES ('a', 'b', 'c', '', 2, 3, '{}', 3)";
      int reports = 0;
      session << "SELECT COUNT(*) FROM received_reports WHERE domain = 'a'", soci::into(reports);
      CHECK(reports == 2);
      CHECK_FALSE(attempt([&] { store.database().session() << "SELECT * FROM imports"; }));
    }
  }
}

}  // namespace sekisho::report::store
