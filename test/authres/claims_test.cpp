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
