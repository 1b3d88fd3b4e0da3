#include "spf/macro.hpp"

#include <cstdint>
#include <expected>
#include <string>
#include <string_view>

#include <catch2/catch.hpp>

namespace sekisho::spf {
namespace {

// The sender and clients of RFC 7208 §7.4.
MacroValues example_values(std::string_view client = "192.0.2.3") {
  MacroValues values;
  values.local_part = "strong-bad";
  values.sender_domain = "email.example.com";
  values.domain = "email.example.com";
  values.client = *dns::IpAddress::parse(client);
  values.validated_name = "mx.example.org";
  values.helo = "helo.example.net";
  values.receiver = "mx.example.net";
  values.now = 1'700'000'000;
  return values;
}

TEST_CASE("macros expand as RFC 7208 §7.4 shows", "[spf]") {
  struct Case {
    std::string_view macro_string;
    std::string_view expected;
  };
  const Case cases[] = {
      {"%{s}", "strong-bad@email.example.com"},
      {"%{o}", "email.example.com"},
      {"%{d}", "email.example.com"},
      {"%{d4}", "email.example.com"},
      {"%{d3}", "email.example.com"},
      {"%{d2}", "example.com"},
      {"%{d1}", "com"},
      {"%{dr}", "com.example.email"},
      {"%{d2r}", "example.email"},
      {"%{l}", "strong-bad"},
      {"%{l-}", "strong.bad"},
      {"%{lr}", "strong-bad"},
      {"%{lr-}", "bad.strong"},
      {"%{l1r-}", "strong"},
      {"%{ir}.%{v}._spf.%{d2}", "3.2.0.192.in-addr._spf.example.com"},
      {"%{lr-}.lp._spf.%{d2}", "bad.strong.lp._spf.example.com"},
      {"%{lr-}.lp.%{ir}.%{v}._spf.%{d2}", "bad.strong.lp.3.2.0.192.in-addr._spf.example.com"},
      {"%{ir}.%{v}.%{l1r-}.lp._spf.%{d2}", "3.2.0.192.in-addr.strong.lp._spf.example.com"},
      {"%{d2}.trusted-domains.example.net", "example.com.trusted-domains.example.net"},
      // beyond the table
      {"%{p}", "mx.example.org"},
      {"%{h}", "helo.example.net"},
      {"%{DR}", "com.example.email"},
      {"%{D2R}", "example.email"},
      {"%{S}", "strong-bad%40email.example.com"},
      {"%{d127}", "email.example.com"},
      {"%{d99999999999999999999999}", "email.example.com"},
      {"%{d01}", "com"},
      {"%{d-}", "email.example.com"},
      {"%{d1-}", "email.example.com"},
      {"%{d.-}", "email.example.com"},
      {"a%%b%_c%-d.example", "a%b c%20d.example"},
      {"%{d}.", "email.example.com"},
  };
  for (const auto& [macro_string, expected] : cases) {
    DYNAMIC_SECTION(macro_string) {
      REQUIRE(check_macro_string(macro_string, MacroScope::record));
      CHECK(expand_name(macro_string, example_values()) == expected);
    }
  }
}

TEST_CASE("an IPv6 address expands to nibbles (RFC 7208 §7.3, §7.4)", "[spf]") {
  const MacroValues values = example_values("2001:db8::cb01");
  CHECK(expand_name("%{ir}.%{v}._spf.%{d2}", values) ==
        "1.0.b.c.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6._spf.example.com");
  CHECK(expand_explanation("%{c}", values) == "2001:db8::cb01");
}

TEST_CASE("parts of a macro's value may be empty (RFC 7208 §7.3)", "[spf]") {
  MacroValues values = example_values();
  values.local_part = "-a--b-";
  CHECK(expand_name("%{l-}", values) == ".a..b");  // the last dot falls as a name's would
  CHECK(expand_name("%{lr-}x", values) == ".b..a.x");
  CHECK(expand_name("%{l2-}x", values) == "b.x");
  values.local_part = "a+b-c,d/e_f=g";
  CHECK(expand_name("%{l+-,/_=}", values) == "a.b.c.d.e.f.g");
  CHECK(expand_name("%{l1r+-,/_=}", values) == "a");
}

TEST_CASE("long names lose labels on the left (RFC 7208 §7.3)", "[spf]") {
  MacroValues values = example_values();
  const std::string label(63, 'x');
  const std::string longest = label + '.' + label + '.' + label + '.' + std::string(61, 'y');
  REQUIRE(longest.size() == 253);
  values.domain = longest;
  CHECK(expand_name("%{d}", values) == longest);
  CHECK(expand_name("a.%{d}", values) == longest);
  CHECK(expand_name("%{d}.a", values) == longest.substr(64) + ".a");
  CHECK(expand_name("%{d}%{d}%{d}%{d}%{d}%{d}%{d}%{d}%{d}%{d}%{d}%{d}%{d}%{d}%{d}%{d}%{d}.%{d}",
                    values) == longest);
}

TEST_CASE("explanations are printable US-ASCII of bounded length (RFC 7208 §6.2)", "[spf]") {
  MacroValues values = example_values();
  CHECK(expand_explanation("%{i} at %{t}, says %{r}: %{c}", values) ==
        "192.0.2.3 at 1700000000, says mx.example.net: 192.0.2.3");
  CHECK(expand_explanation("", values) == "");
  values.local_part = "caf\xc3\xa9";
  CHECK_FALSE(expand_explanation("%{l}", values));
  CHECK(expand_explanation("%{L}", values) == "caf%C3%A9");
  values.local_part = "line\r\nbreak";
  CHECK_FALSE(expand_explanation("%{l}", values));
  const std::string long_part(max_explanation_octets / 2 + 1, 'x');
  values.local_part = long_part;
  CHECK(expand_explanation("%{l}", values) == long_part);
  CHECK_FALSE(expand_explanation("%{l}%{l}", values));
  const std::string longest(max_explanation_octets, 'x');
  values.local_part = longest;
  CHECK(expand_explanation("%{l}", values) == longest);
  CHECK_FALSE(expand_explanation("%{l}x", values));
}

TEST_CASE("macro syntax (RFC 7208 §7.1, §7.3)", "[spf]") {
  struct Case {
    std::string_view text;
    std::expected<void, MacroError> expected;
  };
  const auto wrong = [](MacroError error) {
    return std::expected<void, MacroError>(std::unexpected(error));
  };
  const Case cases[] = {
      {"", {}},
      {"%{d}%%%_%-x", {}},
      {"%{d2r.-+,/_=}", {}},
      {"%{dR}", {}},
      {"%", wrong(MacroError::stray_percent)},
      {"a%b", wrong(MacroError::stray_percent)},
      {"%(ir)", wrong(MacroError::stray_percent)},
      {"%{", wrong(MacroError::unterminated)},
      {"%{d", wrong(MacroError::unterminated)},
      {"%{d2", wrong(MacroError::unterminated)},
      {"%{dr2}", wrong(MacroError::unterminated)},
      {"%{d-2}", wrong(MacroError::unterminated)},
      {"%{drr}", wrong(MacroError::unterminated)},
      {"%{d|}", wrong(MacroError::unterminated)},
      {"%{s1r@}", wrong(MacroError::unterminated)},
      {"%{}", wrong(MacroError::unknown_letter)},
      {"%{x}", wrong(MacroError::unknown_letter)},
      {"%{c}", wrong(MacroError::explanation_only)},
      {"%{R}", wrong(MacroError::explanation_only)},
      {"%{t}", wrong(MacroError::explanation_only)},
      {"%{d0}", wrong(MacroError::zero_parts)},
      {"%{d000r}", wrong(MacroError::zero_parts)},
      {"a b", wrong(MacroError::bad_character)},
      {"a\tb", wrong(MacroError::bad_character)},
      {"caf\xc3\xa9", wrong(MacroError::bad_character)},
      {"\x7f", wrong(MacroError::bad_character)},
      {std::string_view("a\0b", 3), wrong(MacroError::bad_character)},
  };
  for (const auto& [text, expected] : cases) {
    DYNAMIC_SECTION("'" << text << "'") {
      const auto checked = check_macro_string(text, MacroScope::record);
      REQUIRE(checked.has_value() == expected.has_value());
      if (!expected) {
        CHECK(checked.error() == expected.error());
      }
    }
  }
  CHECK(check_macro_string("%{c} %{r} %{t}", MacroScope::explanation));
}

TEST_CASE("the end of a domain-spec (RFC 7208 §7.1)", "[spf]") {
  struct Case {
    std::string_view text;
    bool is_valid;
  };
  const Case cases[] = {
      {"example.com", true},
      {"example.com.", true},
      {".com", true},
      {"%{d}", true},
      {"x%{d}", true},
      {"%%", true},
      {"%{d}.com", true},
      {"a.xn--zckzah", true},
      {"a.1-a", true},
      {"a.1-1", true},
      {"a.a1", true},
      {"a..com", true},
      {"_spf._x.example", true},
      {"", false},
      {"com", false},
      {"com.", false},
      {".", false},
      {"example.com..", false},
      {"example.123", false},
      {"example.-com", false},
      {"example.com-", false},
      {"example.c_m", false},
      {"example.com:80", false},
      {"%{d}com", false},
      {"%{d}.", false},
      {"%{d}.1", false},
      {"a.b%{d}c", false},
      {"example.com/24", false},
  };
  for (const auto& [text, is_valid] : cases) {
    DYNAMIC_SECTION("'" << text << "'") {
      CHECK(check_domain_spec(text).has_value() == is_valid);
    }
  }
}

TEST_CASE("what the macros of a domain-spec need is told", "[spf]") {
  CHECK(check_domain_spec("%{p}.example")->validated_name);
  CHECK(check_domain_spec("%{P1r}.example")->validated_name);
  CHECK_FALSE(check_domain_spec("p.%{d}")->validated_name);
  CHECK(check_domain_spec("%{s}")->local_part);
  CHECK(check_domain_spec("%{L}.x.example")->local_part);
  CHECK_FALSE(check_domain_spec("%{o}")->local_part);
}

TEST_CASE("names that can be asked for (RFC 1035 §2.3.4)", "[spf]") {
  const std::string label(63, 'x');
  const std::string three = label + '.' + label + '.' + label + '.';
  CHECK(is_askable("a"));
  CHECK(is_askable("foo:bar/baz.example"));
  CHECK(is_askable(label + ".example"));
  CHECK(is_askable(three + std::string(61, 'x')));
  CHECK_FALSE(is_askable(three + std::string(62, 'x')));
  CHECK_FALSE(is_askable(label + "x.example"));
  CHECK_FALSE(is_askable(""));
  CHECK_FALSE(is_askable("."));
  CHECK_FALSE(is_askable(".example"));
  CHECK_FALSE(is_askable("a..b"));
  CHECK_FALSE(is_askable("a."));
}

}  // namespace
}  // namespace sekisho::spf
