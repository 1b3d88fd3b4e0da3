// Whose record is asked for: HELO and MAIL FROM (RFC 7208 §2.3, §2.4, §4.3).
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

using namespace std::chrono_literals;

TEST_CASE("HELO is checked where it is a domain name of several labels (RFC 7208 §2.3, §4.3)",
          "[spf]") {
  Session session;
  session.publish("mail.example.net", "v=spf1 ip4:192.0.2.1 -all");
  const Result result = session.helo();
  CHECK(result.code == ResultCode::pass);
  CHECK(result.identity == Identity::helo);
  CHECK(result.domain == "mail.example.net");
  CHECK(result.mechanism == "ip4:192.0.2.1");

  for (const std::string helo : {"", "localhost", "[192.0.2.1]", "[IPv6:::1]", "a..b", ".",
                                 "mail example.net", "m\xc3\xa9", "-", "x.example.net\r\nA: b"}) {
    DYNAMIC_SECTION("HELO '" << helo << "'") {
      session.request.helo = helo;
      const Result none = session.helo();
      CHECK(none.code == ResultCode::none);
      CHECK(mentions(none.reason, "the HELO name"));
      session.request.sender = "";
      CHECK(session.mail_from().code == ResultCode::none);
    }
  }
}

TEST_CASE("the null sender is checked as postmaster at HELO (RFC 7208 §2.4)", "[spf]") {
  Session session;
  session.request.sender = "";
  session.publish("mail.example.net", "v=spf1 -all exp=why.example.net");
  session.publish("why.example.net", "%{s} from %{i} at %{t} to %{r}");
  const Result result = session.mail_from();
  CHECK(result.code == ResultCode::fail);
  CHECK(result.identity == Identity::mail_from);
  CHECK(result.explanation ==
        "postmaster@mail.example.net from 192.0.2.1 at 1700000000 to mx.example.com");
  CHECK(result.reason == "192.0.2.1 is not permitted by -all of mail.example.net");
}

TEST_CASE("a dot at the end of HELO is no part of the name", "[spf]") {
  Session session;
  session.request.helo = "mail.example.net.";
  session.publish("mail.example.net", "v=spf1 exists:%{h}.x.example -all");
  session.publish("example.org", "v=spf1 include:%{h} -all");
  session.resolver->add_address("mail.example.net.x.example", "127.0.0.2");
  CHECK(session.helo().code == ResultCode::pass);
  CHECK(session.helo().domain == "mail.example.net");
  CHECK(session.mail_from().code == ResultCode::pass);
  session.request.helo = "mail.example.net..";
  CHECK(session.helo().code == ResultCode::none);
  CHECK(session.mail_from().code == ResultCode::fail);
}

TEST_CASE("a name of an emoji is asked for as it is (RFC 7208 §4.3)", "[spf]") {
  Session session;
  session.request.sender = "user@xn--i-7iq.example";
  session.request.helo = "xn--ls8h.example";
  session.publish("xn--i-7iq.example", "v=spf1 include:xn--ls8h.example -all");
  session.publish("xn--ls8h.example", "v=spf1 ip4:192.0.2.1 -all");
  CHECK(session.mail_from().code == ResultCode::pass);
  CHECK(session.mail_from().domain == "xn--i-7iq.example");
  CHECK(session.helo().code == ResultCode::pass);
}

TEST_CASE("a sender in a domain that readers map to another has none", "[spf]") {
  Session session;
  session.publish("legitimate.example", "v=spf1 +all");
  for (const std::string domain :
       {"ｌｅｇｉｔｉｍａｔｅ.example", "legit\u200dimate.example", "legitimate．example"}) {
    session.request.sender = "user@" + domain;
    CHECK(session.mail_from().code == ResultCode::none);
  }
}

TEST_CASE("of which domain MAIL FROM's result will be is known before", "[spf]") {
  struct Case {
    std::string sender;
    std::string domain;  // empty: none
  };
  const Case cases[] = {
      {"alice@Example.org", "example.org"},
      {"@a.example,@b.example:alice@example.org", "example.org"},
      {"\"a@b.example\"@example.org", "example.org"},
      {"example.org", "example.org"},
      {"alice@example.org.", "example.org"},
      {"", "mail.example.net"},
      {"alice@[192.0.2.1]", ""},
      {"alice@example.org(.attack.example", ""},
  };
  for (const auto& [sender, domain] : cases) {
    DYNAMIC_SECTION("'" << sender << "'") {
      const auto found = mail_from_domain(sender, "mail.example.net");
      CHECK((found ? found->text() : "") == domain);
      Session session;
      session.request.sender = sender;
      CHECK(session.mail_from().domain == domain);
    }
  }
}

TEST_CASE("the sender's domain is found in what MAIL FROM may be", "[spf]") {
  struct Case {
    std::string_view sender;
    std::string_view checked_as;
  };
  const Case cases[] = {
      {"user@example.org", "user@example.org"},
      {"user@Example.ORG", "user@Example.ORG"},
      {"user@example.org.", "user@example.org"},
      {"@example.org", "postmaster@example.org"},
      {"example.org", "postmaster@example.org"},
      {"a@b@example.org", "a@b@example.org"},
      {"\"a@b c\"@example.org", "\"a@b c\"@example.org"},
      {"@relay.example,@other.example:user@example.org", "user@example.org"},
  };
  for (const auto& [sender, checked_as] : cases) {
    DYNAMIC_SECTION("MAIL FROM '" << sender << "'") {
      Session session;
      session.publish("example.org", "v=spf1 -all exp=why.example.net");
      session.publish("why.example.net", "%{s}");
      session.request.sender = sender;
      const Result result = session.mail_from();
      CHECK(result.code == ResultCode::fail);
      CHECK(result.domain == "example.org");
      CHECK(result.explanation == checked_as);
    }
  }
}

TEST_CASE("a sender without a valid domain gives none, and nothing of it is printed", "[spf]") {
  for (const std::string sender :
       {"user@", "user@[192.0.2.1]", "user@legitimate.example(.attack.example", "user@a b.example",
        "user@localhost", "user", "<>", "user@a..example"}) {
    DYNAMIC_SECTION("MAIL FROM '" << sender << "'") {
      Session session;
      session.request.sender = sender;
      const Result result = session.mail_from();
      CHECK(result.code == ResultCode::none);
      CHECK(session.asked().empty());
      CHECK_FALSE(mentions(result.domain, "("));
    }
  }
  Session session;
  session.request.sender = std::string(2'000, 'x') + "@example.org";
  CHECK(session.mail_from().code == ResultCode::none);
}

TEST_CASE("U-labels are asked for and shown as A-labels (RFC 8616 §4)", "[spf]") {
  Session session;
  session.publish("xn--bcher-kva.example", "v=spf1 -all exp=%{o}.why.example");
  session.publish("xn--bcher-kva.example.why.example", "not %{d}");
  session.request.sender =
      "user@b\xc3\xbc"
      "cher.example";
  const Result result = session.mail_from();
  CHECK(result.domain == "xn--bcher-kva.example");
  CHECK(result.explanation == "not xn--bcher-kva.example");
}

TEST_CASE("what stands in quotes, or is no HELO name, goes into no question", "[spf]") {
  const std::string quoted[] = {"a b", "a\tb",   "a\\\"b", "a(b)", "a;b",
                                "a,b", "a\\\\b", "[a]",    "<a>"};
  for (const std::string& hostile : quoted) {
    DYNAMIC_SECTION(hostile) {
      Session session;
      session.request.sender = '"' + hostile + "\"@example.org";
      session.request.helo = hostile + ".example";
      session.publish("example.org", "v=spf1 exists:%{l}.x.example a:%{h} ?a:x.example -all");
      CHECK(session.mail_from().code == ResultCode::fail);
      CHECK(session.asked() == std::vector<std::string>{"example.org", "x.example"});
    }
  }
}

TEST_CASE("what an address holds without quotes may go into a question", "[spf]") {
  Session session;
  session.request.sender = "o'brien+tea=five@example.org";
  session.resolver->add_address("o'brien+tea=five.x.example", "192.0.2.1");
  session.publish("example.org", "v=spf1 exists:%{l}.x.example -all");
  CHECK(session.mail_from().code == ResultCode::pass);
}

}  // namespace
}  // namespace sekisho::spf
