// Removal of fields that only we may write: RFC 8601 §5, CVE-2022-48521.
#include "checkpoint/forged_fields.hpp"

#include <string>
#include <vector>

#include <catch2/catch.hpp>

namespace sekisho::checkpoint {

namespace {

const std::string ours = " mx.example.org; dkim=pass header.d=bank.example";
const std::string foreign = " mx.example.net; dkim=pass header.d=bank.example";

std::vector<FieldRemoval> removals_of(const mail::HeaderSection& header) {
  ForgedFields fields("mx.example.org", "host7.example.org");
  for (const mail::HeaderField& field : header) {
    fields.note(field);
  }
  return fields.removals();
}

}  // namespace

TEST_CASE("only results with our authserv-id are removed", "[checkpoint]") {
  CHECK(removals_of({{"Authentication-Results", foreign}}).empty());
  CHECK(removals_of({{"authentication-results", ours}}) ==
        std::vector<FieldRemoval>{{"Authentication-Results", 1}});
  CHECK(removals_of({{"X-Authentication-Results", ours}}).empty());
  CHECK(removals_of({{"Authentication-Results", " mx.example.net 2; dkim=pass"}}).size() == 1);
}

TEST_CASE("the highest ordinal is removed first, whatever stands between", "[checkpoint]") {
  // Each removal shifts the ordinals above it: CVE-2022-48521.
  const auto removals = removals_of({{"Authentication-Results", ours},
                                     {"Subject", " a"},
                                     {"Authentication-Results", foreign},
                                     {"AUTHENTICATION-RESULTS", ours},
                                     {"Received", " b"},
                                     {"Authentication-Results", ours}});
  CHECK(removals == std::vector<FieldRemoval>{{"Authentication-Results", 4},
                                              {"Authentication-Results", 3},
                                              {"Authentication-Results", 1}});
}

TEST_CASE("every pattern of forged and foreign fields", "[checkpoint]") {
  for (unsigned pattern = 0; pattern < 256; ++pattern) {
    mail::HeaderSection header;
    std::vector<FieldRemoval> expected;
    for (std::size_t bit = 0; bit < 8; ++bit) {
      const bool is_ours = ((pattern >> bit) & 1U) != 0;
      header.push_back({"Authentication-Results", is_ours ? ours : foreign});
      if (is_ours) {
        expected.insert(expected.begin(), {"Authentication-Results", bit + 1});
      }
    }
    CAPTURE(pattern);
    REQUIRE(removals_of(header) == expected);
  }
}

TEST_CASE("indicator fields from outside are removed", "[checkpoint]") {
  // draft-brand-indicators-for-message-identification §5.6
  const auto removals = removals_of({{"BIMI-Location", " v=BIMI1; l=https://a.example/x.svg"},
                                     {"BIMI-Selector", " v=BIMI1; s=default"},
                                     {"bimi-indicator", " PHN2Zz4="},
                                     {"BIMI-Logo-Preference", " brand"}});
  CHECK(removals == std::vector<FieldRemoval>{
                        {"BIMI-Logo-Preference", 1}, {"BIMI-Indicator", 1}, {"BIMI-Location", 1}});
}

TEST_CASE("Received-SPF in our name is removed, and counted by itself", "[checkpoint]") {
  const auto removals = removals_of({{"Received-SPF", " pass receiver=mx.example.net"},
                                     {"Authentication-Results", ours},
                                     {"RECEIVED-spf", " pass receiver=mx.example.org"},
                                     {"Received-SPF ", " pass (host7.example.org: x)"}});
  CHECK(removals == std::vector<FieldRemoval>{
                        {"Received-SPF", 3}, {"Received-SPF", 2}, {"Authentication-Results", 1}});
}

TEST_CASE("what is beyond the limit is removed unread, and counts", "[checkpoint]") {
  ForgedFields fields("mx.example.org", "");
  CHECK(fields.count() == 0);
  fields.note({"Authentication-Results", foreign});
  fields.note_unread({"Authentication-Results", foreign});
  fields.note_unread({"Received-SPF", " pass receiver=mx.example.net"});
  fields.note_unread({"Subject", ours});
  CHECK(fields.count() == 2);
  CHECK(fields.removals() ==
        std::vector<FieldRemoval>{{"Received-SPF", 1}, {"Authentication-Results", 2}});
}

}  // namespace sekisho::checkpoint
