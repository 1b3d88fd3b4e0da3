#include "domain_check/overlay.hpp"

#include "dns/records.hpp"

#include <memory>

#include <catch2/catch.hpp>

namespace sekisho::domain_check {
namespace {

using enum dns::RecordType;

std::string asked(const std::vector<std::string>& records, const std::string& name,
                  dns::RecordType type) {
  auto zone = dns::ZoneFile::parse(
      "$ORIGIN a.example.\n@ A 192.0.2.1\n@ TXT \"old\"\n@ TXT \"older\"\nwww A 192.0.2.80\n", "z");
  auto laid = parse_overlay(records, "a.example");
  REQUIRE(zone);
  REQUIRE(laid);
  Overlay overlay(std::shared_ptr<dns::ZoneFile>(*std::move(zone)), *std::move(laid));
  return shown(overlay.lookup({name, type}, {}).get());
}

TEST_CASE("a laid record replaces the set of its name and type, and nothing else",
          "[domain_check]") {
  const std::vector<std::string> records{"@ TXT \"new\"", "_dmarc TXT \"v=DMARC1; p=none\"",
                                         "elsewhere.test. A 192.0.2.9", "ftp CNAME www"};
  CHECK(asked(records, "a.example", txt) == "found new");
  CHECK(asked(records, "A.Example", a) == "found 192.0.2.1");
  CHECK(asked(records, "_dmarc.a.example", txt) == "found v=DMARC1; p=none");
  CHECK(asked(records, "_dmarc.a.example", a) == "no data");
  CHECK(asked(records, "elsewhere.test", a) == "found 192.0.2.9");
  CHECK(asked(records, "ftp.a.example", a) == "found 192.0.2.80");
  CHECK(asked(records, "nowhere.a.example", a) == "no such name");
  CHECK(asked({}, "a.example", txt) == "found old, older");
}

TEST_CASE("two laid records of a name and type are one set", "[domain_check]") {
  CHECK(asked({"@ TXT \"x\"", "@ TXT \"y\""}, "a.example", txt) == "found x, y");
}

TEST_CASE("a laid record that cannot be read is refused by itself", "[domain_check]") {
  for (const std::string record :
       {"@ TXT \"x", "@ A 192.0.2.256", "@", "$ORIGIN x.", "@ A 192.0.2.1\n@ A 192.0.2.2"}) {
    CAPTURE(record);
    const auto parsed = parse_overlay({"@ A 192.0.2.1", record}, "a.example");
    REQUIRE_FALSE(parsed);
    CHECK(parsed.error().starts_with(record));
  }
}

}  // namespace
}  // namespace sekisho::domain_check
