#include "mail/domain.hpp"

#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>

#include <catch2/catch.hpp>

namespace sekisho::mail {
namespace {

std::optional<std::string> parsed(std::string_view text) {
  const std::optional<Domain> domain = Domain::parse(text);
  return domain ? std::optional(domain->text()) : std::nullopt;
}

/// A name of `octets` octets in labels as long as they may be.
std::string name_of(std::size_t octets) {
  std::string name(octets, 'a');
  for (std::size_t dot = 63; dot < octets; dot += 64) {
    name[dot] = '.';
  }
  return name;
}

Domain domain(std::string_view text) {
  const std::optional<Domain> parsed_domain = Domain::parse(text);
  if (!parsed_domain) {
    throw std::invalid_argument(std::string(text));
  }
  return *parsed_domain;
}

TEST_CASE("a domain is read into A-labels in lower case", "[mail]") {
  struct Case {
    std::string_view what;
    std::string text, expected;
  };
  const Case cases[] = {
      {"one label", "localhost", "localhost"},
      {"case", "Mail.EXAMPLE.Com", "mail.example.com"},
      {"the root's dot", "example.com.", "example.com"},
      {"underscore", "_dmarc.a_b.example", "_dmarc.a_b.example"},
      {"hyphens that are no A-label", "r3---sn.-x-.example", "r3---sn.-x-.example"},
      {"label of 63 octets", name_of(63), name_of(63)},
      {"name of 253 octets", name_of(253), name_of(253)},
      {"U-label", "bücher.example", "xn--bcher-kva.example"},
      {"U-label in capitals", "BÜCHER.example", "xn--bcher-kva.example"},
      {"U-label with a capital inside", "müÑchen.example", "xn--mchen-ota0f.example"},
      {"Greek and Cyrillic capitals", "ΈΛΛΑΣ.ЮЁ.example", "xn--ixai3aa5b.xn--31ag.example"},
      {"Vietnamese capitals", "VIỆT.example", "xn--vit-5kz.example"},
      {"U-label below an underscore", "_dmarc.bücher.example", "_dmarc.xn--bcher-kva.example"},
      {"A-label", "xn--bcher-kva.example", "xn--bcher-kva.example"},
      {"A-label in capitals", "XN--BCHER-KVA.example", "xn--bcher-kva.example"},
      {"IDNA 2008 keeps the sharp s", "faß.example", "xn--fa-hia.example"},
      // A-labels that IDNA 2008 does not take are names in the DNS all the same (RFC 5891 §5.3).
      {"A-label of an emoji", "xn--ls8h.la", "xn--ls8h.la"},
      {"A-label of an emoji, in capitals", "XN--I-7IQ.example", "xn--i-7iq.example"},
      {"A-label that does not decode", "xn--a.example", "xn--a.example"},
      {"A-label that is not the one of its U-label", "xn--bcher-kva8445foa.example",
       "xn--bcher-kva8445foa.example"},
      {"A-label of a code point that no label may have", "xn--bcer-vea.example",
       "xn--bcer-vea.example"},
      {"homograph of the Cyrillic script stays apart", "аррӏе.com", "xn--80ak6aa92e.com"},
  };
  for (const auto& [what, text, expected] : cases) {
    DYNAMIC_SECTION(what) {
      CHECK(parsed(text) == expected);
    }
  }
}

TEST_CASE("what is no domain name is refused", "[mail]") {
  struct Case {
    std::string_view what;
    std::string text;
  };
  const Case cases[] = {
      {"nothing", ""},
      {"the root", "."},
      {"empty label first", ".example.com"},
      {"empty label inside", "a..b"},
      {"two dots at the end", "example.com.."},
      {"label of 64 octets", name_of(63) + "a.example"},
      {"name of 254 octets", name_of(254)},
      {"very long name", std::string(100'000, 'a')},
      {"blank", "exam ple.com"},
      {"blank at the end", "example.com "},
      {"line end", "example.com\r\n"},
      {"NUL", std::string("legitimate.com\0.any", 19)},
      {"NUL in a U-label", std::string("b\u00fccher\0x.example", 17)},
      {"address literal", "[192.0.2.1]"},
      {"espoofer server_a4: apostrophe", "legitimate.com'a.attack.com"},
      {"espoofer server_a5: parenthesis", "legitimate.com(a.attack.com"},
      {"espoofer server_a6: at sign", "legitimate.com'@any.attack.com"},
      {"weak links A6: byte that is no UTF-8",
       "mail.spoofing.com\xff"
       "attack.com"},
      {"overlong UTF-8", "\xc0\xae.example"},
      {"ideographic full stop", "example。com"},
      {"full-width full stop", "example．com"},
      {"character that IDNA 2008 disallows", "\U0001f4a9.la"},
      {"A-label that decodes to nothing", "xn--.com"},
      {"A-label of ASCII alone", "xn--abc-.com"},
      {"A-label with an underscore", "xn--a_b.example"},
      // What UTS 46 changes beyond the case of letters (RFC 5891 §5.4).
      {"capital sharp s", "STRAẞE.example"},
      {"full-width letters", "ｅxample.com"},
      {"U-label not in NFC", "bu\u0308cher.example"},
      {"soft hyphen", "legiti\u00admate.example"},
      {"zero-width space", "legiti\u200bmate.example"},
      {"zero-width joiner", "legit\u200dimate.example"},
      {"long s", "legitimateſ.example"},
      {"ligature", "ﬁnance.example"},
      {"ordinal that maps to a letter", "compañiª.example"},
      {"Greek symbol that maps to a letter", "ϐόλος.example"},
      {"dotted capital I", "İstanbul.example"},
      {"micro sign", "µtorrent.example"},
      {"Kelvin sign", "\u212aelvin.example"},
      {"mathematical letter", "\U0001d425egitimate.example"},
      {"U-label with a hyphen first", "-bücher.example"},
      {"U-label with an underscore", "_bücher.example"},
      {"right-to-left override", "\u202emoc.example"},
      {"character that maps to a solidus", "\u2100.example"},
  };
  for (const auto& [what, text] : cases) {
    DYNAMIC_SECTION(what) {
      CHECK(parsed(text) == std::nullopt);
    }
  }
}

TEST_CASE("a domain is shown to people in U-labels", "[mail]") {
  CHECK(domain("_dmarc.xn--bcher-kva.example").unicode() == "_dmarc.bücher.example");
  CHECK(domain("mail.example.com").unicode() == "mail.example.com");
  for (const std::string name : {"xn--ls8h.la", "xn--a.example", "xn--bcer-vea.example"}) {
    CHECK(domain(name).unicode() == name);  // what is no U-label is not shown as one
  }
}

TEST_CASE("a domain knows its labels and what lies below it", "[mail]") {
  const Domain name = domain("a.mail.example.com");
  CHECK(name.label_count() == 4);
  CHECK(name.suffix(1).text() == "com");
  CHECK(name.suffix(3).text() == "mail.example.com");
  CHECK(name.suffix(4) == name);
  CHECK(name.suffix(100) == name);
  CHECK(domain("localhost").label_count() == 1);
  CHECK(domain("localhost").suffix(1).text() == "localhost");

  CHECK(name.is_within(name));
  CHECK(name.is_within(domain("EXAMPLE.com")));
  CHECK_FALSE(domain("example.com").is_within(name));
  CHECK_FALSE(domain("badexample.com").is_within(domain("example.com")));
}

}  // namespace
}  // namespace sekisho::mail
