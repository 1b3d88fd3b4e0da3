#include "authres/assessment.hpp"

#include <string>
#include <vector>

#include <catch2/catch.hpp>

using namespace sekisho;
using findings::Assertion;

namespace {

std::optional<mail::Domain> domain(const char* text) {
  return mail::Domain::parse(text);
}

}  // namespace

TEST_CASE("what another host found is read as it wrote it", "[authres]") {
  struct Case {
    std::string name;
    std::string payload;
    std::vector<Assertion> assertions;
  };
  const std::vector<Assertion> all = {{"dkim", "pass", domain("d1.example")},
                                      {"spf", "pass", domain("d1.example")},
                                      {"dmarc", "pass", domain("d1.example")}};
  const Case cases[] = {
      {"Sekisho",
       " mx.example; dkim=pass header.d=d1.example header.i=@sub.d1.example header.s=s;\r\n"
       "\tspf=pass smtp.mailfrom=d1.example; arc=none smtp.remote-ip=192.0.2.1;\r\n"
       "\tdmarc=pass header.from=d1.example policy.dmarc=reject",
       all},
      {"Google",
       " mx.google.example; dkim=pass header.i=@d1.example header.s=s header.b=aB+/c=;\r\n"
       "       spf=pass (google.example: domain of a@d1.example designates 192.0.2.1 as permitted "
       "sender) smtp.mailfrom=a@d1.example;\r\n"
       "       dmarc=pass (p=NONE sp=NONE dis=NONE) header.from=d1.example",
       all},
      {"Microsoft",
       " mx.microsoft.example 1; dkim=pass header.d=d1.example; spf=pass smtp.mailfrom=d1.example;"
       " dmarc=pass action=none header.from=d1.example; arc=none",
       all},
      {"RFC 8617 appendix B",
       " lists.example.org; spf=pass smtp.mfrom=jqd@d1.example;"
       " dkim=pass (512-bit key) header.i=@d1.example; dmarc=pass",
       {{"spf", "pass", {}}, {"dkim", "pass", domain("d1.example")}, {"dmarc", "pass", {}}}},
      {"a domain that is none", " x; dmarc=pass header.from=\"a b\"", {}},
      {"other methods", " x; iprev=pass; auth=pass smtp.auth=a@d1.example", {}},
      {"nothing", " x; none", {}},
      {"not the grammar", " x; dmarc=pass; ;", {}},
      {"empty", "", {}},
  };
  for (const auto& [name, payload, assertions] : cases) {
    DYNAMIC_SECTION(name) {
      CHECK(authres::read_assessment(payload).assertions == assertions);
    }
  }
}

TEST_CASE("who sent it there is read (RFC 8617 §6)", "[authres]") {
  const auto client = [](const char* payload) { return authres::read_assessment(payload).client; };
  CHECK(client(" x; arc=none smtp.remote-ip=192.0.2.1") == dns::IpAddress::parse("192.0.2.1"));
  CHECK(client(" x; arc=none smtp.remote-ip=\"2001:db8::1\"") ==
        dns::IpAddress::parse("2001:db8::1"));
  CHECK(client(" x; arc=none smtp.remote-ip=nowhere") == std::nullopt);
  CHECK(client(" x; arc=none") == std::nullopt);
}
