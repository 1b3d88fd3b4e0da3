// A place for a store, in either database.
#pragma once

#include "a_store.hpp"
#include "cluster.hpp"
#include "report/store/location.hpp"

#include <cstdlib>
#include <string_view>
#include <vector>

#include <catch2/catch.hpp>

namespace sekisho::report::store {

/// The databases that tests are run with. PostgreSQL's server may be left out, but not in CI.
inline std::vector<Backend> backends() {
  if (server_programs() || std::getenv("CI") != nullptr) {
    return {Backend::sqlite, Backend::postgresql};
  }
  WARN("no PostgreSQL server is installed: SQLite alone is tested");
  return {Backend::sqlite};
}

class Home {
 public:
  explicit Home(Backend backend)
      : location_{backend, backend == Backend::sqlite ? folder_.file("a store.db")
                                                      : shared_cluster().create_database()} {}

  [[nodiscard]] const Location& location() const { return location_; }
  [[nodiscard]] Store store() const {
    auto opened = Store::open(location_);
    if (!opened) {
      FAIL(opened.error().text);
    }
    return *std::move(opened);
  }

 private:
  Folder folder_;
  Location location_;
};

/// All of a period.
inline std::vector<format::AggregateRecord> records_of(Store& store, std::string_view domain,
                                                       const format::Period& period) {
  std::vector<format::AggregateRecord> records;
  const auto read = store.records(
      domain, period, [&](const format::AggregateRecord& record) { records.push_back(record); });
  if (!read) {
    FAIL(read.error().text);
  }
  CHECK(*read == records.size());
  return records;
}

}  // namespace sekisho::report::store
