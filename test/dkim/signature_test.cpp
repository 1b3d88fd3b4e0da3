#include "dkim/signature.hpp"

#include <string>

#include <catch2/catch.hpp>

namespace sekisho::dkim {
namespace {

using enum Canonicalization;

constexpr std::size_t max_names = 5;
constexpr std::string_view body_hash = "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=";

// A whole signature, with one tag left out or put in.
std::string field(std::string_view left_out, std::string_view put_in = "") {
  std::string text;
  for (const std::string& tag :
       {std::string("v=1"), std::string("a=rsa-sha256"), std::string("d=example.com"),
        std::string("s=sel"), std::string("h=From:To"), "bh=" + std::string(body_hash),
        std::string("b=Zm9v")}) {
    if (tag.substr(0, tag.find('=')) != left_out) {
      text += ' ' + tag + ';';
    }
  }
  return text + ' ' + std::string(put_in);
}

Signature good(std::string_view left_out, std::string_view put_in = "") {
  const ParsedSignature parsed = parse_signature(field(left_out, put_in), max_names);
  CHECK_FALSE(parsed.failure);
  return parsed.signature;
}

std::chrono::sys_seconds at(std::int64_t seconds) {
  return std::chrono::sys_seconds(std::chrono::seconds(seconds));
}

}  // namespace

TEST_CASE("signature: defaults (RFC 6376 §3.5)", "[dkim]") {
  const Signature signature = good("");
  CHECK(signature.algorithm == Algorithm::rsa_sha256);
  CHECK(signature.signature == crypto::decode_base64("Zm9v"));
  CHECK(signature.body_hash == crypto::decode_base64(body_hash));
  CHECK(signature.header_canonicalization == simple);
  CHECK(signature.body_canonicalization == simple);
  CHECK(signature.domain == mail::Domain::parse("example.com"));
  CHECK(signature.selector == "sel");
  CHECK(signature.signed_names == std::vector<std::string>{"from", "to"});
  CHECK(signature.auid == "@example.com");
  CHECK_FALSE(signature.auid_is_subdomain);
  CHECK_FALSE(signature.body_length);
  CHECK_FALSE(signature.timestamp);
  CHECK_FALSE(signature.expiration);
}

TEST_CASE("signature: what is wrong is told (RFC 6376 §6.1.1)", "[dkim]") {
  struct Case {
    std::string_view left_out;
    std::string put_in;
    std::string reason;
  };
  const Case cases[] = {
      {"v", "", "no v= tag"},
      {"a", "", "no a= tag"},
      {"b", "", "no b= tag"},
      {"bh", "", "no bh= tag"},
      {"d", "", "no d= tag"},
      {"h", "", "no h= tag"},
      {"s", "", "no s= tag"},
      {"v", "v=2", "version is not 1"},
      {"v", "v=01", "version is not 1"},
      {"v", "v=", "version is not 1"},
      {"v", "v=0.5", "version is not 1"},
      {"a", "a=rsa-sha512", "algorithm is not known"},
      {"a", "a=ed25519-sha1", "algorithm is not known"},
      {"a", "a=rsa", "algorithm is not known"},
      {"a", "a=", "algorithm is not known"},
      {"b", "b=", "b= is not base64"},
      {"b", "b=Zm9", "b= is not base64"},
      {"b", "b=Zm9v!", "b= is not base64"},
      {"bh", "bh=", "bh= is not base64"},
      {"bh", "bh=****", "bh= is not base64"},
      {"bh", "bh=Zm9v", "bh= has not the length of its hash"},
      {"bh", "bh=2jmj7l5rSw0yVb/vlWAYkK/YBwk=", "bh= has not the length of its hash"},
      {"", "c=", "canonicalisation is not known"},
      {"", "c=nowsp", "canonicalisation is not known"},
      {"", "c=relaxed/", "canonicalisation is not known"},
      {"", "c=/relaxed", "canonicalisation is not known"},
      {"", "c=relaxed/relaxed/relaxed", "canonicalisation is not known"},
      {"", "c=relaxed / simple", "canonicalisation is not known"},
      {"d", "d=", "d= is not a domain name"},
      {"d", "d=com", "d= is not a domain name"},
      {"d", "d=example.com..", "d= is not a domain name"},
      {"d", "d=com.", "d= is not a domain name"},
      {"d", "d=example..com", "d= is not a domain name"},
      {"d", "d=legitimate.com'a.attack.com", "d= is not a domain name"},
      {"d", "d=example.net(.example.com", "d= is not a domain name"},
      {"d", "d=[192.0.2.1]", "d= is not a domain name"},
      {"d", "d=a b.com", "d= is not a domain name"},
      {"s", "s=", "s= is not a selector"},
      {"s", "s=a.", "s= is not a selector"},
      {"s", "s=a b", "s= is not a selector"},
      {"s", "s=a/b", "s= is not a selector"},
      {"s", "s=" + std::string(64, 'a'), "s= is not a selector"},
      {"s",
       "s=" + std::string(60, 'a') + '.' + std::string(60, 'b') + '.' + std::string(60, 'c') + '.' +
           std::string(60, 'd'),
       "s= and d= are too long for a name"},
      {"h", "h=", "h= is not a list of field names"},
      {"h", "h=From:", "h= is not a list of field names"},
      {"h", "h=From::To", "h= is not a list of field names"},
      {"h", "h=From:a b", "h= is not a list of field names"},
      {"h", "h=From:\xc3\xa9", "h= is not a list of field names"},
      {"h", "h=To:Subject", "h= does not contain From"},
      {"h", "h=Resent-From", "h= does not contain From"},
      {"", "i=", "i= is not an address"},
      {"", "i=example.com", "i= is not an address"},
      {"", "i=@", "i= is not an address"},
      {"", "i=a b@", "i= is not an address"},
      {"", "i=@example.com..", "i= is not an address"},
      {"", "i=a=2@example.com", "i= is not an address"},
      {"", "i=@com", "i= is not within d="},
      {"", "i=@badexample.com", "i= is not within d="},
      {"", "i=@example.org", "i= is not within d="},
      {"", "l=", "l= is not a number"},
      {"", "l=-1", "l= is not a number"},
      {"", "l=1 2", "l= is not a number"},
      {"", "l=0x10", "l= is not a number"},
      {"", "l=" + std::string(77, '1'), "l= is not a number"},
      {"", "t=", "t= is not a time"},
      {"", "t=-5", "t= is not a time"},
      {"", "t=2026-01-01", "t= is not a time"},
      {"", "x=+1", "x= is not a time"},
      {"", "t=10; x=10", "x= is not later than t="},
      {"", "t=10; x=9", "x= is not later than t="},
      {"", "q=", "q= names no method that is known"},
      {"", "q=http", "q= names no method that is known"},
      {"", "q=dns", "q= names no method that is known"},
      {"", "v=1", "a tag occurs twice"},
      {"", "novalue", "not a list of tag=value pairs"},
      {"", "=x", "not a list of tag=value pairs"},
      {"", ";", "not a list of tag=value pairs"},
      {"", std::string("n=\0", 3), "a control character or invalid UTF-8"},
      {"s", std::string("s=selector._domainkey.attack.com.\0.any", 38),
       "a control character or invalid UTF-8"},
      {"", "n=a\nb", "a control character or invalid UTF-8"},
      {"", "n=a\r\nb", "a control character or invalid UTF-8"},
      {"", "n=\xff", "a control character or invalid UTF-8"},
  };
  for (const Case& row : cases) {
    DYNAMIC_SECTION("without '" << row.left_out << "', with '" << row.put_in << "'") {
      const auto parsed = parse_signature(field(row.left_out, row.put_in), max_names);
      REQUIRE(parsed.failure);
      CHECK(parsed.failure->code == ResultCode::permerror);
      CHECK(parsed.failure->reason == row.reason);
      CHECK(result_of(parsed.failure->fault) == ResultCode::permerror);
    }
  }
}

TEST_CASE("signature: texts that are no signature at all", "[dkim]") {
  const auto text = GENERATE(values<std::string>({"", " ", ";", "x", "=", "\r\n ", "v=1"}));
  CAPTURE(text);
  CHECK(parse_signature(text, max_names).failure);
}

TEST_CASE("signature: algorithms, without regard to case (RFC 5234 §2.3)", "[dkim]") {
  CHECK(good("a", "a=RSA-SHA256").algorithm == Algorithm::rsa_sha256);
  CHECK(good("a", "a=ed25519-sha256").algorithm == Algorithm::ed25519_sha256);
  const auto sha1 = parse_signature(
      " v=1; a=rsa-sha1; d=example.com; s=s; h=from; bh=2jmj7l5rSw0yVb/vlWAYkK/YBwk=; b=Zm9v", 5);
  CHECK_FALSE(sha1.failure);
  CHECK(sha1.signature.algorithm == Algorithm::rsa_sha1);
}

TEST_CASE("signature: canonicalisations (RFC 6376 §3.5, c=)", "[dkim]") {
  const auto [value, header, body] =
      GENERATE(table<std::string, Canonicalization, Canonicalization>({
          {"simple", simple, simple},
          {"relaxed", relaxed, simple},
          {"simple/relaxed", simple, relaxed},
          {"relaxed/simple", relaxed, simple},
          {"Relaxed/RELAXED", relaxed, relaxed},
      }));
  CAPTURE(value);
  const Signature signature = good("", "c=" + value);
  CHECK(signature.header_canonicalization == header);
  CHECK(signature.body_canonicalization == body);
}

TEST_CASE("signature: white space and unknown tags (RFC 6376 §3.2, §3.5)", "[dkim]") {
  const auto parsed = parse_signature(
      " v = 1 ;\r\n\ta=rsa-sha256; d= example.com ; s =sel;\r\n h = From\r\n : \tTO :date;\r\n"
      " bh=47DEQpj8HBSa+/TImW+5\r\n JCeuQeRkm5NMpJWZG3hSuFU\r\n =; future=x y; b=Zm 9\r\n v ;",
      max_names);
  CHECK_FALSE(parsed.failure);
  CHECK(parsed.signature.signed_names == std::vector<std::string>{"from", "to", "date"});
  CHECK(parsed.signature.signature == crypto::decode_base64("Zm9v"));
  CHECK(parsed.signature.body_hash == crypto::decode_base64(body_hash));
}

TEST_CASE("signature: names are turned into A-labels (RFC 8616 §5)", "[dkim]") {
  const auto parsed = parse_signature(
      " v=1; a=rsa-sha256; d=B\xc3\xbc"
      "cher.Example; s=gr\xc3\xbc\xc3\x9f"
      "e; h=from; bh=" +
          std::string(body_hash) +
          "; b=Zm9v; i=j\xc3\xb6rg@post.b\xc3\xbc"
          "cher.example",
      max_names);
  REQUIRE_FALSE(parsed.failure);
  CHECK(parsed.signature.domain->text() == "xn--bcher-kva.example");
  CHECK(parsed.signature.selector == "xn--gre-6ka8l");
  CHECK(parsed.signature.auid == "j\xc3\xb6rg@post.xn--bcher-kva.example");
  CHECK(parsed.signature.auid_is_subdomain);
}

TEST_CASE("signature: i= (RFC 6376 §3.5, §2.11)", "[dkim]") {
  const auto [value, auid, below] = GENERATE(table<std::string, std::string, bool>({
      {"@example.com", "@example.com", false},
      {"@EXAMPLE.com", "@example.com", false},
      {"joe@eng.example.com", "joe@eng.example.com", true},
      {"joe=2Bx@example.com", "joe+x@example.com", false},
      {"jo\r\n e @ example.com", "joe@example.com", false},
      {"\"a@b\"@example.com", "\"a@b\"@example.com", false},
      {"\"a=20b\"@example.com", "\"a b\"@example.com", false},
      {"@example.com.", "@example.com", false},
      // only the domain is vouched for (RFC 6376 §2.6)
      {"try..this.@example.com", "try..this.@example.com", false},
      {".@eng.example.com", ".@eng.example.com", true},
      {"j\xc3\xb6rg@example.com", "j\xc3\xb6rg@example.com", false},
      {"a=20b@example.com", "@example.com", false},
      {"a@b@example.com", "@example.com", false},
      {"=FF@example.com", "@example.com", false},
      {"\"a@example.com", "@example.com", false},
  }));
  CAPTURE(value);
  const Signature signature = good("", "i=" + value);
  CHECK(signature.auid == auid);
  CHECK(signature.auid_is_subdomain == below);
}

TEST_CASE("signature: a dot at the end of d= is no part of the name", "[dkim]") {
  CHECK(good("d", "d=Example.com.").domain == mail::Domain::parse("example.com"));
  CHECK(good("d", "d=example.com.; i=a@example.com").auid == "a@example.com");
}

TEST_CASE("signature: the name of the key record has 253 octets at most", "[dkim]") {
  const std::string d = "example.com";
  const std::size_t room = 253 - d.size() - std::string("._domainkey.").size();
  std::string selector(room, 'a');
  for (std::size_t dot = 60; dot < room; dot += 60) {
    selector[dot] = '.';
  }
  CHECK(good("s", "s=" + selector).selector == selector);
  const auto parsed = parse_signature(field("s", "s=a" + selector), max_names);
  REQUIRE(parsed.failure);
  CHECK(parsed.failure->reason == "s= and d= are too long for a name");
}

TEST_CASE("signature: numbers and times that are long (RFC 6376 §3.5)", "[dkim]") {
  CHECK(good("", "l=0").body_length == 0);
  CHECK(good("", "l=007").body_length == 7);
  CHECK(good("", "l=18446744073709551615").body_length == UINT64_MAX);
  CHECK(good("", "l=" + std::string(76, '9')).body_length == UINT64_MAX);
  CHECK(good("", "t=0; x=1").expiration == at(1));
  CHECK(good("", "t=999999999999").timestamp == at(999'999'999'999));
  CHECK(good("", "x=9999999999999999999999").expiration == at(1'000'000'000'000));
}

TEST_CASE("signature: query methods (RFC 6376 §3.5, q=)", "[dkim]") {
  good("", "q=dns/txt");
  good("", "q=DNS/TXT");
  good("", "q=http/x : dns/txt");
}

TEST_CASE("signature: too many names in h= are our limit, not its fault", "[dkim]") {
  good("h", "h=from:a:b:c:d");
  const auto parsed = parse_signature(field("h", "h=from:a:b:c:d:e"), max_names);
  REQUIRE(parsed.failure);
  CHECK(*parsed.failure ==
        Failure{ResultCode::policy, Fault::too_many_signed_names, "h= has more than 5 names"});
}

TEST_CASE("signature: what can be read is read, whatever else is wrong", "[dkim]") {
  const auto parsed = parse_signature(field("a", "a=x; c=y; l=z; i=@example.org"), max_names);
  REQUIRE(parsed.failure);
  CHECK(parsed.failure->reason == "algorithm is not known");
  CHECK(parsed.signature.domain == mail::Domain::parse("example.com"));
  CHECK(parsed.signature.selector == "sel");
  CHECK(parsed.signature.auid.empty());
  CHECK_FALSE(parsed.signature.signature.empty());
}

TEST_CASE("signature: the version goes before all else", "[dkim]") {
  CHECK(parse_signature(" v=2; a=pq-sha3", max_names).failure->reason == "version is not 1");
}

}  // namespace sekisho::dkim
