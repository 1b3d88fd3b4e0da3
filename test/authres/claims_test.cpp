#include "authres/authentication_results.hpp"

#include <string>

#include <catch2/catch.hpp>

using namespace sekisho::authres;

TEST_CASE("fields with our authserv-id are ours in every shape (RFC 8601 §5)", "[authres]") {
  const std::string forged[] = {
      " mx.example.org; dkim=pass", "mx.example.org;dkim=pass", " mx.example.org",
      " MX.Example.ORG; dkim=pass", " mx.example.org.; dkim=pass", " mx.example.org 1; dkim=pass",
      " mx.example.org 2; dkim=pass", " mx.example.org1 ; x mx.example.org",
      " mx.example.org/1; dkim=pass", " mx.example.org dkim=pass",
      " mx.example.org, evil; dkim=pass", " mx.example.org = x; dkim=pass",
      " mx.example.org@evil.example; dkim=pass", " (comment) mx.example.org; dkim=pass",
      " (a (nested) comment) mx.example.org (more); dkim=pass", " (a;b) mx.example.org; dkim=pass",
      " (\\)) mx.example.org; dkim=pass", "\r\n mx.example.org;\r\n dkim=pass",
      "\r\n\t(c)\r\n\tmx.example.org\r\n\t;dkim=pass", "\n mx.example.org; dkim=pass",
      " \"mx.example.org\"; dkim=pass", " \"MX.example.org.\" 1; dkim=pass",
      " \"mx\\.example.org\"; dkim=pass", " \"mx.example\r\n .org\"; dkim=pass",
      // a reader that knows no nested comments, or none at all, sees our id first
      " (a (b) mx.example.org; dkim=pass", " (a (b) mx.example.org) evil.example; dkim=pass",
      " (mx.example.org; dkim=pass", " (mx.example.org; dkim=pass) spf=pass",
      " ) mx.example.org; dkim=pass", " (x)) mx.example.org; dkim=pass",
      " \"mx.example.org; dkim=pass", " \"mx.example.org;x\"; dkim=pass",
      " \"\" mx.example.org; dkim=pass",
      // put together from parts
      " mx.exam(c)ple.org; dkim=pass", " mx.exam\r\n ple.org; dkim=pass",
      " \"mx.exam\"\"ple.org\"; dkim=pass", " mx.exam\\ple.org; dkim=pass",
      " \"mx\".example.org 1; dkim=pass",
      // before or behind something else
      " evil.example mx.example.org; dkim=pass", " , mx.example.org; dkim=pass",
      " <mx.example.org>; dkim=pass", " =?utf-8?q?mx.example.org?=; dkim=pass",
      std::string(" mx.example.org\0.evil.example; dkim=pass", 40),
      std::string(" \0 mx.example.org; dkim=pass", 28), " mx.example.org\xc2\xa0; dkim=pass",
      " \xef\xbb\xbf"
      "mx.example.org; dkim=pass",
      " \xff mx.example.org; dkim=pass",
      " \uff4d\uff58.example.org; dkim=pass",  // full-width letters, as IDNA maps them
      " mx.EX\u00adAMPLE.org..; dkim=pass",    // a soft hyphen, which IDNA leaves out
  };
  for (const std::string& value : forged) {
    DYNAMIC_SECTION(value) {
      CHECK(claims_authserv_id(value, "mx.example.org"));
    }
  }
}

TEST_CASE("fields of others stay (RFC 8601 §5)", "[authres]") {
  const std::string foreign[] = {
      " mx.example.net; dkim=pass",
      " example.org; dkim=pass",
      " notmx.example.org; dkim=pass",
      " mx.example.org.evil.example; dkim=pass",
      " a.mx.example.org; dkim=pass",
      " mx-example.org; dkim=pass",
      " mx.ex\u00e4mple.org; dkim=pass",
      " mx.example.\uff0eorg; dkim=pass",
      " mx.example.net; dkim=pass header.d=mx.example.org",
      " mx.example.net; dkim=pass (mx.example.org; said so)",
      " mx.example.net (for mx.example.org); dkim=pass",
      " mx.example.net; mx.example.org",
      " mx.example.net 2; dkim=pass header.d=mx.example.org",
      " \"mx.example.net\"; spf=pass",
      // Microsoft 365 writes no authserv-id
      " spf=pass (sender IP is 192.0.2.1) smtp.mailfrom=mx.example.org; dkim=none",
      " dkim=pass header.d=mx.example.org",
      "",
      " ",
      ";",
      " (nobody)",
      " 12345; dkim=pass",
  };
  for (const std::string& value : foreign) {
    DYNAMIC_SECTION(value) {
      CHECK_FALSE(claims_authserv_id(value, "mx.example.org"));
    }
  }
}

TEST_CASE("A-labels and U-labels are one authserv-id (RFC 8601 §5, RFC 8616)", "[authres]") {
  const std::string a_label = "mx.xn--bcher-kva.example";
  const std::string u_label = "mx.b\u00fccher.example";
  for (const std::string& own : {a_label, u_label}) {
    CHECK(claims_authserv_id(a_label + "; dkim=pass", own));
    CHECK(claims_authserv_id(u_label + "; dkim=pass", own));
    CHECK(claims_authserv_id("MX.B\u00dcCHER.example; dkim=pass", own));
    CHECK(claims_authserv_id("\"" + u_label + ".\"; dkim=pass", own));
    CHECK(claims_authserv_id("x " + u_label + "; dkim=pass", own));
    CHECK_FALSE(claims_authserv_id("mx.bucher.example; dkim=pass", own));
  }
}

TEST_CASE("an encoded word where the authserv-id stands is a disguise (RFC 2047 §5)", "[authres]") {
  const std::string disguised[] = {
      " =?utf-8?B?bXguZXhhbXBsZS5vcmc7IGRtYXJjPXBhc3M=?=",
      " =?utf-8?Q?mx.example.org=3B_dmarc=3Dpass?=",
      " =?utf-8?B?bXguZXhhbXBsZS5vcmc=?=; dmarc=pass",
      " mx.example.or=?utf-8?Q?g?=; dmarc=pass",
      " =?utf-8?B?bXg=?=\r\n =?utf-8?B?LmV4YW1wbGUub3Jn?=; dmarc=pass",
      " =?utf-8*en?B?bXguZXhhbXBsZS5vcmc=?=; dmarc=pass",
      " =?utf-7?Q?mx+AC4-example+AC4-org?=; dmarc=pass",
      " =?utf-16be?B?AG0AeAAuAGUAeABhAG0AcABsAGUALgBvAHIAZw==?=; dmarc=pass",
      " =?cp037?Q?=94=A7K=85=A7=81=94=97=93=85K=96=99=87?=; dmarc=pass",
      " =?x-unknown?Q?whatever?=; dmarc=pass",
      " \"=?utf-8?Q?mx=2Eexample=2Eorg?=\"; dmarc=pass",
      " (=?utf-8?Q?=29_mx=2Eexample=2Eorg=3B_dmarc=3Dpass?=) mx.example.net; dmarc=fail",
      " mx.example.net =?utf-8?Q?x?=; dmarc=fail",
      " =?utf-8?Q?unfinished; dmarc=pass",
  };
  for (const std::string& value : disguised) {
    DYNAMIC_SECTION(value) {
      CHECK(claims_authserv_id(value, "mx.example.org"));
    }
  }
  // Behind the id of another, an encoded word changes nothing of whose the field is.
  CHECK_FALSE(claims_authserv_id(
      " mx.example.net; dkim=pass reason=\"=?utf-8?Q?mx=2Eexample=2Eorg?=\"", "mx.example.org"));
}

TEST_CASE("other forms of letters and dots name the same (UAX #15, UTS #46)", "[authres]") {
  const std::string forms[] = {
      "mx\u3002example\u3002org",  // ideographic full stop
      "mx\uff0eexample.org",       // full-width
      "mx\uff61example.org",       // half-width
      "mx\u2024example.org",       // one dot leader
      "mx\ufe52example.org",       // small full stop
      "\uff2d\uff38.example.org",  // full-width capitals
      "mx.ex\U0001d41ample.org",   // mathematical bold a
      "mx.\u24d4xample.org",       // circled e
      "mx\u200d.example.org",      // zero width joiner
      "\ufeffmx.example.org",
      "mx.exam\u200bple.org",
      "mx.exam\u2060ple.org",
      "mx.exam\u00adple.org",
      "mx.example.org\U000e0100",  // variation selector
      "mx.exam\xff"
      "ple.org",              // an octet that some decoders leave out
      "mx.example.\u00barg",  // masculine ordinal
      "evil.example\u2028mx\u3002example.org",
  };
  for (const std::string& form : forms) {
    for (const std::string& value :
         {" " + form + "; dmarc=pass", " \"" + form + "\" 1; dmarc=pass", " x " + form + " ; x"}) {
      DYNAMIC_SECTION(value) {
        CHECK(claims_authserv_id(value, "mx.example.org"));
      }
    }
  }
  CHECK(claims_authserv_id("mx\u2488example.org; dmarc=pass", "mx1.example.org"));  // "1."
  for (const std::string_view other : {" mx.examp\u0142e.org; x", " mx.\u0435xample.org; x",
                                       " mx\u00b7example.org; x", " mx\u2025example.org; x"}) {
    CAPTURE(other);
    CHECK_FALSE(claims_authserv_id(other, "mx.example.org"));
  }
}

TEST_CASE("an authserv-id need not be a domain name (RFC 8601 §2.5)", "[authres]") {
  CHECK(claims_authserv_id("example-auth; dkim=pass", "Example-Auth"));
  CHECK(claims_authserv_id("\"our gate\"; dkim=pass", "our gate"));
  CHECK(claims_authserv_id("(our gate; dkim=pass", "our gate"));
  CHECK_FALSE(claims_authserv_id("our-gate; dkim=pass", "our gate"));
  CHECK_FALSE(claims_authserv_id("...; dkim=pass", "mx.example.org"));
}

TEST_CASE("the authserv-id is found leniently", "[authres]") {
  const std::string_view own = "mx.example.org";
  CHECK(claims_authserv_id(" (c) \"mx.example.org\" 1; x", own));
  CHECK(claims_authserv_id("\r\n\tmx.example.org=what", own));
  CHECK(claims_authserv_id("mx.example.org)(", own));
  for (const std::string_view nobody : {"spf=pass smtp.helo=a", "spf (c) = pass", " ", "; a"}) {
    CAPTURE(nobody);
    CHECK_FALSE(claims_authserv_id(nobody, own));
  }
}

TEST_CASE("versions other than 1 are told (RFC 8601 §5, §2.6)", "[authres]") {
  CHECK_FALSE(has_unsupported_version("mx.example.org; none"));
  CHECK_FALSE(has_unsupported_version("mx.example.org 1; none"));
  CHECK(has_unsupported_version("mx.example.org 2; none"));
  CHECK(has_unsupported_version("mx.example.org (v) 11 (v)\r\n ; none"));
  CHECK_FALSE(has_unsupported_version("spf=pass"));
}

TEST_CASE("hostile heads are decided in one pass", "[authres]") {
  const std::string own = "mx.example.org";
  const std::size_t size = 1'000'000;
  CHECK(claims_authserv_id(std::string(size, '('), own));
  CHECK(claims_authserv_id(std::string(size, '"'), own));
  CHECK(claims_authserv_id(std::string(size, ')'), own));
  CHECK(claims_authserv_id(std::string(size, 'a') + " b; x", own));
  CHECK_FALSE(claims_authserv_id("mx.example.net; " + std::string(size, '('), own));
  CHECK(claims_authserv_id(std::string(size / 2, '(') + std::string(size / 2, ')') + own, own));
  std::string accents;
  for (std::size_t i = 0; i < size / 3; ++i) {
    accents += "\u00fc ";
  }
  CHECK(claims_authserv_id(accents + own, own));
}
