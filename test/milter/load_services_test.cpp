// What a reload keeps, and what it begins anew.
#include "milter/process/load_services.hpp"

#include <cstddef>
#include <utility>

#include <catch2/catch.hpp>

namespace sekisho::milter {

TEST_CASE("a reload keeps what is known of the DNS, unless its options changed", "[milter]") {
  struct Row {
    std::size_t cache_entries;
    std::size_t max_rsa_bits;
    bool keeps_answers;
    bool keeps_keys;
  };
  const auto row = GENERATE(Row{1'000, 4'096, true, true}, Row{2'000, 4'096, false, true},
                            Row{1'000, 2'048, true, false});
  CAPTURE(row.cache_entries, row.max_rsa_bits);
  Configuration first;
  first.options.dns.cache_entries = 1'000;
  first.options.dkim.max_rsa_bits = 4'096;
  const auto before = open_services(std::move(first));

  Configuration second;
  second.options.dns.cache_entries = row.cache_entries;
  second.options.dkim.max_rsa_bits = row.max_rsa_bits;
  const auto after = open_services(std::move(second), before);
  CHECK((after->resolver == before->resolver) == row.keeps_answers);
  CHECK((after->key_records == before->key_records) == row.keeps_keys);
  CHECK(after->signing.publications == before->signing.publications);
}

}  // namespace sekisho::milter
