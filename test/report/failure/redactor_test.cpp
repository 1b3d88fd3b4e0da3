#include "report/failure/redactor.hpp"

#include <string>
#include <vector>

#include <catch2/catch.hpp>

namespace sekisho::report::failure {

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

TEST_CASE("redaction: addresses of the envelope", "[failure]") {
  CHECK(redactor.mailbox("") == "");
  CHECK(redactor.mailbox("bob@example.net") == bob + "@example.net");
  CHECK(redactor.mailbox("@example.net") == "@example.net");
  CHECK(redactor.mailbox("\"a@b\"@example.net") == redactor.pseudonym("\"a@b\"") + "@example.net");
  CHECK(redactor.mailbox("bob") == bob);
  CHECK(redactor.mailbox("x@bob b") == redactor.pseudonym("x@bob b"));
}

TEST_CASE("redaction: domains", "[failure]") {
  CHECK(redactor.domain("Mail.Example.net") == "mail.example.net");
  for (const char* name : {"bob", "bob@example.net", "bob b.example", ""}) {
    CHECK(redactor.domain(name) == redactor.pseudonym(name));
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

TEST_CASE("redaction: Received by its grammar (RFC 5321 §4.4)", "[failure]") {
  struct Case {
    std::string value;
    std::string expected;
  };
  const std::string pc = redactor.pseudonym("pc66");
  const std::vector<Case> cases{
      {" from x.example (y.example [192.0.2.1]) by mx.example with ESMTPS id 4Ln; Mon, 30 Nov 2026 "
       "10:00:00 +0000 (CET)",
       " from x.example (y.example [192.0.2.1]) by mx.example with ESMTPS id 4Ln; Mon, 30 Nov 2026 "
       "10:00:00 +0000"},
      {" from [192.0.2.1] (unknown [IPv6:2001:db8::1]) by mx.example; Mon",
       " from [192.0.2.1] (unknown [IPv6:2001:db8::1]) by mx.example; Mon"},
      {" from pc66 (pc66 [192.0.2.1]) (Authenticated sender: bob) by mx.example",
       " from " + pc + " (" + pc + " [192.0.2.1]) (withheld) by mx.example"},
      {" from x.example (bob [192.0.2.1] bob) by mx.example",
       " from x.example (withheld) by mx.example"},
      {" from x.example (AUTH: PLAIN (bob), TLS) by y.example",
       " from x.example (withheld) by y.example"},
      {" from x.example (user bob) by y.example; Mon",
       " from x.example (withheld) by y.example; Mon"},
      {" from x.example (Auth\\) bob) by y.example; Mon",
       " from x.example (withheld) by y.example; Mon"},
      {" from x.example by y.example for <bob@example.net>; Mon",
       " from x.example by y.example for " + redactor.pseudonym("<bob@example.net>") + "; Mon"},
      {" from x.example by y.example for <bob @example.net>; Mon",
       " from x.example by y.example for " + redactor.pseudonym("<bob") + " " +
           redactor.pseudonym("@example.net>") + "; Mon"},
      {" by y.example with bob id bob@y.example via \"bob b\" bob",
       " by y.example with " + bob + " id " + redactor.pseudonym("bob@y.example") + " via " +
           redactor.pseudonym("bob b") + " " + bob},
  };
  for (const Case& row : cases) {
    DYNAMIC_SECTION("<" << row.value << ">") {
      CHECK(field("Received", row.value) == row.expected);
    }
  }
}

TEST_CASE("redaction: results by their grammar (RFC 8601 §2.2)", "[failure]") {
  struct Case {
    std::string value;
    std::string expected;
  };
  const std::vector<Case> cases{
      {" a.example; auth=pass smtp.auth=bob; spf=pass",
       " a.example; auth=pass smtp.auth=" + bob + "; spf=pass"},
      {" a.example; auth=pass smtp.auth=bob@a.example",
       " a.example; auth=pass smtp.auth=" + bob + "@a.example"},
      {" a.example; auth=pass SMTP . AUTH = bob.smith",
       " a.example; auth=pass smtp.auth=" + redactor.pseudonym("bob.smith")},
      {" a.example; auth=pass (bob) reason=\"bob\" smtp.auth=\"bob b\"",
       " a.example; auth=pass smtp.auth=" + redactor.pseudonym("bob b")},
      {" a.example; spf=pass smtp.mailfrom=\"bob\"@x.example smtp.rcptto=bob",
       " a.example; spf=pass smtp.mailfrom=" + redactor.pseudonym("\"bob\"") +
           "@x.example smtp.rcptto=" + bob},
      {" a.example; dkim=fail header.d=x.example header.i=@x.example header.s=s1 header.b=\"A/+=\"",
       " a.example; dkim=fail header.d=x.example header.i=@x.example header.s=s1 "
       "header.b=\"A/+=\""},
      {" a.example; dmarc=fail header.from=x.example policy.dmarc=none polrec.sp=reject "
       "polrec.domain=bob.example polrec.x=bob",
       " a.example; dmarc=fail header.from=x.example policy.dmarc=none polrec.sp=reject "
       "polrec.domain=" +
           redactor.domain("bob.example") + " polrec.x=" + bob},
      {" a.example; iprev=pass policy.iprev=192.0.2.1 smtp.helo=bob x-user.name=bob",
       " a.example; iprev=pass policy.iprev=192.0.2.1 smtp.helo=" + bob + " x-user.name=" + bob},
  };
  for (const Case& row : cases) {
    DYNAMIC_SECTION("<" << row.value << ">") {
      CHECK(field("Authentication-Results", row.value) == row.expected);
      CHECK(field("ARC-Authentication-Results", " i=1;" + row.value) == " i=1;" + row.expected);
    }
  }
  for (const char* value :
       {" a.example; spf=pass smtp.mailfrom=bob (x) @x.example", " spf=pass smtp.mailfrom=bob@x",
        " a.example; auth=pass smtp.auth=bob, b", " a.example; auth=pass (bob", " bob"}) {
    DYNAMIC_SECTION("<" << value << ">") {
      CHECK_THAT(field("Authentication-Results", value), Catch::StartsWith("[withheld "));
      CHECK_THAT(field("ARC-Authentication-Results", value), Catch::StartsWith("[withheld "));
    }
  }
}

TEST_CASE("redaction: Received-SPF by its grammar (RFC 7208 §9.1)", "[failure]") {
  CHECK(field("Received-SPF",
              " Fail (mx: bob@x.example fails) client-ip=192.0.2.1; "
              "envelope-from=\"bob@x.example\"; helo=x.example; receiver=bob; "
              "problem=\"bob b\"; identity=mailfrom; identity=bob") ==
        " fail client-ip=192.0.2.1; envelope-from=" + bob +
            "@x.example; helo=x.example; receiver=" + bob + "; problem=" +
            redactor.pseudonym("bob b") + "; identity=mailfrom; identity=" + bob + ";");
  for (const char* value :
       {" bob", " pass bob", " pass envelope-from=bob b@x.example", " pass ("}) {
    CHECK_THAT(field("Received-SPF", value), Catch::StartsWith("[withheld "));
  }
}

TEST_CASE("redaction: tags of signatures, without copied fields (RFC 6376 §3.5)", "[failure]") {
  CHECK(field("DKIM-Signature",
              " v=1; a=rsa-sha256; z=From:bob@example.net|Subject:x; d=X.example; s=s1;\r\n\t"
              "i=bob@x.example; h=from : to; bh=A/+=; b=AA\r\n AA==; bob=bob") ==
        " v=1; a=rsa-sha256; d=x.example; s=s1; i=" + bob +
            "@x.example; h=from : to; bh=A/+=; b=AA AA==");
  CHECK(field("DKIM-Signature", " v=1; i=bob; d=bob; h=(bob)") ==
        " v=1; i=" + bob + "; d=" + bob + "; h=" + redactor.pseudonym("(bob)"));
  CHECK(field("ARC-Seal", " i=2; cv=pass; b=AA==; t=1") == " i=2; cv=pass; b=AA==; t=1");
  CHECK_THAT(field("ARC-Message-Signature", " bob"), Catch::StartsWith("[withheld "));
  CHECK_THAT(field("DKIM-Signature", " v=1; v=bob"), Catch::StartsWith("[withheld "));
}

TEST_CASE("redaction: plain fields", "[failure]") {
  CHECK(field("Date", " Mon, 30 Nov 2026 10:00:00 +0100 (bob)") ==
        " Mon, 30 Nov 2026 10:00:00 +0100");
  CHECK(field("List-Id", " Bob's list <l.example.net>") == " <l.example.net>");
  CHECK(field("MIME-Version", " 1.0 (bob)") == " 1.0");
  CHECK(field("Auto-Submitted", " auto-replied; by=bob") == " auto-replied");
  for (const auto& [name, value] :
       std::vector<std::pair<const char*, const char*>>{{"Date", " Mon, bob"},
                                                        {"Date", " \"bob\""},
                                                        {"List-Id", " bob"},
                                                        {"List-Id", " <bob@x.example>"},
                                                        {"Message-ID", " <1@x.example> bob"},
                                                        {"Message-ID", " bob"},
                                                        {"Message-ID", " <\"bob b\"@x.example>"},
                                                        {"Precedence", " bulk bob"},
                                                        {"Content-Type", " text/plain bob"}}) {
    DYNAMIC_SECTION(name << value) {
      CHECK(field(name, value) == "[withheld " + redactor.pseudonym(value) + "]");
    }
  }
}

TEST_CASE("redaction: hostile values take linear time", "[failure]") {
  const std::string value = GENERATE(std::string(1'000'000, '@'), std::string(1'000'000, '"'),
                                     std::string(1'000'000, '('), std::string(1'000'000, 'a'));
  CHECK_FALSE(field("Received", value + "@").empty());
}

}  // namespace sekisho::report::failure
