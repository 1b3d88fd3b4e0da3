#include "report/recipients/destination.hpp"

#include <limits>
#include <optional>
#include <string>

#include <catch2/catch.hpp>

namespace sekisho::report::recipients {

TEST_CASE("a mailto: URI names an address and perhaps a size", "[report_post]") {
  struct Case {
    std::string uri;
    std::string address;
    std::optional<std::uint64_t> max_octets;
  };
  constexpr std::uint64_t most = std::numeric_limits<std::uint64_t>::max();
  const Case cases[] = {
      {"mailto:dmarc@example.com", "dmarc@example.com", std::nullopt},
      {"MAILTO:Dmarc@EXAMPLE.com", "Dmarc@example.com", std::nullopt},
      {"mailto:a+b=c@example.com", "a+b=c@example.com", std::nullopt},
      {"mailto:a%2Bb@example.com", "a+b@example.com", std::nullopt},
      {"mailto:try..this.@carrier.example", "try..this.@carrier.example", std::nullopt},
      {"mailto:d@example.com?subject=x", "d@example.com", std::nullopt},  // RFC 6068 §2
      // RFC 7489 §6.2
      {"mailto:d@example.com!50", "d@example.com", 50},
      {"mailto:d@example.com!50k", "d@example.com", 51'200},
      {"mailto:d@example.com!10m", "d@example.com", 10'485'760},
      {"mailto:d@example.com!1G", "d@example.com", 1'073'741'824},
      {"mailto:d@example.com!1t", "d@example.com", 1'099'511'627'776},
      {"mailto:d@example.com!99999999t", "d@example.com", most},
      {"mailto:d@example.com!99999999999999999999", "d@example.com", most},
  };
  for (const Case& row : cases) {
    DYNAMIC_SECTION(row.uri) {
      const auto destination = parse_destination(row.uri);
      REQUIRE(destination);
      CHECK(destination->address == row.address);
      CHECK(destination->max_octets == row.max_octets);
    }
  }
}

TEST_CASE("no report goes to what is no plain address", "[report_post]") {
  const std::string uris[] = {
      "https://example.com/report",
      "mailto:example.com",
      "mailto:@example.com",
      "mailto:d@[192.0.2.1]",
      "mailto:a@b@example.com",
      // What percent-encoding may smuggle into a header field or an SMTP command
      "mailto:d%0D%0ABcc:%20x%40example.net%0D%0A@example.com",
      "mailto:d%0A@example.com",
      "mailto:d%00@example.com",
      "mailto:d%20e@example.com",
      "mailto:d%3E%20SIZE%3D1@example.com",
      "mailto:%22d%22@example.com",
      "mailto:d%2Ce@example.com",
      "mailto:d%40example.net@example.com",
      "mailto:%C3%BC@example.com",
      "mailto:" + std::string(65, 'd') + "@example.com",  // RFC 5321 §4.5.3.1.1
      "mailto:d@example.com!10x",
      "",
  };
  for (const std::string& uri : uris) {
    DYNAMIC_SECTION("[" << uri << "]") {
      CHECK_FALSE(parse_destination(uri));
    }
  }
}

TEST_CASE("a plain address is a local part without quotes and a domain in A-labels",
          "[report_post]") {
  CHECK(is_plain_address("dmarc-reports@mx.example.org"));
  CHECK(is_plain_address("a!b%c@example.org"));
  CHECK(is_plain_address(".d..e.@example.org"));
  CHECK_FALSE(is_plain_address("dmarc"));
  CHECK_FALSE(is_plain_address("dmarc@"));
  CHECK_FALSE(is_plain_address("dmarc@example.org."));
  CHECK_FALSE(is_plain_address("dmarc@example.org\r\nBcc: x@example.org"));
  CHECK_FALSE(is_plain_address("dmarc@\xc3\xbc.example"));
  CHECK_FALSE(is_plain_address("<dmarc@example.org>"));
  CHECK_FALSE(is_plain_address("\"a b\"@example.org"));
}

}  // namespace sekisho::report::recipients
