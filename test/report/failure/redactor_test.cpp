#include "report/failure/redactor.hpp"

#include <string>
#include <vector>

#include <catch2/catch.hpp>

namespace sekisho::report {

namespace {

const Redactor redactor("potatoes");
const std::string bob = redactor.pseudonym("bob");

std::string field(const char* name, const std::string& value) {
  return redactor.field({name, value});
}

}  // namespace

TEST_CASE("redaction: the same text has the same name, and the key makes it (RFC 6590 §3)",
          "[failure]") {
  CHECK(bob.size() == 16);
  CHECK(redactor.pseudonym("BOB") == bob);
  CHECK(redactor.pseudonym("rob") != bob);
  CHECK(Redactor("tomatoes").pseudonym("bob") != bob);
}

TEST_CASE("redaction: paths of the envelope", "[failure]") {
  CHECK(redactor.path("") == "");
  CHECK(redactor.path("bob@example.net") == bob + "@example.net");
  CHECK(redactor.path("\"a@b\"@example.net") == redactor.pseudonym("\"a@b\"") + "@example.net");
  CHECK(redactor.path("bob") == bob);
}

TEST_CASE("redaction: addresses wherever they stand", "[failure]") {
  struct Case {
    std::string text;
    std::string expected;
  };
  const std::string srs = redactor.pseudonym("srs0=h=tt=shop.example=bob");
  const std::vector<Case> cases{
      {"", ""},
      {"no address", "no address"},
      {"for <bob@example.net>; Sun", "for <" + bob + "@example.net>; Sun"},
      {"bob@a.example,bob@b.example", bob + "@a.example," + bob + "@b.example"},
      {"mailto:bob@example.net", "mailto:" + bob + "@example.net"},
      {"i=bob@example.net", "i=" + bob + "@example.net"},
      {"i=@example.net", "i=@example.net"},
      {"smtp.mailfrom=bob@example.net", "smtp.mailfrom=" + bob + "@example.net"},
      {"<SRS0=h=tt=shop.example=bob@list.example>", "<" + srs + "@list.example>"},
      {"\"bob\"@example.net", redactor.pseudonym("\"bob\"") + "@example.net"},
      {"bob\"@example.net", redactor.pseudonym("bob\"") + "@example.net"},
      {"b\xc3\xb6"
       "b@example.net",
       redactor.pseudonym("b\xc3\xb6"
                          "b") +
           "@example.net"},
      {"@@@", "@@@"},
      {"bob@bob@bob", bob + "@" + bob + "@bob"},
  };
  for (const Case& row : cases) {
    DYNAMIC_SECTION("<" << row.text << ">") {
      CHECK(redactor.addresses_in(row.text) == row.expected);
    }
  }
}

TEST_CASE("redaction: fields with addresses keep these alone", "[failure]") {
  CHECK(field("To", " Bob B. <bob@example.net>, team: bob@b.example;") ==
        bob + "@example.net, " + bob + "@b.example");
  CHECK(field("from", "\r\n \"Bob (private)\" <bob@example.net>") == bob + "@example.net");
  CHECK(field("Return-Path", " <>") == "<>");
  CHECK_THAT(field("Cc", " Bob, the builder <bob@"), Catch::StartsWith("[withheld "));
  CHECK_THAT(field("Delivered-To", " bob"), Catch::StartsWith("[withheld "));
}

TEST_CASE("redaction: what is no matter of authentication is withheld", "[failure]") {
  for (const char* name :
       {"Subject", "X-Anything", "Comments", "In-Reply-To", "List-Unsubscribe", "Thread-Topic"}) {
    DYNAMIC_SECTION(name) {
      CHECK(field(name, " Bob owes us 12") ==
            "[withheld " + redactor.pseudonym(" Bob owes us 12") + "]");
    }
  }
  CHECK(field("Message-ID", " <1@mail.example.net>") == " <1@mail.example.net>");
  CHECK(field("Content-Type", " text/plain; name=\"Bob.pdf\"") == " text/plain");
}

TEST_CASE("redaction: logins in trace fields", "[failure]") {
  CHECK(field("Received", " from x (x [192.0.2.1]) (Authenticated sender: bob) by y") ==
        " from x (x [192.0.2.1]) (withheld) by y");
  CHECK(field("Received", " from x (AUTH: PLAIN (bob), TLS) by y") == " from x (withheld) by y");
  CHECK(field("Received", " from x (auth bob") == " from x (withheld)");
  CHECK(field("Authentication-Results", " a.example; auth=pass smtp.auth=bob; spf=pass") ==
        " a.example; auth=pass smtp.auth=" + bob + "; spf=pass");
  CHECK(field("Authentication-Results", " a.example; auth=pass smtp.auth=bob@a.example") ==
        " a.example; auth=pass smtp.auth=" + bob + "@a.example");
}

TEST_CASE("redaction: fields that a signature copies, z= (RFC 6376 §3.5)", "[failure]") {
  CHECK(
      field("DKIM-Signature", " v=1; z=From:bob@example.net|Subject:Your=20account;\r\n\tb=AA==") ==
      " v=1;\tb=AA==");
  CHECK(field("DKIM-Signature", " v=1; b=AA==; Z=Subject:x") == " v=1; b=AA==;");
}

TEST_CASE("redaction: hostile values take linear time", "[failure]") {
  const std::string value = GENERATE(std::string(1'000'000, '@'), std::string(1'000'000, '"'),
                                     std::string(1'000'000, '('), std::string(1'000'000, 'a'));
  CHECK_FALSE(field("Received", value + "@").empty());
}

}  // namespace sekisho::report
