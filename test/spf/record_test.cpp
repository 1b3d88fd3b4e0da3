#include "spf/record.hpp"

#include <optional>
#include <string>
#include <string_view>

#include <catch2/catch.hpp>

namespace sekisho::spf {
namespace {

TEST_CASE("which TXT records are SPF records (RFC 7208 §4.5)", "[spf]") {
  CHECK(is_spf_record("v=spf1"));
  CHECK(is_spf_record("v=spf1 -all"));
  CHECK(is_spf_record("V=SpF1 "));
  CHECK_FALSE(is_spf_record(""));
  CHECK_FALSE(is_spf_record("v=spf"));
  CHECK_FALSE(is_spf_record("v=spf10"));
  CHECK_FALSE(is_spf_record("v=spf1\t-all"));
  CHECK_FALSE(is_spf_record(" v=spf1 -all"));
  CHECK_FALSE(is_spf_record("v=spf2.0/pra -all"));
}

std::optional<RecordErrorCode> error_of(std::string_view text) {
  const auto record = parse_record(text);
  return record ? std::nullopt : std::optional(record.error().code);
}

TEST_CASE("a record is refused for one wrong term, wherever it stands (RFC 7208 §4.6)", "[spf]") {
  using enum RecordErrorCode;
  struct Case {
    std::string_view terms;
    std::optional<RecordErrorCode> expected;
  };
  const Case cases[] = {
      {"", {}},
      {"  a   -all  ", {}},
      {"+A -MX ?Ptr ~ALL", {}},
      {"all", {}},
      {"all.", unknown_mechanism},
      {"all:x.example", unexpected_argument},
      {"all/8", unexpected_argument},
      {"--all", unknown_mechanism},
      {"-", unknown_mechanism},
      {":", unknown_mechanism},
      {"ip5:1.2.3.4", unknown_mechanism},
      {"-all moo", unknown_mechanism},
      {"a\tmx", unknown_mechanism},
      {"caf\xc3\xa9", unknown_mechanism},
      // a, mx (§5.3, §5.4, §5.6)
      {"a:x.example/24//64", {}},
      {"a/0", {}},
      {"a/32", {}},
      {"a/33", bad_prefix_length},
      {"a/00", bad_prefix_length},
      {"a/024", bad_prefix_length},
      {"a/999999999999", bad_prefix_length},
      {"a//0", {}},
      {"a//128", {}},
      {"a//129", bad_prefix_length},
      {"a/24/64", bad_prefix_length},
      {"a/16/24", unexpected_argument},
      {"a/", unexpected_argument},
      {"a//", unexpected_argument},
      {"a/24//", unexpected_argument},
      {"a:", missing_argument},
      {"a:/24", missing_argument},
      {"a:x.example/", bad_macro},
      {"a:foo:bar/baz.example", {}},
      {"a:x/24.example/24", {}},
      {"a:%{d}/24", {}},
      {"a:%{l1r/}/24", {}},
      {"a:192.0.2.1", bad_macro},
      {"mx:x.example//64", {}},
      // ptr, include, exists (§5.2, §5.5, §5.7)
      {"ptr:x.example", {}},
      {"ptr/24", unexpected_argument},
      {"include", missing_argument},
      {"include:", missing_argument},
      {"include:x.example", {}},
      {"include:x.example/24", bad_macro},
      {"include:%{d0}", bad_macro},
      {"exists", missing_argument},
      {"exists:%{ir}.x.example", {}},
      // ip4, ip6 (§5.6)
      {"ip4:192.0.2.1", {}},
      {"ip4:192.0.2.0/24", {}},
      {"ip4:0.0.0.0/0", {}},
      {"ip4:192.0.2.0/33", bad_prefix_length},
      {"ip4:192.0.2.0/", bad_prefix_length},
      {"ip4:192.0.2.0//32", bad_prefix_length},
      {"ip4:192.0.2.0/+1", bad_prefix_length},
      {"ip4:192.0.2", bad_network},
      {"ip4:192.0.2.256", bad_network},
      {"ip4:192.0.2.01", bad_network},
      {"ip4:192.0.2.1:25", bad_network},
      {"ip4:2001:db8::", bad_network},
      {"ip4:::ffff:192.0.2.1", bad_network},
      {"ip4", missing_argument},
      {"ip4:", missing_argument},
      {"ip4=192.0.2.1", {}},  // an unknown modifier by the grammar
      {"ip6:2001:db8::/32", {}},
      {"ip6:::/0", {}},
      {"ip6:::1/128", {}},
      {"ip6:::1/129", bad_prefix_length},
      {"ip6:192.0.2.1", bad_network},
      {"ip6:[2001:db8::1]", bad_network},
      {"ip6:2001:db8::1%eth0", bad_network},
      // modifiers (§6)
      {"redirect=x.example", {}},
      {"REDIRECT=x.example -all", {}},
      {"redirect=", missing_argument},
      {"redirect:x.example", unknown_mechanism},
      {"redirect=x.example redirect=x.example", repeated_modifier},
      {"exp=x.example Exp=y.example", repeated_modifier},
      {"exp=%{c}.example", bad_macro},
      {"exp=-all", bad_macro},
      {"moo.cow-far_out=man:dog/cat", {}},
      {"x= x= X=", {}},
      {"x=%{r}", {}},
      {"x=%", bad_macro},
      {"x=a\x01", bad_macro},
      {"moo.cow/far_out=man", unknown_mechanism},
      {"1up=foo", unknown_mechanism},
      {"=all", unknown_mechanism},
      {"-x=y", unknown_mechanism},
  };
  for (const auto& [terms, expected] : cases) {
    DYNAMIC_SECTION("'" << terms << "'") {
      CHECK(error_of("v=spf1 " + std::string(terms)) == expected);
    }
  }
}

TEST_CASE("a record's terms come with all that they say", "[spf]") {
  const std::string text =
      "v=spf1 ip4:192.0.2.0/24 exp=e.%{d} -ip6:2001:db8::/32 ?a:x.example/8//16 "
      "~include:%{p}.y.example "
      "redirect=_spf.example.org";
  const auto record = parse_record(text);
  REQUIRE(record);
  REQUIRE(record->directives.size() == 4);
  const Directive& ip4 = record->directives[0];
  CHECK(ip4.mechanism == Mechanism::ip4);
  CHECK(ip4.result == ResultCode::pass);
  CHECK(ip4.network == dns::IpAddress::parse("192.0.2.0"));
  CHECK(ip4.prefix4 == 24);
  CHECK(ip4.text == "ip4:192.0.2.0/24");
  const Directive& ip6 = record->directives[1];
  CHECK(ip6.result == ResultCode::fail);
  CHECK(ip6.prefix6 == 32);
  CHECK(ip6.text == "-ip6:2001:db8::/32");
  const Directive& a = record->directives[2];
  CHECK(a.result == ResultCode::neutral);
  CHECK(a.domain_spec.text == "x.example");
  CHECK(a.prefix4 == 8);
  CHECK(a.prefix6 == 16);
  const Directive& include = record->directives[3];
  CHECK(include.result == ResultCode::softfail);
  CHECK(include.domain_spec.use.validated_name);
  CHECK(record->explanation->text == "e.%{d}");
  CHECK(record->redirect->text == "_spf.example.org");
}

TEST_CASE("an IPv4-mapped network stays IPv6 (RFC 7208 §5)", "[spf]") {
  const auto record = parse_record("v=spf1 ip6:::ffff:192.0.2.1");
  REQUIRE(record);
  CHECK(record->directives[0].network.is_v6());
}

TEST_CASE("a record's length is bounded", "[spf]") {
  std::string text = "v=spf1";
  while (text.size() + 2 <= max_record_octets) {
    text += " a";
  }
  CHECK(parse_record(text).has_value());
  text += " a";
  CHECK(error_of(text) == RecordErrorCode::too_long);
}

TEST_CASE("reasons hold no raw bytes", "[spf]") {
  const auto record = parse_record("v=spf1 caf\xc3\xa9\r\n\x1b[31m");
  REQUIRE_FALSE(record);
  CHECK(format_record_error(record.error()) == "unknown mechanism in \"caf?????[31m\"");
  CHECK(printable(std::string(100, 'x')) == std::string(100, 'x'));
  CHECK(printable(std::string(5'000, 'x')) == std::string(100, 'x') + "...");
}

}  // namespace
}  // namespace sekisho::spf
