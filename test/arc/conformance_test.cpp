// The boundaries of RFC 8617 in the fields of a set, on chains whose signatures all hold.
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
      {"d=a.example", "d=a.example.", ""},
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

}  // namespace sekisho::arc
