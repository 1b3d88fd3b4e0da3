#include "arc/set.hpp"

#include <string>

#include <catch2/catch.hpp>

namespace sekisho::arc {
namespace {

const mail::HeaderField results_1{"ARC-Authentication-Results", " i=1; mx.example; none"};
const mail::HeaderField signature_1{"ARC-Message-Signature", " a=rsa-sha256; i=1; d=a.example"};
const mail::HeaderField seal_1{"ARC-Seal", " i=1; cv=none"};
const mail::HeaderField results_2{"ARC-Authentication-Results", " i=2; mx.example; none"};
const mail::HeaderField signature_2{"ARC-Message-Signature", " i=2; d=a.example"};
const mail::HeaderField seal_2{"arc-seal ", " i=2; cv=pass"};

}  // namespace

TEST_CASE("fields are collected into whole sets (RFC 8617 §5.2 steps 1 and 3)", "[arc]") {
  const mail::HeaderSection header{seal_2,    {"From", " i=1;"}, results_1, signature_2,
                                   results_2, signature_1,       seal_1};
  const Sets sets = collect_sets(header, max_instance);
  CHECK_FALSE(sets.failure);
  CHECK_FALSE(sets.is_empty);
  REQUIRE(sets.by_instance.size() == 2);
  CHECK(sets.by_instance[0].results == &header[2]);
  CHECK(sets.by_instance[0].signature == &header[5]);
  CHECK(sets.by_instance[0].seal == &header[6]);
  CHECK(sets.by_instance[1].seal == &header[0]);
}

TEST_CASE("what is no chain of whole sets is a fault (RFC 8617 §5.2 step 3)", "[arc]") {
  struct Case {
    std::string fault;
    std::size_t sets;
    mail::HeaderSection header;
  };
  const Case cases[] = {
      {"set 1 has no ARC-Authentication-Results", 1, {signature_1, seal_1}},
      {"set 1 has no ARC-Message-Signature", 1, {results_1, seal_1}},
      {"set 1 has no ARC-Seal", 1, {results_1, signature_1}},
      {"set 1 has no ARC-Authentication-Results", 2, {results_2, signature_2, seal_2}},  // a gap
      {"set 2 has no ARC-Seal", 2, {results_1, signature_1, seal_1, results_2, signature_2}},
      {"set 1 has more than one ARC-Seal", 1, {results_1, signature_1, seal_1, seal_1}},
      {"set 1 has more than one ARC-Message-Signature",
       1,
       {results_1, signature_1, signature_1, seal_1}},
      {"set 1 has more than one ARC-Authentication-Results",
       1,
       {results_1, results_1, signature_1, seal_1}},
      {"ARC-Seal without a valid instance", 0, {{"ARC-Seal", " x"}}},
      {"ARC-Seal without a valid instance", 0, {{"ARC-Seal", ""}}},
      {"ARC-Seal without a valid instance", 1, {results_1, signature_1, seal_1, {"ARC-Seal", "x"}}},
      {"ARC-Seal without a valid instance", 0, {{"ARC-Seal", " i=1; i=1"}}},
      {"ARC-Seal without a valid instance", 0, {{"ARC-Seal", " i=0; cv=none"}}},
      {"ARC-Seal without a valid instance", 0, {{"ARC-Seal", " i=51; cv=none"}}},
      {"ARC-Message-Signature without a valid instance", 0, {{"ARC-Message-Signature", " a=b"}}},
      {"ARC-Authentication-Results without a valid instance",
       0,
       {{"ARC-Authentication-Results", " mx.example; i=1"}}},
      {"set 1 has no ARC-Authentication-Results", 50, {{"ARC-Seal", " i=50; cv=pass"}}},
  };
  for (std::size_t i = 0; i < std::size(cases); ++i) {
    DYNAMIC_SECTION(i << ": " << cases[i].fault) {
      const Sets sets = collect_sets(cases[i].header, max_instance);
      REQUIRE(sets.failure);
      CHECK(sets.failure->reason == cases[i].fault);
      CHECK(sets.by_instance.size() == cases[i].sets);
      CHECK_FALSE(sets.is_empty);
    }
  }
}

TEST_CASE("no ARC field, no chain", "[arc]") {
  const Sets sets = collect_sets({{"From", " a@example.com"}, {"X-ARC-Seal", " i=1"}}, 50);
  CHECK(sets.is_empty);
  CHECK_FALSE(sets.failure);
}

TEST_CASE("a limit of sets below fifty holds", "[arc]") {
  CHECK_FALSE(collect_sets({results_1, signature_1, seal_1}, 1).failure);
  const Sets sets = collect_sets({results_1, signature_1, seal_1, seal_2}, 1);
  CHECK(sets.failure == failure_of(Fault::too_many_sets, {.number = 1}));
  CHECK(sets.failure->reason == "more than 1 sets");
  CHECK(sets.by_instance.size() == 1);
}

TEST_CASE("ten thousand ARC fields are one fault", "[arc]") {
  const Sets sets = collect_sets(mail::HeaderSection(10'000, seal_1), max_instance);
  REQUIRE(sets.failure);
  CHECK(sets.failure->reason == "set 1 has more than one ARC-Seal");
}

}  // namespace sekisho::arc
