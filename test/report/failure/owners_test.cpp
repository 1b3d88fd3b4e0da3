#include "report/failure/owners.hpp"

#include "report/failure/sample.hpp"

#include <catch2/catch.hpp>

namespace sekisho::report::failure {

namespace {

using Texts = std::vector<std::string>;

Texts owners(const char* policy_domain, const Texts& uris) {
  return owners_of(domain(policy_domain), uris, dmarc::PublicSuffixes());
}

}  // namespace

TEST_CASE("owners: sub-domains have the owner of their organization", "[failure]") {
  struct Case {
    const char* domain;
    Texts uris;
    Texts expected;
  };
  const std::vector<Case> cases{
      {"bank.example", {"mailto:r@bank.example"}, {"of bank.example", "to bank.example"}},
      {"x1.bank.example", {"mailto:r@x2.bank.example"}, {"of bank.example", "to bank.example"}},
      {"a.b.co.uk", {"mailto:r@c.d.co.uk"}, {"of b.co.uk", "to d.co.uk"}},
      {"co.uk", {}, {"of co.uk"}},
      {"bank.example",
       {"mailto:a@r.example!10m", "mailto:b@R.example?subject=x@y.example"},
       {"of bank.example", "to r.example"}},
      {"bank.example",
       {"mailto:a%40b@s.example", "https://r.example/@x"},
       {"of bank.example", "to s.example", "to x"}},
      {"bank.example", {"mailto:a", "mailto:b", "mailto:@"}, {"of bank.example", "to "}},
  };
  for (const Case& row : cases) {
    CHECK(owners(row.domain, row.uris) == row.expected);
  }
}

TEST_CASE("owners: as many URIs as a report takes", "[failure]") {
  Texts uris;
  for (int i = 0; i < 30; ++i) {
    uris.push_back("mailto:r@d" + std::to_string(i) + ".example");
  }
  CHECK(owners("bank.example", uris).size() == 1 + max_failure_uris);
}

}  // namespace sekisho::report::failure
