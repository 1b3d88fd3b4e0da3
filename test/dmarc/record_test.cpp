#include "dmarc/record.hpp"

#include <string>

#include <catch2/catch.hpp>

namespace sekisho::dmarc {
namespace {

// RFC 9989 §4.7 v=, §4.8 dmarc-version.
TEST_CASE("only what begins with v=DMARC1 is a DMARC record", "[dmarc]") {
  const auto [text, expected] = GENERATE(table<std::string_view, bool>({
      {"v=DMARC1", true},
      {"v=DMARC1;", true},
      {"v=DMARC1; p=none", true},
      {"v=DMARC1;p=none", true},
      {"v = DMARC1 ;\tp = none ;", true},
      {"V=DMARC1; p=none", true},  // "v" is a quoted word of the ABNF, DMARC1 is not

      {"", false},
      {"v=", false},
      {"v=dmarc1; p=none", false},
      {"v=DMARC1 p=none", false},
      {"v=DMARC12; p=none", false},
      {"v=DMARC2; p=none", false},
      {" v=DMARC1; p=none", false},  // dmarc-record begins with dmarc-version
      {"\tv=DMARC1; p=none", false},
      {";v=DMARC1; p=none", false},
      {"p=none; v=DMARC1", false},
      {"v=spf1 -all", false},
      {"\"v=DMARC1; p=none\"", false},
  }));
  CAPTURE(text);
  const auto record = parse_record(text);
  CHECK((record.has_value() || record.error() != RecordError::not_dmarc) == expected);
}

TEST_CASE("blanks and line ends at the end of a record do not count", "[dmarc]") {
  const auto plain = parse_record("v=DMARC1; p=reject");
  for (const std::string_view end : {"\n", "\r\n", " ", "\t \r\n\n"}) {
    const auto record = parse_record("v=DMARC1; p=reject" + std::string(end));
    REQUIRE(record);
    CHECK(*record == *plain);
    CHECK(parse_record("v=DMARC1" + std::string(end)).has_value());
  }
  CHECK_FALSE(parse_record(" \n").has_value());
  CHECK_FALSE(parse_record("\nv=DMARC1; p=reject").has_value());
  CHECK_FALSE(parse_record("v=DMARC1; p=re\nject")->usable);
}

TEST_CASE("absent tags have their defaults", "[dmarc]") {
  const auto record = parse_record("v=DMARC1; p=reject");
  REQUIRE(record);
  Record expected;
  expected.policy = Policy::reject;
  expected.text = "v=DMARC1; p=reject";
  CHECK(*record == expected);
}

TEST_CASE("all tags are read, words in any case", "[dmarc]") {
  const std::string text =
      "v=DMARC1; P=REJECT; sp=Quarantine; np=none; adkim=S; aspf=s; psd=N; t=Y; fo=1:D:s; "
      "rua=mailto:a@example.com, https://example.com/; ruf=mailto:f@example.com; x=y; "
      "pct=5; ri=60; rf=iodef";
  const auto record = parse_record(text);
  REQUIRE(record);
  Record expected;
  expected.policy = Policy::reject;
  expected.subdomain_policy = Policy::quarantine;
  expected.nonexistent_policy = Policy::none;
  expected.dkim_alignment = AlignmentMode::strict;
  expected.spf_alignment = AlignmentMode::strict;
  expected.psd = PublicSuffixDomain::no;
  expected.testing = true;
  expected.aggregate_uris = {"mailto:a@example.com", "https://example.com/"};
  expected.failure_uris = {"mailto:f@example.com"};
  expected.failure_options = "1:d:s";
  expected.text = text;
  CHECK(*record == expected);

  // The same record by RFC 7489: np=, psd= and t= are unknown tags.
  const auto old = parse_record(text, Specification::rfc7489);
  REQUIRE(old);
  expected.nonexistent_policy.reset();
  expected.psd = PublicSuffixDomain::unknown;
  expected.testing = false;
  expected.percent = 5;
  expected.report_interval = 60;
  expected.failure_formats = "iodef";
  CHECK(*old == expected);
}

// RFC 9989 §4.8: syntax errors are discarded in favour of default values.
TEST_CASE("what is wrong with a tag costs only that tag", "[dmarc]") {
  const auto text =
      GENERATE(as<std::string_view>{},  //
               "v=DMARC1; p=reject; bogus", "v=DMARC1;; p=reject ;;",
               "v=DMARC1; p=reject; =x; a1=b; \x80=1; fo", "v=DMARC1; p=reject; adkim=x",
               "v=DMARC1; p=reject; aspf=", "v=DMARC1; p=reject; psd=maybe",
               "v=DMARC1; p=reject; t=1", "v=DMARC1; p=reject; rua=bogus",
               "v=DMARC1; p=reject; fo=9; ruf=bogus", "v=DMARC1; x=\r\n; p=reject");
  CAPTURE(text);
  const auto record = parse_record(text);
  REQUIRE(record);
  Record expected;
  expected.policy = Policy::reject;
  expected.text = text;
  expected.errors = record->errors;
  CHECK(*record == expected);
}

// RFC 6376 §3.2, which RFC 9989 §4.7 takes over.
TEST_CASE("a tag that is there twice makes no tag list", "[dmarc]") {
  const auto text = GENERATE(as<std::string_view>{},  //
                             "v=DMARC1; p=none; p=none", "v=DMARC1; p=none; P=reject",
                             "v=DMARC1; v=DMARC1; p=none", "v=DMARC1; p=none; V=DMARC1",
                             "v=DMARC1; p=none; x=1; x=2");
  CAPTURE(text);
  CHECK(parse_record(text) == std::unexpected(RecordError::syntax));
}

TEST_CASE("a record has a limited number of tags", "[dmarc]") {
  std::string text = "v=DMARC1; p=none";
  std::string name = "x";
  for (std::size_t i = 0; i < max_record_tags - 2; ++i, name += 'x') {
    text += ";" + name + "=1";
  }
  CHECK(parse_record(text).has_value());
  CHECK(parse_record(text + ";y=1").has_value());
  CHECK(parse_record(text + ";y=1;z=1") == std::unexpected(RecordError::syntax));
}

// RFC 9989 §4.10.1.
TEST_CASE("a wrong or missing policy is none with a valid rua, else not DMARC's", "[dmarc]") {
  const auto policies = GENERATE(as<std::string>{}, "", "p=", "p=bob", "p=rej ect", "p=reject1",
                                 "p=reject; sp=bob", "p=reject; np=", "sp=reject; np=reject");
  CAPTURE(policies);
  const auto without = parse_record("v=DMARC1; " + policies);
  REQUIRE(without);
  CHECK_FALSE(without->usable);

  const auto wrong = parse_record("v=DMARC1; rua=example.com; " + policies);
  REQUIRE(wrong);
  CHECK_FALSE(wrong->usable);

  const auto with = parse_record("v=DMARC1; adkim=s; rua=mailto:a@example.com; " + policies);
  REQUIRE(with);
  CHECK(with->usable);
  CHECK(with->policy == Policy::none);
  CHECK_FALSE(with->subdomain_policy);
  CHECK_FALSE(with->nonexistent_policy);
  CHECK(with->dkim_alignment == AlignmentMode::strict);
}

// RFC 9990 §3.1.5.
TEST_CASE("what is wrong with a record is said", "[dmarc]") {
  using Errors = std::vector<std::string>;
  const std::string as_none = "the record is read as p=none alone";
  const auto [text, errors] = GENERATE_COPY(table<std::string, Errors>({
      {"p=reject; rua=mailto:a@example.com", {}},
      {"rua=mailto:a@example.com", {"p= is missing", as_none}},
      {"p=bob; sp=none; np=",
       {"p= is neither none, quarantine nor reject", "np= is neither none, quarantine nor reject",
        as_none}},
      {"p=none; rua=mailto:a@example.com, b@example.com,,", {"rua= has 3 that are no valid URIs"}},
  }));
  CAPTURE(text);
  const auto record = parse_record("v=DMARC1; " + text);
  REQUIRE(record);
  CHECK(record->errors == errors);
}

// RFC 7489 has no np=, so a wrong one is nothing.
TEST_CASE("a wrong np is of no interest to RFC 7489", "[dmarc]") {
  const auto record = parse_record("v=DMARC1; p=reject; np=bob", Specification::rfc7489);
  REQUIRE(record);
  CHECK(record->usable);
  CHECK(record->policy == Policy::reject);
}

TEST_CASE("failure options", "[dmarc]") {
  const auto [value, expected, old] = GENERATE(table<std::string, std::string, std::string>({
      {"0", "0", "0"},
      {"1", "1", "1"},
      {"D", "d", "d"},
      {"d:s", "d:s", "d:s"},
      {"1 : d:s", "1:d:s", "1:d:s"},
      {"s:d:0", "s:d:0", "s:d:0"},
      {"0:1:d:s", "0", "0:1:d:s"},  // RFC 9989 §4.7: "0" and "1" are mutually exclusive
      {"d:d", "0", "0"},
      {"01", "0", "0"},
      {"1:", "0", "0"},
      {":1", "0", "0"},
      {"", "0", "0"},
      {"x", "0", "0"},
  }));
  const std::string text = "v=DMARC1; p=none; ruf=mailto:a@example.com; fo=" + value;
  CAPTURE(text);
  CHECK(parse_record(text).value().failure_options == expected);
  CHECK(parse_record(text, Specification::rfc7489).value().failure_options == old);
}

TEST_CASE("failure options mean nothing without ruf: RFC 9989 §4.7", "[dmarc]") {
  CHECK(parse_record("v=DMARC1; p=none; fo=1").value().failure_options == "0");
}

// RFC 7489 §6.3 pct=, ri=.
TEST_CASE("numbers of RFC 7489", "[dmarc]") {
  const auto [value, percent, interval] = GENERATE(table<std::string, unsigned, std::uint32_t>({
      {"0", 0, 0},
      {"25", 25, 25},
      {"100", 100, 100},
      {"101", 100, 101},
      {"256", 100, 256},
      {"-1", 100, 86'400},
      {"5%", 100, 86'400},
      {"", 100, 86'400},
      {"4294967296", 100, 86'400},
  }));
  CAPTURE(value);
  const auto record =
      parse_record("v=DMARC1; p=none; pct=" + value + "; ri=" + value, Specification::rfc7489);
  REQUIRE(record);
  CHECK(record->percent == percent);
  CHECK(record->report_interval == interval);
}

}  // namespace
}  // namespace sekisho::dmarc
