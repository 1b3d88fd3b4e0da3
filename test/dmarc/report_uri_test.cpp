#include "dmarc/report_uri.hpp"

#include <catch2/catch.hpp>

namespace sekisho::dmarc {
namespace {

TEST_CASE("a report address is a URI, a mailto one with a mailbox", "[dmarc]") {
  const auto [text, expected] = GENERATE(table<std::string_view, bool>({
      {"mailto:dmarc-feedback@example.com", true},
      {"MAILTO:dmarc-feedback@example.com", true},
      {"mailto:a@example.com?subject=x", true},
      {"mailto:a%2cb@example.com", true},
      {"mailto:a@example.com!10m", true},  // obs-dmarc-uri
      {"mailto:a@example.com!10M", true},
      {"mailto:a@example.com!99999999999999999999", true},  // to be ignored, RFC 9989 §4.8
      {"https://example.com/report", true},                 // RFC 9989 §4.7: any valid URI
      {"ftp://example.com", true},
      {"x-report+1.0:a", true},

      {"", false},
      {"bogus", false},
      {"dmarc-feedback@example.com", false},  // no scheme, the common slip
      {"mailto:", false},
      {"mailto:a", false},
      {"mailto:@example.com", false},
      {"mailto:a@", false},
      {"mailto:a@b@example.com", false},
      {"mailto:a@exa mple.com", false},
      {"mailto://example.com", false},
      {"mailto:a@example.com!", false},
      {"mailto:a@example.com!k", false},
      {"mailto:a@example.com!10p", false},
      {"mailto:a@example.com!10 m", false},
      {"mailto:a!b@example.com", false},  // "!" must be encoded
      {"mailto:a%2@example.com", false},
      {"mailto:a%zz@example.com", false},
      {"mailto:a<@example.com", false},
      {"mailto:a\r\n@example.com", false},
      {"1mailto:a@example.com", false},
      {":a@example.com", false},
  }));
  CAPTURE(text);
  CHECK(is_report_uri(text) == expected);
}

TEST_CASE("the valid addresses of a list are kept as written", "[dmarc]") {
  CHECK(parse_report_uris("mailto:a@example.com , bogus,,mailto:b@example.com!10m,") ==
        std::vector<std::string>{"mailto:a@example.com", "mailto:b@example.com!10m"});
  CHECK(parse_report_uris("").empty());
}

TEST_CASE("a list has a limit", "[dmarc]") {
  std::string list;
  for (std::size_t i = 0; i < max_report_uris + 5; ++i) {
    list += "mailto:a@example.com,";
  }
  CHECK(parse_report_uris(list).size() == max_report_uris);
}

}  // namespace
}  // namespace sekisho::dmarc
