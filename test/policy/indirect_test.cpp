#include "policy/indirect.hpp"

#include <string>

#include <catch2/catch.hpp>

using namespace sekisho;

TEST_CASE("marks of lists and forwarders are signs of an indirect flow (RFC 7960 §3.2)",
          "[policy]") {
  struct Case {
    mail::HeaderSection header;
    std::string sign;
  };
  const Case cases[] = {
      {{}, ""},
      {{{"From", " a@example.com"}, {"Subject", " List-Id: x"}}, ""},
      {{{"List-Id", " <list.example.org>"}}, "List-Id"},
      {{{"LIST-ID ", ""}}, "List-Id"},
      {{{"Received", " x"}, {"ARC-Seal", " i=1"}, {"List-Post", " <mailto:l@example.org>"}},
       "List-Post"},
      {{{"Mailing-List", " contact l-help@example.org"}}, "Mailing-List"},
      {{{"Resent-From", " b@example.org"}}, "Resent-From"},
      {{{"Resent-Sender", " b@example.org"}}, "Resent-Sender"},
      {{{"Resent-To", " c@example.org"}}, "Resent-To"},
      {{{"X-Forwarded-To", " c@example.org"}}, "X-Forwarded-To"},
      {{{"X-Forwarded-For", " b@example.org c@example.org"}}, "X-Forwarded-For"},
      {{{"Delivered-To", " b@example.org"}}, "Delivered-To"},
      {{{"ARC-Seal", " i=1"}}, "ARC-Seal"},
      {{{"Precedence", "\r\n  List "}}, "Precedence"},
      // of bulk mail that comes directly
      {{{"Precedence", " bulk"}}, ""},
      {{{"List-Unsubscribe", " <https://example.org/u>"}}, ""},
      {{{"List-Unsubscribe-Post", " List-Unsubscribe=One-Click"}}, ""},
  };
  for (std::size_t i = 0; i < std::size(cases); ++i) {
    DYNAMIC_SECTION(i << ": " << cases[i].sign) {
      CHECK(policy::find_indirect_signs(cases[i].header) == cases[i].sign);
    }
  }
}
