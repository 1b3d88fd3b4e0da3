// The boundaries of RFC 8617, on chains whose signatures all hold.
#include "arc/chain_recipe.hpp"

#include <string>
#include <vector>

#include <catch2/catch.hpp>

namespace sekisho::arc {
namespace {

using enum ChainStatus;

// A change of one tag, and what comes of it; an empty reason is a pass.
struct TagCase {
  std::string from;
  std::string to;
  std::string reason;
};

void check(const ChainResult& result, const std::string& reason) {
  CHECK(result.reason == reason);
  CHECK(result.status == (reason.empty() ? pass : fail));
}

void check_tags(std::string SetRecipe::* field, const std::vector<TagCase>& cases) {
  for (std::size_t i = 0; i < cases.size(); ++i) {
    const auto& [from, to, reason] = cases[i];
    DYNAMIC_SECTION(i << ": '" << from << "' -> '" << to << "'") {
      Recipe recipe;
      swap_text(recipe.sets[0].*field, from, to);
      check(validate_recipe(recipe), reason);
    }
  }
}

const std::string of_signature = "message signature of set 1: ";
const std::string of_seal = "seal of set 1: ";

}  // namespace

TEST_CASE("chains that are made here pass", "[arc]") {
  Recipe recipe;
  CHECK(validate_recipe(recipe).status == pass);
  recipe.sets.push_back(second_set());
  const ChainResult result = validate_recipe(recipe);
  check(result, "");
  CHECK(result.sets == 2);
  CHECK(result.first_results == " mx.example; spf=pass");
}

TEST_CASE("an AMS has the instance of its set (RFC 8617 §3.9, §4.2.1)", "[arc]") {
  const std::string none = "ARC-Message-Signature without a valid instance";
  const std::vector<TagCase> cases = {
      {" i=1;", " i = 1 ;", ""},
      {" i=1;", "\r\n\ti=\r\n\t1;", ""},
      {" i=1;", " i=01;", ""},
      {" i=1;", " (CFWS) i (;) = (x) 1 (y);", ""},
      {" i=1; a=rsa-sha256;", " a=rsa-sha256; i=1;", ""},  // customary, whatever the grammar says
      {" i=1;", "", none},
      {" i=1;", " i=;", none},
      {" i=1;", " i=0;", none},
      {" i=1;", " i=51;", none},
      {" i=1;", " i=100;", none},
      {" i=1;", " i=001;", none},
      {" i=1;", " i=-1;", none},
      {" i=1;", " i=1.0;", none},
      {" i=1;", " i=a;", none},
      {" i=1;", " I=1;", none},
      {" i=1;", " i=@a.example;", none},
      {" i=1;", " i=1; i=1;", none},
      {" i=1;", " i=1; i=2;", none},
      {" i=1;", " i=2;", "set 1 has no ARC-Message-Signature"},
  };
  check_tags(&SetRecipe::signature, cases);
}

TEST_CASE("an AMS is a tag-list (RFC 8617 §4.1.2, RFC 6376 §3.2)", "[arc]") {
  const std::string malformed = "ARC-Message-Signature without a valid instance";
  const std::vector<TagCase> cases = {
      {"; b=$b", ";b=$b", ""},
      {"; b=$b", " ; b=$b", ""},
      {"; b=$b", "\r\n\t;\r\n\tb =$b", ""},
      {"b=$b", "b=$b;", ""},
      {"b=$b", "b=$b ; ", ""},
      {"b=$b", "b=$b; unknown=tag", ""},
      {"b=$b", "unknown=; b=$b", ""},
      {"b=$b", "n_0=a=b(c)\xc3\xa9; b=$b", ""},
      {"b=$b", "v=1; b=$b", ""},  // §4.1.2: to be ignored
      {"b=$b", "v=2; b=$b", ""},
      {"b=$b", "cv=fail; b=$b", ""},
      {"b=$b", "b=$b; t=1", malformed},
      {"b=$b", "; b=$b", malformed},
      {"b=$b", "b=$b;;", malformed},
      {"b=$b", "word; b=$b", malformed},
      {"b=$b", "=x; b=$b", malformed},
      {"b=$b", "1x=x; b=$b", malformed},
      {"b=$b", "x-y=x; b=$b", malformed},
      {"b=$b", "x=a\x01; b=$b", malformed},
      {"b=$b", "x=\xff; b=$b", malformed},
  };
  check_tags(&SetRecipe::signature, cases);
}

TEST_CASE("an AMS has the tags of a DKIM-Signature (RFC 8617 §4.1.2, RFC 6376 §3.5)", "[arc]") {
  const std::string& at = of_signature;
  const std::string invalid_instance = "ARC-Message-Signature without a valid instance";
  const std::vector<TagCase> cases = {
      {" a=rsa-sha256;", " a=RSA-SHA256;", ""},
      {" a=rsa-sha256;", "", at + "no a= tag"},
      {" a=rsa-sha256;", " A=rsa-sha256;", at + "no a= tag"},
      {" a=rsa-sha256;", " a=;", at + "algorithm is not known"},
      {" a=rsa-sha256;", " a=rsa-sha512;", at + "algorithm is not known"},
      {" a=rsa-sha256;", " a=ed25519-sha256;", at + "key is of another type than a= says"},

      {"b=$b", "b=$w", ""},
      {"b=$b", "b=\r\n\t$b\r\n\t;", ""},
      {"b=$b", "x=2000000000", at + "no b= tag"},
      {"b=$b", "b=", at + "b= is not base64"},
      {"b=$b", "b=*$b", at + "b= is not base64"},
      {"b=$b", "b=AAAA", at + "signature did not verify"},

      {"bh=$h", "bh= $h ", ""},
      {" bh=$h;", "", at + "no bh= tag"},
      {"bh=$h", "bh=", at + "bh= is not base64"},
      {"bh=$h", "bh=AAAA", at + "bh= has not the length of its hash"},
      {"bh=$h", "bh=47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=", at + "body hash did not verify"},

      {" c=relaxed/relaxed;", "", ""},
      {"c=relaxed/relaxed", "c=relaxed", ""},
      {"c=relaxed/relaxed", "c=simple", ""},
      {"c=relaxed/relaxed", "c=simple/simple", ""},
      {"c=relaxed/relaxed", "c=simple/relaxed", ""},
      {"c=relaxed/relaxed", "c=relaxed/simple", ""},
      {"c=relaxed/relaxed", "c=Relaxed/RELAXED", ""},
      {"c=relaxed/relaxed", "c=", at + "canonicalisation is not known"},
      {"c=relaxed/relaxed", "c=relaxed/", at + "canonicalisation is not known"},
      {"c=relaxed/relaxed", "c=relaxed/relaxed/relaxed", at + "canonicalisation is not known"},
      {"c=relaxed/relaxed", "c=nowsp", at + "canonicalisation is not known"},

      {"d=a.example", "d=A.Example", ""},
      {" d=a.example;", "", at + "no d= tag"},
      {"d=a.example", "d=", at + "d= is not a domain name"},
      {"d=a.example", "d=example", at + "d= is not a domain name"},
      {"d=a.example", "d=a..example", at + "d= is not a domain name"},
      {"d=a.example", "d=a.example.", at + "d= is not a domain name"},
      {"d=a.example", "d=b.example", at + "no key for signature"},

      {" s=s;", " s=S;", ""},
      {" s=s;", "", at + "no s= tag"},
      {" s=s;", " s=;", at + "s= is not a selector"},
      {" s=s;", " s=a b;", at + "s= is not a selector"},
      {" s=s;", " s=t;", at + "no key for signature"},

      {"h=from", "h=From", ""},
      {"h=from:to", "h=from : to", ""},
      {"h=from:to", "h=from\r\n\t:\r\n\tto", ""},
      {"h=from:to:subject", "h=subject:to:from", ""},
      {"h=from:to", "h=from:from:to:x-none", ""},
      {"h=from:to", "h=to:dkim-signature:from", ""},
      {"h=from:to", "h=to:received:authentication-results:from", ""},
      {" h=from:to:subject;", "", at + "no h= tag"},
      {"h=from:to:subject", "h=", at + "h= is not a list of field names"},
      {"h=from:to", "h=from::to", at + "h= is not a list of field names"},
      {"h=from:to:subject", "h=from:", at + "h= is not a list of field names"},
      {"h=from:to:subject", "h=to:subject", at + "h= does not contain From"},
      {"h=from:to", "h=from:ARC-Seal:to", at + "h= contains ARC-Seal"},

      {"b=$b", "l=30; b=$b", ""},
      {"b=$b", "l=29; b=$b", at + "l= leaves a part of the body unsigned"},
      {"b=$b", "l=0; b=$b", at + "l= leaves a part of the body unsigned"},
      {"b=$b", "l=31; b=$b", at + "l= is larger than the body"},
      {"b=$b", "l=; b=$b", at + "l= is not a number"},

      {"b=$b", "q=dns/txt; b=$b", ""},
      {"b=$b", "q=x:dns/txt; b=$b", ""},
      {"b=$b", "q=x; b=$b", at + "q= names no method that is known"},

      {" t=1700000000;", "", ""},
      {"t=1700000000", "t=0", ""},
      {"t=1700000000", "t=12345", ""},
      {"t=1700000000", "t=1700000400", ""},  // the clocks may differ by five minutes
      {"t=1700000000", "t=1700000401", at + "signature is dated in the future"},
      {"t=1700000000", "t=999999999999", at + "signature is dated in the future"},
      {"t=1700000000", "t=", at + "t= is not a time"},
      {"t=1700000000", "t=now", at + "t= is not a time"},
      {"t=1700000000", "t=-1", at + "t= is not a time"},
      {"t=1700000000", "t=1700000000; x=1700604800", ""},
      {"t=1700000000", "t=1600000000; x=1700000000", ""},
      {"t=1700000000", "t=1600000000; x=1699999799", at + "signature expired"},
      {"t=1700000000", "t=1700000000; x=1700000000", at + "x= is not later than t="},
      {"t=1700000000", "t=1700000000; x=", at + "x= is not a time"},
      {"b=$b", "z=From:a; b=$b", ""},
  };
  check_tags(&SetRecipe::signature, cases);
}

TEST_CASE("a seal has i, a, b, d, s, t and cv alone (RFC 8617 §4.1.3)", "[arc]") {
  const std::string none = "ARC-Seal without a valid instance";
  const std::string& at = of_seal;
  const std::vector<TagCase> cases = {
      {" i=1;", " (a) i = 1 (;) ;", ""},
      {" i=1; a=rsa-sha256;", " a=rsa-sha256; i=1;", ""},
      {" i=1;", "", none},
      {" i=1;", " i=;", none},
      {" i=1;", " i=0;", none},
      {" i=1;", " i=51;", none},
      {" i=1;", " I=1;", none},
      {" i=1;", " i=2;", "set 1 has no ARC-Seal"},
      {"b=$b", "b=$b;", ""},
      {"b=$b", "b=$b;;", none},
      {"b=$b", "b=$b; t=1", none},
      {"b=$b", "word; b=$b", none},
      {"b=$b", "unknown=tag; b=$b", ""},

      {"b=$b", "b=$w", ""},
      {"b=$b", "b = $b", ""},
      {" b=$b", "", at + "no b= tag"},
      {"b=$b", "b=", at + "b= is not base64"},
      {"b=$b", "b=?", at + "b= is not base64"},

      {" a=rsa-sha256;", "", at + "no a= tag"},
      {" a=rsa-sha256;", " a=;", at + "algorithm is not known"},
      {" a=rsa-sha256;", " a=rsa-md5;", at + "algorithm is not known"},
      {" a=rsa-sha256;", " a=rsa-sha1;", at + "rsa-sha1 is not accepted (RFC 8301)"},
      {" d=a.example;", "", at + "no d= tag"},
      {" d=a.example;", " d=;", at + "d= is not a domain name"},
      {" d=a.example;", " d=-?;", at + "d= is not a domain name"},
      {" d=a.example;", " d=b.example;", at + "no key for signature"},
      {" s=s;", "", at + "no s= tag"},
      {" s=s;", " s=;", at + "s= is not a selector"},
      {" s=s;", " s=?;", at + "s= is not a selector"},
      {" s=s;", " s=t;", at + "no key for signature"},
      {" t=1700000000;", "", ""},
      {" t=1700000000;", " t=1;", ""},
      {" t=1700000000;", " t=;", at + "t= is not a time"},
      {" t=1700000000;", " t=x;", at + "t= is not a time"},
      {" t=1700000000;", " t=1700000401;", at + "signature is dated in the future"},

      {"cv=none", "cv=NONE", ""},
      {"cv=none", "cv\r\n\t=\r\n\tnone ", ""},
      {"cv=none", "cv = (RFC 8617 has CFWS here) none", ""},
      {" cv=none;", "", at + "cv= is not none"},
      {"cv=none", "CV=none", at + "cv= is not none"},
      {"cv=none", "cv=", at + "cv= is not none"},
      {"cv=none", "cv=pass", at + "cv= is not none"},
      {"cv=none", "cv=maybe", at + "cv= is not none"},
      {"cv=none", "cv=none none", at + "cv= is not none"},
      {"cv=none", "cv=fail", of_seal + "says cv=fail"},  // §5.2 step 2

      {"b=$b", "h=from; b=$b", at + "h= in a seal"},  // MUST result in fail
      {"b=$b", "h=; b=$b", at + "h= in a seal"},
      {"b=$b", "v=1; bh=x; c=x; l=x; q=x; x=1; z=x; b=$b", ""},  // not supported
  };
  check_tags(&SetRecipe::seal, cases);
}

TEST_CASE("of results, the instance alone counts (RFC 8617 §3.4, §4.1.1)", "[arc]") {
  const std::string none = "ARC-Authentication-Results without a valid instance";
  const std::vector<TagCase> cases = {
      {" i=1; mx.example; spf=pass", " i=1; mx.example; none", ""},
      {" i=1; mx.example; spf=pass", " i=1;", ""},
      {" i=1; mx.example; spf=pass", " i=1; ;;; not = the grammar \\", ""},
      {" i=1; mx.example; spf=pass", " i=1; i=2; i=3", ""},
      {" i=1; mx.example; spf=pass", " i=1; m\xc3\xa9.example; spf=pass", ""},
      {" i=1;", " (a) i (b) = (c) 1 (d) ;", ""},
      {" i=1;", "\r\n\ti=1\r\n\t;", ""},
      {" i=1;", "i=1;", ""},
      {" i=1; ", " ", none},
      {" i=1; mx.example; spf=pass", " mx.example; i=1; spf=pass", none},
      {" i=1; mx.example; spf=pass", " i=1", none},
      {" i=1; mx.example; spf=pass", "", none},
      {" i=1;", " i=;", none},
      {" i=1;", " i=0;", none},
      {" i=1;", " i=51;", none},
      {" i=1;", " i=1 mx;", none},
      {" i=1;", " I=1;", none},
      {" i=1;", " i=2;", "set 1 has no ARC-Authentication-Results"},
  };
  check_tags(&SetRecipe::results, cases);
}

TEST_CASE("what a message goes through between two sets (RFC 8617 §5.2 steps 3 to 6)", "[arc]") {
  const std::string seal = "ARC-Seal";
  struct Case {
    std::string name;
    std::function<void(ChainMessage&)> between;
    std::function<void(SetRecipe&)> second;
    std::string reason;
    std::size_t oldest_pass = 0;
  };
  const auto nothing = [](auto&) {};
  const Case cases[] = {
      {"nothing", nothing, nothing, ""},
      {"a footer", [](auto& m) { m.body += "-- \r\nlist\r\n"; }, nothing, "", 2},
      {"a tagged subject", [](auto& m) { swap_text(m.header[5].value, " a", " [l] a"); }, nothing,
       "", 2},
      {"a field on top", [](auto& m) { m.header.insert(m.header.begin(), {"Received", " x"}); },
       nothing, ""},
      {"fields in another order", [](auto& m) { std::ranges::reverse(m.header); }, nothing, ""},
      {"the sets below all else",
       [](auto& m) { std::ranges::rotate(m.header, m.header.begin() + 3); }, nothing, ""},
      {"names in another case", [](auto& m) { m.header[0].name = "arc-SEAL"; }, nothing, ""},
      {"the first seal refolded", [](auto& m) { swap_text(m.header[0].value, "; ", ";\r\n\t"); },
       nothing, ""},
      {"the first seal respaced", [](auto& m) { swap_text(m.header[0].value, "; ", ";"); }, nothing,
       "seal of set 2: signature did not verify"},
      {"the first seal lost", [](auto& m) { m.header.erase(m.header.begin()); }, nothing,
       "set 1 has no ARC-Seal"},
      {"the first seal doubled", [](auto& m) { m.header.insert(m.header.begin(), m.header[0]); },
       nothing, "set 1 has more than one ARC-Seal"},
      {"the first AMS doubled", [](auto& m) { m.header.insert(m.header.begin(), m.header[1]); },
       nothing, "set 1 has more than one ARC-Message-Signature"},
      {"the first results doubled", [](auto& m) { m.header.insert(m.header.begin(), m.header[2]); },
       nothing, "set 1 has more than one ARC-Authentication-Results"},
      {"the first results changed",
       [](auto& m) { swap_text(m.header[2].value, "spf=pass", "spf=fail"); }, nothing,
       "seal of set 2: signature did not verify"},
      {"cv=none again", nothing, [](auto& s) { swap_text(s.seal, "cv=pass", "cv=none"); },
       "seal of set 2: cv= is not pass"},
      {"no cv=", nothing, [](auto& s) { swap_text(s.seal, "cv=pass; ", ""); },
       "seal of set 2: cv= is not pass"},
      {"an unknown cv=", nothing, [](auto& s) { swap_text(s.seal, "cv=pass", "cv=ok"); },
       "seal of set 2: cv= is not pass"},
      {"cv=fail", nothing, [](auto& s) { swap_text(s.seal, "cv=pass", "cv=fail"); },
       "seal of set 2: says cv=fail"},
      {"h= in the second seal", nothing, [](auto& s) { swap_text(s.seal, "cv=", "h=from; cv="); },
       "seal of set 2: h= in a seal"},
      {"a second AMS that covers a seal", nothing,
       [](auto& s) { swap_text(s.signature, "h=from", "h=arc-seal:from"); },
       "message signature of set 2: h= contains ARC-Seal"},
      {"the second results are of set 1", nothing,
       [](auto& s) { swap_text(s.results, "i=2", "i=1"); },
       "set 1 has more than one ARC-Authentication-Results"},
      {"a gap", nothing,
       [](auto& s) {
         swap_text(s.results, "i=2", "i=3");
         swap_text(s.signature, "i=2", "i=3");
         swap_text(s.seal, "i=2", "i=3");
       },
       "set 2 has no ARC-Authentication-Results"},
  };
  for (const auto& [name, between, second, reason, oldest_pass] : cases) {
    DYNAMIC_SECTION(name) {
      Recipe recipe;
      recipe.sets.push_back(second_set());
      recipe.between = between;
      second(recipe.sets[1]);
      const ChainResult result = validate_recipe(recipe);
      check(result, reason);
      CHECK(result.oldest_pass == oldest_pass);
    }
  }
}

TEST_CASE("keys of a chain are keys of DKIM (RFC 8617 §4.1.2, RFC 6376 §3.6.1)", "[arc]") {
  const std::string p = record_of(Recipe::rsa_key()).substr(std::string("v=DKIM1; k=rsa; ").size());
  static const std::string other =
      record_of(crypto::PrivateKey::generate(crypto::KeyType::rsa, 1024));
  struct Case {
    std::vector<std::string> records;
    std::string reason;
  };
  const Case cases[] = {
      {{p}, ""},
      {{"v=DKIM1; " + p}, ""},
      {{"v=DKIM1;k=rsa;" + p + ";"}, ""},
      {{"v=DKIM1; k=rsa; n=a note; s=email; t=y; h=sha256; x=y; " + p}, ""},
      {{"v=DKIM1; s=*; h=sha1:sha256; " + p}, ""},
      {{"v=DKIM1; t=s; " + p}, ""},  // i= is no identity here
      {{"v=DKIM1; g=x; " + p}, ""},
      {{"v=spf1 -all", p}, ""},
      {{other, p}, ""},
      {{}, "no key for signature"},
      {{"v=DKIM1; p="}, "key revoked"},
      {{"v=DKIM1; k=rsa"}, "key record has no p= tag"},
      {{"v=DKIM2; " + p}, "key record is not of version DKIM1"},
      {{p + "; v=DKIM1"}, "key record is not of version DKIM1"},
      {{"v=DKIM1; s=tlsrpt; " + p}, "key is not for e-mail"},
      {{"v=DKIM1; h=sha1; " + p}, "key does not allow this hash algorithm"},
      {{"v=DKIM1; k=dsa; " + p}, "key type is not known"},
      {{"v=DKIM1; k=; " + p}, "key type is not known"},
      {{"v=DKIM1; p=?"}, "p= is not base64"},
      {{"v=DKIM1; p=AAAA"}, "key record holds no valid key"},
      {{"v=DKIM1; p p"}, "key record is malformed: not a list of tag=value pairs"},
      {{other}, "signature did not verify"},
      {{other + "; t=y"}, "signature did not verify, domain is testing"},
  };
  for (std::size_t i = 0; i < std::size(cases); ++i) {
    const auto& [records, reason] = cases[i];
    DYNAMIC_SECTION(i << ": '" << reason << "'") {
      check(validate_recipe({}, records), reason.empty() ? "" : of_signature + reason);
    }
  }
}

TEST_CASE("ed25519 seals where the key says so (RFC 8463)", "[arc]") {
  Recipe recipe;
  recipe.key = crypto::PrivateKey::generate(crypto::KeyType::ed25519);
  swap_text(recipe.sets[0].signature, "rsa-sha256", "ed25519-sha256");
  swap_text(recipe.sets[0].seal, "rsa-sha256", "ed25519-sha256");
  check(validate_recipe(recipe), "");
}

TEST_CASE("longer keys than the limit are not tried (RFC 8301 §3.2)", "[arc]") {
  Recipe recipe;
  const auto resolver = std::make_shared<test::FakeResolver>();
  resolver->add_txt("s._domainkey.a.example", record_of(recipe.key));
  Conditions conditions;
  conditions.resolver = resolver;
  conditions.signature_options.max_rsa_bits = 1023;
  check(validate(Sealing(recipe).message(), conditions),
        of_signature + "key is longer than 1023 bits");
}

TEST_CASE("no part of a chain can be cut off unnoticed", "[arc]") {
  Recipe recipe;
  recipe.sets.push_back(second_set());
  const ChainMessage whole = Sealing(recipe).message();
  const auto resolver = std::make_shared<test::FakeResolver>();
  resolver->add_txt("s._domainkey.a.example", record_of(recipe.key));
  Conditions conditions;
  conditions.resolver = resolver;
  for (std::size_t field = 0; field < 6; ++field) {
    const std::size_t length = whole.header[field].value.size();
    for (std::size_t size = 0; size < length; ++size) {
      ChainMessage cut = whole;
      cut.header[field].value.resize(size);
      const ChainResult result = validate(cut, conditions);
      CAPTURE(field, size);
      REQUIRE(result.status == fail);
      REQUIRE_FALSE(result.reason.empty());
    }
  }
}

TEST_CASE("a thousand sets are one fault, and cost no look-up (RFC 8617 §5.2 step 1)", "[arc]") {
  ChainMessage message = Sealing({}).message();
  const mail::HeaderSection set(message.header.begin(), message.header.begin() + 3);
  for (std::size_t i = 2; i <= 1'000; ++i) {
    for (mail::HeaderField field : set) {
      swap_text(field.value, "i=1", "i=" + std::to_string(i));
      message.header.push_back(field);
    }
  }
  const auto resolver = std::make_shared<test::FakeResolver>();
  Conditions conditions;
  conditions.resolver = resolver;
  const ChainResult result = validate(message, conditions);
  check(result, "ARC-Seal without a valid instance");
  CHECK(result.sets == 50);
  CHECK(resolver->asked().empty());
}

}  // namespace sekisho::arc
