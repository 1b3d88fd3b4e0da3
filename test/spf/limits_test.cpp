// How much a record may ask (RFC 7208 §4.6.4).
#include "spf/session.hpp"

#include <algorithm>
#include <chrono>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <catch2/catch.hpp>

namespace sekisho::spf {
namespace {

TEST_CASE("ten terms may ask, over all includes and redirects (RFC 7208 §4.6.4)", "[spf]") {
  Session session;
  session.resolver->add_address("x.example", "198.51.100.1");
  session.publish("inc.example", "v=spf1 a:x.example a:x.example a:x.example a:x.example");
  session.publish("red.example", "v=spf1 a:x.example a:x.example -all");
  session.publish("example.org",
                  "v=spf1 include:inc.example a:x.example a:x.example redirect=red.example");
  CHECK(session.mail_from().code == ResultCode::fail);  // 1 + 4 + 2 + 1 + 2

  session.publish("example.com",
                  "v=spf1 include:inc.example a:x.example a:x.example a:x.example "
                  "redirect=red.example");
  session.request.sender = "user@example.com";
  const Result result = session.mail_from();
  CHECK(result.code == ResultCode::permerror);
  CHECK(result.reason == "more than 10 terms with DNS look-ups");
  CHECK(result.fault == Fault::too_many_lookups);
}

TEST_CASE("two terms may find nothing (RFC 7208 §4.6.4)", "[spf]") {
  Session session;
  session.connect_from("2001:db8::1");
  session.resolver->add_address("v4only.example", "192.0.2.1");
  session.resolver->add_mx("mx.example", 10, "v4only.example");
  session.resolver->add_mx("mx.example", 20, "nowhere.example");
  session.publish("example.org", "v=spf1 a:v4only.example exists:nowhere.example -all");
  CHECK(session.mail_from().code == ResultCode::fail);

  session.publish("example.com", "v=spf1 a:v4only.example a:nowhere.example ptr -all");
  session.request.sender = "user@example.com";
  const Result result = session.mail_from();
  CHECK(result.code == ResultCode::permerror);
  CHECK(result.reason == "more than 2 terms whose DNS look-ups found nothing");
  CHECK(result.fault == Fault::too_many_void_lookups);
  session.options.void_lookup_limit = 3;
  CHECK(session.mail_from().code == ResultCode::fail);
  session.options.void_lookup_limit = 2;

  // The limit is one of terms: a mail host or two without an IPv6 address count once.
  session.publish("example.net", "v=spf1 mx:mx.example a:nowhere.example -all");
  session.request.sender = "user@example.net";
  CHECK(session.mail_from().code == ResultCode::fail);
}

TEST_CASE("ten mail hosts may be asked for, of eleven it is a permerror (RFC 7208 §4.6.4)",
          "[spf]") {
  Session session;
  session.publish("example.org", "v=spf1 mx -all");
  for (int i = 1; i <= 10; ++i) {
    const std::string host = "mx" + std::to_string(i) + ".example.org";
    session.resolver->add_mx("example.org", 10, host);
    session.resolver->add_address(host, "192.0.2." + std::to_string(11 - i));
  }
  CHECK(session.mail_from().code == ResultCode::pass);
  session.resolver->add_mx("example.org", 20, "mx1.example.org");
  const Result result = session.mail_from();
  CHECK(result.code == ResultCode::permerror);
  CHECK(result.reason == "example.org: more than 10 MX records");
  CHECK(result.fault == Fault::too_many_mail_hosts);
}

TEST_CASE("the first ten names of a client are looked at (RFC 7208 §4.6.4)", "[spf]") {
  for (const int names_before : {9, 10}) {
    DYNAMIC_SECTION(names_before << " names before the right one") {
      Session session;
      session.publish("example.org", "v=spf1 ptr:last.example -all");
      for (int i = 1; i <= names_before; ++i) {
        session.resolver->add_ptr("192.0.2.1", "n" + std::to_string(i) + ".example");
      }
      session.resolver->add_ptr("192.0.2.1", "last.example");
      session.resolver->add_address("last.example", "192.0.2.1");
      CHECK(session.mail_from().code == (names_before == 9 ? ResultCode::pass : ResultCode::fail));
    }
  }
}

}  // namespace
}  // namespace sekisho::spf
