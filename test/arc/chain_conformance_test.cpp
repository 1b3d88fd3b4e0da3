// The boundaries of RFC 8617 in a chain as a whole: what happens between its sets, its keys, its
// end.
#include "arc/chain_recipe.hpp"

#include <algorithm>
#include <functional>
#include <iterator>
#include <memory>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

namespace sekisho::arc {
namespace {

using enum ChainStatus;

const std::string of_signature = "message signature of set 1: ";

}  // namespace

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
