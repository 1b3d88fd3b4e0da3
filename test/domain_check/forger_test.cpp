#include "dmarc/public_suffixes.hpp"
#include "domain_check/corpus.hpp"

#include <filesystem>
#include <fstream>
#include <memory>
#include <string>

#include <unistd.h>

#include <catch2/catch.hpp>

namespace sekisho::domain_check {
namespace {

std::string table_of(const Report& report) {
  std::string table;
  for (const ForgerRow& row : report.forger) {
    table += std::string(format_forgers_way(row.way)) + ' ' +
             std::string(format_forged_author(row.author)) + ' ' +
             std::string(format_forgery_outcome(row.rfc9989.outcome)) + ' ' +
             std::string(format_forgery_outcome(row.rfc7489.outcome)) + '\n';
  }
  return table;
}

TEST_CASE("the forger's table has what receivers of both RFCs would do", "[domain_check]") {
  struct Case {
    const char* what;
    std::vector<std::string> changes;
    const char* table;
  };
  const Case cases[] = {
      {"p=reject",
       {},
       "spf domain delivered delivered\n"
       "spf existing delivered delivered\n"
       "spf missing delivered delivered\n"
       "any domain refused refused\n"
       "any existing refused refused\n"
       "any missing refused refused\n"},
      {"sp and np",
       {"- _dmarc", "+ _dmarc TXT \"v=DMARC1; p=reject; sp=none; np=quarantine; aspf=s\""},
       "spf domain delivered delivered\n"
       "spf existing delivered delivered\n"
       "spf missing quarantined delivered\n"
       "any domain refused refused\n"
       "any existing delivered delivered\n"
       "any missing quarantined delivered\n"},
      {"t=y lowers by one step, for RFC 9989 alone",
       {"- _dmarc", "+ _dmarc TXT \"v=DMARC1; p=reject; t=y\"", "- @ TXT",
        "+ @ TXT \"v=spf1 -all\""},
       "any domain quarantined refused\n"
       "any existing quarantined refused\n"
       "any missing quarantined refused\n"},
      {"pct counts for RFC 7489 alone",
       {"- _dmarc", "+ _dmarc TXT \"v=DMARC1; p=reject; pct=30\"", "- @ TXT",
        "+ @ TXT \"v=spf1 -all\""},
       "any domain refused quarantined\n"
       "any existing refused quarantined\n"
       "any missing refused quarantined\n"},
      {"no DMARC",
       {"- _dmarc", "- @ TXT", "+ @ TXT \"v=spf1 -all\""},
       "any domain delivered delivered\n"
       "any existing delivered delivered\n"
       "any missing delivered delivered\n"},
      {"anybody passes",
       {"- @ TXT", "+ @ TXT \"v=spf1 +all\""},
       "spf domain delivered delivered\n"
       "spf existing delivered delivered\n"
       "spf missing delivered delivered\n"
       "any domain delivered delivered\n"
       "any existing delivered delivered\n"
       "any missing delivered delivered\n"},
  };
  for (const Case& c : cases) {
    DYNAMIC_SECTION(c.what) {
      CHECK(table_of(checked(changed_zone(c.changes), "shop.example")) == c.table);
    }
  }
}

TEST_CASE("receivers of RFC 7489 go by the list of the caller", "[domain_check]") {
  const std::filesystem::path path = std::filesystem::temp_directory_path() /
                                     ("sekisho-domain-check-suffixes." + std::to_string(getpid()));
  std::ofstream(path) << "example\nshop.example\n";
  auto loaded = dmarc::PublicSuffixes::load(path.string());
  std::filesystem::remove(path);
  REQUIRE(loaded);
  Options options;
  options.suffixes = std::make_shared<const dmarc::PublicSuffixes>(*std::move(loaded));
  // Names below a public suffix are organizations of their own: the policy above is not theirs.
  const Report report = checked(base_zone(), "shop.example", options);
  REQUIRE(report.forger.size() == 6);
  CHECK(report.forger[4].rfc9989.outcome == ForgeryOutcome::refused);
  CHECK(report.forger[4].rfc7489.outcome == ForgeryOutcome::delivered);
}

TEST_CASE("the existing name is that of the caller, if it is below the domain", "[domain_check]") {
  Options options;
  options.names = {*mail::Domain::parse("other.example"),
                   *mail::Domain::parse("news.shop.example")};
  const Report report = checked(base_zone(), "shop.example", options);
  REQUIRE(report.forger.size() == 6);
  CHECK(report.forger[1].name == "news.shop.example");
  CHECK(checked(base_zone(), "shop.example").forger[1].name == "mx1.shop.example");
}

TEST_CASE("two checks of one zone name the same missing name", "[domain_check]") {
  const Report first = checked(base_zone(), "shop.example");
  const Report second = checked(base_zone(), "shop.example");
  CHECK(first.forger.at(2).name == second.forger.at(2).name);
}

}  // namespace
}  // namespace sekisho::domain_check
