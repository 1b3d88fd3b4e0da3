// The store: the same on SQLite and on PostgreSQL.
#include "report/store/store.hpp"

#include "home.hpp"
#include "report/store/result_rows.hpp"
#include "report/store/soci.hpp"

#include <thread>
#include <vector>

#include <catch2/catch.hpp>

namespace sekisho::report::store {

namespace {

using std::chrono::days;
using std::chrono::hours;

std::vector<ReportedDomain> domains_of(Store& store, const format::Period& period,
                                       std::string_view domain = {}) {
  auto domains = store.domains(period, domain);
  REQUIRE(domains);
  return *std::move(domains);
}

Observation later(Observation observation, std::chrono::seconds time) {
  observation.seen += time;
  return observation;
}

}  // namespace

TEST_CASE("messages that fared alike are one record", "[store]") {
  for (const Backend backend : backends()) {
    DYNAMIC_SECTION("backend " << static_cast<int>(backend)) {
      const Home home(backend);
      Store store = home.store();
      const std::vector<Observation> twice = {an_observation(), an_observation()};
      REQUIRE(store.add(twice));
      REQUIRE(store.add(twice));
      REQUIRE(store.add(std::vector{an_observation("sub.example.org")}));

      const auto records = records_of(store, "example.org", day_period(first_day));
      REQUIRE(records.size() == 2);
      format::AggregateRecord expected = an_observation().record;
      expected.count = 4;
      CHECK(records[0] == expected);
      CHECK(records[1] == an_observation("sub.example.org").record);
      CHECK(domains_of(store, day_period(first_day)) ==
            std::vector<ReportedDomain>{{an_observation().policy, an_observation().addresses, 5}});
    }
  }
}

TEST_CASE("each part of how a message fared makes a record of its own", "[store]") {
  // RFC 9990 §3.1.1.7: one record per (IP, result, authentication identifiers).
  using Change = std::function<void(format::AggregateRecord&)>;
  const Change changes[] = {
      [](format::AggregateRecord&) {},
      [](format::AggregateRecord& record) {
        record.source = *dns::IpAddress::parse("2001:db8::1");
      },
      [](format::AggregateRecord& record) { record.disposition = format::ActionDisposition::none; },
      [](format::AggregateRecord& record) { record.dkim_aligned = true; },
      [](format::AggregateRecord& record) { record.spf_aligned = true; },
      [](format::AggregateRecord& record) { record.reasons.clear(); },
      [](format::AggregateRecord& record) { record.header_from = "x.example.org"; },
      [](format::AggregateRecord& record) { record.envelope_from = ""; },
      [](format::AggregateRecord& record) { record.envelope_to = "x.example.org"; },
      [](format::AggregateRecord& record) { record.dkim[0].selector = "s2"; },
      [](format::AggregateRecord& record) { record.dkim[0].human_result = "key revoked"; },
      [](format::AggregateRecord& record) { record.spf[0].result = format::AuthResult::pass; },
      [](format::AggregateRecord& record) { record.spf.clear(); },
  };
  for (const Backend backend : backends()) {
    DYNAMIC_SECTION("backend " << static_cast<int>(backend)) {
      const Home home(backend);
      Store store = home.store();
      std::vector<format::AggregateRecord> given;
      for (const Change& change : changes) {
        Observation observation = an_observation();
        change(observation.record);
        given.push_back(observation.record);
        REQUIRE(store.add(std::vector{observation}));
      }
      const auto records = records_of(store, "example.org", day_period(first_day));
      CHECK(records.size() == given.size());
      CHECK(std::ranges::is_permutation(records, given));
    }
  }
}

TEST_CASE("of many records each comes once, in the order of the sources", "[store]") {
  for (const Backend backend : backends()) {
    DYNAMIC_SECTION("backend " << static_cast<int>(backend)) {
      const Home home(backend);
      Store store = home.store();
      std::vector<Observation> many;
      for (int i = 0; i < 2'500; ++i) {
        const std::string source =
            "10.0." + std::to_string(i / 250) + "." + std::to_string(i % 250);
        many.push_back(an_observation("example.org", source));
      }
      REQUIRE(store.add(many));
      const auto records = records_of(store, "example.org", day_period(first_day));
      CHECK(records.size() == many.size());
      CHECK(std::ranges::is_sorted(records, std::less{}, [](const format::AggregateRecord& record) {
        return record.source.text();
      }));
      // While a report is read, the same store does other things, and what throws comes through.
      struct Enough {};
      CHECK_THROWS_AS(store.records("example.org", day_period(first_day),
                                    [&](const format::AggregateRecord&) {
                                      REQUIRE(store.domains(day_period(first_day)));
                                      throw Enough{};
                                    }),
                      Enough);
      REQUIRE(store.add(many));
    }
  }
}

TEST_CASE("a report has the days of its period and no others", "[store]") {
  for (const Backend backend : backends()) {
    DYNAMIC_SECTION("backend " << static_cast<int>(backend)) {
      const Home home(backend);
      Store store = home.store();
      // RFC 9990 §3.1.1.4: a UTC day, from its first second to its last.
      for (const std::chrono::seconds time :
           {std::chrono::seconds{-36'001}, std::chrono::seconds{-36'000},
            std::chrono::seconds{hours{14}}}) {
        REQUIRE(store.add(std::vector{later(an_observation(), time)}));
      }
      CHECK(records_of(store, "example.org", day_period(first_day - days{1})).at(0).count == 1);
      CHECK(records_of(store, "example.org", day_period(first_day)).at(0).count == 1);
      CHECK(records_of(store, "example.org", day_period(first_day + days{1})).at(0).count == 1);
      CHECK(records_of(store, "example.org", day_period(first_day - days{1}, 3)).at(0).count == 3);
      CHECK(records_of(store, "example.org", day_period(first_day + days{2})).empty());
      CHECK(records_of(store, "example.net", day_period(first_day)).empty());
      CHECK(domains_of(store, day_period(first_day - days{1}, 3)).at(0).messages == 3);
      CHECK(domains_of(store, day_period(first_day + days{2})).empty());
    }
  }
}

TEST_CASE("a policy that changed is reported as it was seen last", "[store]") {
  // RFC 9990 §3.1: a report has one configuration, the final one of the period.
  for (const Backend backend : backends()) {
    DYNAMIC_SECTION("backend " << static_cast<int>(backend)) {
      const Home home(backend);
      Store store = home.store();
      Observation changed = later(an_observation(), hours{1});
      changed.policy.policy = dmarc::Policy::none;
      changed.addresses = {"mailto:new@example.org"};
      Observation other = an_observation("a.example");
      other.policy.domain = "a.example";
      REQUIRE(store.add(std::vector{changed, an_observation(), other}));
      REQUIRE(store.add(std::vector{an_observation()}));

      const ReportedDomain expected{changed.policy, changed.addresses, 3};
      const auto all = domains_of(store, day_period(first_day));
      REQUIRE(all.size() == 2);
      CHECK(all[0].policy.domain == "a.example");
      CHECK(all[1] == expected);
      CHECK(domains_of(store, day_period(first_day), "example.org") == std::vector{expected});
      const auto records = records_of(store, "example.org", day_period(first_day));
      REQUIRE(records.size() == 1);
      CHECK(records[0].count == 3);
    }
  }
}

TEST_CASE("the policy that was seen last counts, whatever the order of a batch", "[store]") {
  for (const Backend backend : backends()) {
    DYNAMIC_SECTION("backend " << static_cast<int>(backend)) {
      const Home home(backend);
      Store store = home.store();
      const Observation last = later(an_observation(), hours{2});
      Observation between = later(an_observation(), hours{1});
      between.policy.policy = dmarc::Policy::none;
      REQUIRE(store.add(std::vector{last, between, an_observation()}));
      CHECK(domains_of(store, day_period(first_day)).at(0).policy == last.policy);
    }
  }
}

TEST_CASE("a batch with a name is counted once", "[store]") {
  for (const Backend backend : backends()) {
    DYNAMIC_SECTION("backend " << static_cast<int>(backend)) {
      const Home home(backend);
      Store store = home.store();
      const std::vector<Observation> batch = {an_observation()};
      const std::vector<std::string> settled = {"a:1"};
      CHECK(store.add(batch, "a:1") == Counted::now);
      CHECK(store.add(batch, "a:1") == Counted::before);
      CHECK(store.add(batch, "b:1") == Counted::now);
      CHECK(records_of(store, "example.org", day_period(first_day)).at(0).count == 2);
      REQUIRE(store.add(batch, "a:2", settled));
      REQUIRE(store.add(batch, "a:1"));
      CHECK(records_of(store, "example.org", day_period(first_day)).at(0).count == 4);
    }
  }
}

TEST_CASE("several hosts start at once and count together", "[store]") {
  for (const Backend backend : backends()) {
    DYNAMIC_SECTION("backend " << static_cast<int>(backend)) {
      const Home home(backend);
      constexpr int hosts = 4;
      constexpr int batches = 10;
      std::vector<std::string> problems(hosts);
      {
        std::vector<std::jthread> threads;
        for (int host = 0; host < hosts; ++host) {
          threads.emplace_back([&home, &problem = problems[static_cast<std::size_t>(host)], host] {
            auto store = Store::open(home.location());
            if (!store) {
              problem = store.error().text;
              return;
            }
            for (int i = 0; i < batches; ++i) {
              std::vector<Observation> batch = {an_observation("a.example.org"),
                                                an_observation("b.example.org"),
                                                an_observation("c.example.org")};
              std::ranges::rotate(batch, batch.begin() + (host + i) % 3);
              if (const auto added = store->add(batch); !added) {
                problem = added.error().text;
              }
            }
          });
        }
      }
      CHECK(problems == std::vector<std::string>(hosts));
      Store store = home.store();
      for (const format::AggregateRecord& record :
           records_of(store, "example.org", day_period(first_day))) {
        CHECK(record.count == hosts * batches);
      }
    }
  }
}

TEST_CASE("what is older than the retention is forgotten, and nothing else", "[store]") {
  for (const Backend backend : backends()) {
    DYNAMIC_SECTION("backend " << static_cast<int>(backend)) {
      const Home home(backend);
      Store store = home.store();
      REQUIRE(store.add(std::vector{an_observation(), an_observation("old.example.org")}, "old"));
      REQUIRE(store.add(std::vector{later(an_observation(), days{1})}, "new"));
      const auto forgotten = store.forget_before(first_day + days{1});
      REQUIRE(forgotten);
      CHECK(*forgotten == 4);  // two counts, the outcome of one of them, a batch
      CHECK(records_of(store, "example.org", day_period(first_day)).empty());
      CHECK(records_of(store, "example.org", day_period(first_day + days{1})).size() == 1);
      REQUIRE(store.add(std::vector{later(an_observation("old.example.org"), days{1})}));
      CHECK(records_of(store, "example.org", day_period(first_day + days{1})).size() == 2);
    }
  }
}

TEST_CASE("after an error a store goes on where it was", "[store]") {
  for (const Backend backend : backends()) {
    DYNAMIC_SECTION("backend " << static_cast<int>(backend)) {
      const Home home(backend);
      Store store = home.store();
      store.database().session() << "ALTER TABLE counts RENAME TO elsewhere";
      CHECK_FALSE(store.add(std::vector{an_observation()}, "a"));
      store.database().session() << "ALTER TABLE elsewhere RENAME TO counts";
      REQUIRE(store.add(std::vector{an_observation()}, "a"));
      CHECK(records_of(store, "example.org", day_period(first_day)).at(0) ==
            an_observation().record);
    }
  }
}

TEST_CASE("an outcome that could not be kept is not taken for known", "[store]") {
  for (const Backend backend : backends()) {
    DYNAMIC_SECTION("backend " << static_cast<int>(backend)) {
      const Home home(backend);
      Store store = home.store();
      ResultRows outcomes(store.database());
      const Observation observation = an_observation();
      const std::vector<ResultRows::Entry> entries = {{&observation.record, first_day}};
      store.database().session() << "ALTER TABLE outcomes RENAME TO elsewhere";
      CHECK_THROWS(outcomes.keep(entries));
      store.database().session() << "ALTER TABLE elsewhere RENAME TO outcomes";
      const auto ids = outcomes.keep(entries);
      CHECK(ids.at(0) > 0);
      CHECK(outcomes.keep(entries) == ids);
    }
  }
}

}  // namespace sekisho::report::store
