#include "preflight/display_name.hpp"

#include <string>

#include <catch2/catch.hpp>

namespace sekisho::preflight {
namespace {

TEST_CASE("tricks of a display name", "[preflight]") {
  using enum DisplayTrick;
  struct Case {
    const char* what;
    std::string name;
    DisplayTrick trick;
    bool has_obsolete_dot = false;
  };
  const Case cases[] = {
      {"plain", "The Shop", none},
      {"Latin beyond US-ASCII", "Caf\u00e9 \u0153uvre", none},
      {"Cyrillic alone", "\u041c\u0430\u0433\u0430\u0437\u0438\u043d", none},
      {"words of two alphabets", "Shop \u041c\u0430\u0433", none},
      {"a micro sign is no Greek", "10 \u03bcg\u03bc", none},
      {"the first letter is Cyrillic", "\u0430pple", mixed_scripts},
      {"the last letter is Greek", "appl\u03b5", mixed_scripts},
      {"after a control of US-ASCII", "\x7f\u0430pple", mixed_scripts},
      {"after a character of three octets", "\u20ac\u0430pple", mixed_scripts},
      {"after a character of four octets", "\U0001f600\u0430pple", mixed_scripts},
      {"the last Cyrillic letter of its block", "a\u052f", mixed_scripts},
      {"the first embedding", "a\u202a", direction},
      {"the last override", "a\u202e", direction},
      {"before the embeddings", "a\u2029", none},
      {"behind the overrides", "a\u202f", none},
      {"the first isolate", "a\u2066", direction},
      {"the last isolate", "a\u2069", direction},
      {"another address", "pay@bank.example", other_address, true},
      {"its own address", "orders@shop.example", none, true},
      {"an at sign alone", "meet @ noon.today", none, true},
      {"a dot", "The Shop Inc.", none, true},
  };
  const mail::Mailbox author{"orders", "shop.example", mail::Domain::parse("shop.example")};
  for (const Case& each : cases) {
    DYNAMIC_SECTION(each.what) {
      const DisplayName read =
          read_display_name(" " + each.name + " <orders@shop.example>", author);
      CHECK(describe_trick(read.trick) == describe_trick(each.trick));
      CHECK(read.has_obsolete_dot == each.has_obsolete_dot);
    }
  }
}

}  // namespace
}  // namespace sekisho::preflight
