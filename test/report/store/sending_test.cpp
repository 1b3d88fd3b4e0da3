// What the store knows of reports that are sent: claims, turns, failing addresses, consent.
#include "home.hpp"
#include "report/store/recipient_state.hpp"
#include "report/store/send_claims.hpp"

#include <set>
#include <string>
#include <thread>
#include <vector>

#include <catch2/catch.hpp>

namespace sekisho::report::store {

namespace {

using std::chrono::days;
using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

constexpr std::chrono::sys_seconds now = first_day + days{1} + hours{1};

}  // namespace

TEST_CASE("a report is claimed by one host", "[store]") {
  for (const Backend backend : backends()) {
    DYNAMIC_SECTION("backend " << static_cast<int>(backend)) {
      const Home home(backend);
      Store store = home.store();
      SendClaims claims(store.database());
      const format::Period day = day_period(first_day);
      const auto first = claims.claim("example.org", day, "mx1", now);
      REQUIRE(first);
      REQUIRE(*first);
      CHECK(**first == SendClaim{"example.org", day, "mx1", ClaimState::claimed, now, "", 1});
      CHECK_FALSE(claims.claim("example.org", day, "mx2", now + minutes{59}).value());
      CHECK_FALSE(claims.claim("example.org", day, "mx1", now + minutes{59}).value());
      CHECK(claims.claim("example.net", day, "mx2", now).value());
      // RFC 9990 §3.1.1.4: periods do not overlap.
      CHECK_FALSE(claims.claim("example.org", day_period(first_day, 7), "mx2", now).value());
      CHECK(claims.claim("example.org", day_period(first_day + days{1}), "mx2", now).value());
      CHECK(claims.within(day).value().size() == 2);
      CHECK(claims.first_begin(day_period(first_day, 7)).value() == first_day);
      CHECK(claims.first_begin(day_period(first_day + days{1})).value() == first_day + days{1});
      CHECK_FALSE(claims.first_begin(day_period(first_day + days{2})).value());

      SendClaim sent = **first;
      sent.state = ClaimState::sent;
      sent.report_id = "1@mx1";
      CHECK(claims.update(sent, now + minutes{1}).value());
      CHECK_FALSE(claims.claim("example.org", day, "mx2", now + days{30}).value());
    }
  }
}

TEST_CASE("a report that did not go out is claimed again", "[store]") {
  for (const Backend backend : backends()) {
    DYNAMIC_SECTION("backend " << static_cast<int>(backend)) {
      const Home home(backend);
      Store store = home.store();
      SendClaims claims(store.database());
      const format::Period day = day_period(first_day);
      SendClaim failed = claims.claim("example.org", day, "mx1", now).value().value();
      failed.report_id = "1@mx1";
      failed.state = ClaimState::failed;
      REQUIRE(claims.update(failed, now).value());
      CHECK_FALSE(claims.claim("example.org", day_period(first_day, 2), "mx1", now).value());
      // RFC 9990 §3.5.2: sent again, it has the same identifiers.
      const auto second = claims.claim("example.org", day, "mx2", now + seconds{1}).value();
      REQUIRE(second);
      CHECK(*second == SendClaim{"example.org", day, "mx2", ClaimState::claimed, now + seconds{1},
                                 "1@mx1", 2});
      CHECK_FALSE(claims.update(failed, now).value());  // it is not mx1's any more
      SendClaim another = *second;
      another.host = "mx3";
      CHECK_FALSE(claims.update(another, now).value());
      another = *second;
      another.period = day_period(first_day, 2);
      CHECK_FALSE(claims.update(another, now).value());
      // Whoever is gone does not keep it.
      const auto third = claims.claim("example.org", day, "mx2", now + seconds{1} + stale_claim);
      REQUIRE(third);
      REQUIRE(*third);
      CHECK((*third)->attempts == 3);
      CHECK_FALSE(claims.update(*second, now + stale_claim).value());
    }
  }
}

TEST_CASE("whom a report need not go to again is known until it is sent", "[store]") {
  using Addresses = std::set<std::string>;
  for (const Backend backend : backends()) {
    DYNAMIC_SECTION("backend " << static_cast<int>(backend)) {
      const Home home(backend);
      Store store = home.store();
      SendClaims claims(store.database());
      const format::Period day = day_period(first_day);
      SendClaim claim = claims.claim("example.org", day, "mx1", now).value().value();
      CHECK(claims.settled("example.org", day).value().empty());
      REQUIRE(claims.settle(claim, "a@example.org"));
      REQUIRE(claims.settle(claim, "a@example.org"));
      REQUIRE(claims.settle(claim, "b@example.org"));
      claim.state = ClaimState::failed;
      REQUIRE(claims.update(claim, now).value());
      CHECK(claims.settled("example.org", day).value() ==
            Addresses{"a@example.org", "b@example.org"});
      CHECK(claims.settled("example.net", day).value().empty());
      CHECK(claims.settled("example.org", day_period(first_day + days{1})).value().empty());
      SendClaim second = claims.claim("example.org", day, "mx2", now).value().value();
      CHECK(claims.settled("example.org", day).value().size() == 2);
      second.state = ClaimState::sent;
      REQUIRE(claims.update(second, now).value());
      CHECK(claims.settled("example.org", day).value().empty());
    }
  }
}

TEST_CASE("a claim from a clock that was set back does not last", "[store]") {
  const Home home(Backend::sqlite);
  Store store = home.store();
  SendClaims claims(store.database());
  const format::Period day = day_period(first_day);
  REQUIRE(claims.claim("example.org", day, "mx1", now + days{3'650}).value());
  CHECK(claims.claim("example.org", day, "mx2", now).value());
}

TEST_CASE("of many hosts that claim at once one gets the report", "[store]") {
  for (const Backend backend : backends()) {
    DYNAMIC_SECTION("backend " << static_cast<int>(backend)) {
      const Home home(backend);
      static_cast<void>(home.store());
      std::atomic<int> got = 0;
      std::atomic<int> turns = 0;
      std::atomic<int> errors = 0;
      {
        std::vector<std::jthread> threads;
        for (int host = 0; host < 4; ++host) {
          threads.emplace_back([&, host] {
            auto store = Store::open(home.location());
            if (!store) {
              ++errors;
              return;
            }
            SendClaims claims(store->database());
            RecipientState addressees(store->database());
            for (int i = 0; i < 5; ++i) {
              const auto claim = claims.claim("example.org", day_period(first_day),
                                              "mx" + std::to_string(host), now);
              const auto turn = addressees.take_turn("mailto:a@example.org", first_day, 7);
              errors += claim && turn ? 0 : 1;
              got += claim && *claim ? 1 : 0;
              turns += turn && *turn ? 1 : 0;
            }
          });
        }
      }
      CHECK(errors == 0);
      CHECK(got == 1);
      CHECK(turns == 7);
    }
  }
}

TEST_CASE("an addressee has so many turns a day", "[store]") {
  for (const Backend backend : backends()) {
    DYNAMIC_SECTION("backend " << static_cast<int>(backend)) {
      const Home home(backend);
      Store store = home.store();
      RecipientState addressees(store.database());
      CHECK_FALSE(addressees.take_turn("a@example.org", first_day, 0).value());
      CHECK(addressees.take_turn("a@example.org", first_day, 2).value());
      CHECK(addressees.take_turn("a@example.org", first_day, 2).value());
      CHECK_FALSE(addressees.take_turn("a@example.org", first_day, 2).value());
      CHECK(addressees.take_turn("b@example.org", first_day, 2).value());
      CHECK(addressees.take_turn("a@example.org", first_day + days{1}, 2).value());
      REQUIRE(addressees.return_turn("a@example.org", first_day));
      CHECK(addressees.take_turn("a@example.org", first_day, 2).value());
    }
  }
}

TEST_CASE("an address that takes nothing is remembered until it does", "[store]") {
  for (const Backend backend : backends()) {
    DYNAMIC_SECTION("backend " << static_cast<int>(backend)) {
      const Home home(backend);
      Store store = home.store();
      RecipientState addressees(store.database());
      CHECK_FALSE(addressees.failing("a@example.org").value());
      REQUIRE(addressees.note_failure("a@example.org", now, now + hours{1}));
      REQUIRE(addressees.note_failure("a@example.org", now + hours{1}, now + hours{3}));
      CHECK(addressees.failing("a@example.org").value() ==
            DeliveryFailures{2, now, now + hours{3}});
      REQUIRE(addressees.note_success("a@example.org"));
      CHECK_FALSE(addressees.failing("a@example.org").value());
    }
  }
}

TEST_CASE("consent is kept as long as it is good", "[store]") {
  // RFC 9990 §4
  for (const Backend backend : backends()) {
    DYNAMIC_SECTION("backend " << static_cast<int>(backend)) {
      const Home home(backend);
      Store store = home.store();
      RecipientState addressees(store.database());
      const Consent consent{true, {"mailto:x@reports.example"}};
      CHECK_FALSE(addressees.consent("example.org", "reports.example", now).value());
      REQUIRE(addressees.keep_consent("example.org", "reports.example", {false, {}}, now));
      REQUIRE(addressees.keep_consent("example.org", "reports.example", consent, now + days{1}));
      CHECK(addressees.consent("example.org", "reports.example", now).value() == consent);
      CHECK_FALSE(addressees.consent("example.org", "reports.example", now + days{1}).value());
      CHECK_FALSE(addressees.consent("example.net", "reports.example", now).value());
    }
  }
}

}  // namespace sekisho::report::store
