#include "arc/validator.hpp"

#include "arc/chain_message.hpp"
#include "arc/chain_recipe.hpp"

#include <string>
#include <vector>

#include <catch2/catch.hpp>

namespace sekisho::arc {
namespace {

using enum ChainStatus;

std::vector<std::string> names(const std::vector<SealIdentity>& sealers) {
  std::vector<std::string> texts;
  for (const SealIdentity& sealer : sealers) {
    texts.push_back(sealer.domain.text());
  }
  return texts;
}

// Keys under the names that the corpus uses, answered after a delay.
std::shared_ptr<test::FakeResolver> delayed_keys(std::chrono::milliseconds delay) {
  const auto zone = published_keys();
  auto resolver = std::make_shared<test::FakeResolver>(delay);
  for (const char* name :
       {"s1._domainkey.one.example", "s2._domainkey.two.example", "s3._domainkey.perl.example"}) {
    const auto answer =
        zone->lookup({name, dns::RecordType::txt}, std::chrono::steady_clock::time_point::max())
            .get();
    resolver->add_txt(name, answer.all<dns::Text>().front()->data);
  }
  return resolver;
}

}  // namespace

TEST_CASE("chains that others sealed are validated (RFC 8617 §5.2)", "[arc]") {
  struct Case {
    std::string file;
    ChainStatus status;
    std::string reason;
    std::size_t sets;
    std::size_t oldest_pass;
    std::vector<std::string> sealers;
  };
  const std::string d1 = "one.example";
  const std::string d2 = "two.example";
  const std::string d3 = "perl.example";
  const Case cases[] = {
      {"one-set.eml", pass, "", 1, 0, {d1}},
      {"one-set-by-perl.eml", pass, "", 1, 0, {d3}},
      {"two-sets.eml", pass, "", 2, 0, {d1, d2}},
      {"two-sets-by-two-programs.eml", pass, "", 2, 0, {d1, d3}},
      {"two-sets-changed-between.eml", pass, "", 2, 2, {d1, d2}},  // step 5A
      {"five-sets-changed-twice.eml", pass, "", 5, 4, {d1, d2, d1, d3, d2}},
      {"fifty-sets.eml", pass, "", 50, 0, std::vector<std::string>(50, d1)},
      {"marked-failed.eml", fail, "seal of set 2: says cv=fail", 2, 0, {d1, d2}},  // step 2
  };
  for (const auto& [file, status, reason, sets, oldest_pass, sealers] : cases) {
    DYNAMIC_SECTION(file) {
      const ChainResult result = validate(read_chain(file));
      CHECK(result.reason == reason);
      CHECK(result.status == status);
      CHECK(result.sets == sets);
      CHECK(result.oldest_pass == oldest_pass);
      CHECK(names(result.sealers) == sealers);
    }
  }
}

TEST_CASE("the results of the first set are kept, and of no other (RFC 8617 §6)", "[arc]") {
  Recipe recipe;
  recipe.sets = {{}, second_set()};
  swap_text(recipe.sets[1].results, "spf=pass", "spf=fail");
  Conditions conditions;
  const auto resolver = std::make_shared<test::FakeResolver>();
  resolver->add_txt("s._domainkey.a.example", record_of(recipe.key));
  conditions.resolver = resolver;
  CHECK(validate(Sealing(recipe).message(), conditions).first_results == " mx.example; spf=pass");
  // Of a chain that does not pass, nobody's word counts.
  ChainMessage changed = Sealing(recipe).message();
  changed.body += "x";
  CHECK(validate(changed, conditions).first_results.empty());
}

TEST_CASE("a message without ARC fields has no chain", "[arc]") {
  ChainMessage message = read_chain("one-set.eml");
  std::erase_if(message.header,
                [](const mail::HeaderField& field) { return field.name.starts_with("ARC-"); });
  CHECK(validate(message) == ChainResult{});
}

TEST_CASE("whatever breaks a chain makes it fail, with the reason (RFC 8617 §5.2)", "[arc]") {
  const std::string results = "ARC-Authentication-Results";
  const std::string signature = "ARC-Message-Signature";
  const std::string seal = "ARC-Seal";
  struct Case {
    std::string reason;
    std::function<void(ChainMessage&)> change;
  };
  const Case cases[] = {
      // step 3A, 3B
      {"set 1 has no ARC-Seal", [&](auto& m) { m.remove(seal, 1); }},
      {"set 2 has no ARC-Message-Signature", [&](auto& m) { m.remove(signature, 2); }},
      {"set 2 has no ARC-Authentication-Results", [&](auto& m) { m.remove(results, 2); }},
      {"set 1 has more than one ARC-Seal",
       [&](auto& m) { m.header.push_back(mail::HeaderField(m.field(seal, 1))); }},
      {"ARC-Seal without a valid instance",
       [](auto& m) { m.header.push_back({"ARC-Seal", " x"}); }},
      {"set 3 has no ARC-Authentication-Results",
       [](auto& m) { m.header.push_back({"ARC-Seal", " i=4; cv=pass"}); }},
      // step 2 comes before the structure
      {"seal of set 4: says cv=fail",
       [](auto& m) { m.header.push_back({"ARC-Seal", " i=4; cv=fail"}); }},
      // step 3C
      {"seal of set 1: cv= is not none",
       [&](auto& m) { m.replace(seal, 1, "cv=none", "cv=pass"); }},
      {"seal of set 1: cv= is not none",
       [&](auto& m) { m.replace(seal, 1, "cv=none", "cv=fail"); }},
      {"seal of set 2: cv= is not pass",
       [&](auto& m) { m.replace(seal, 2, "cv=pass", "cv=none"); }},
      {"seal of set 2: cv= is not pass", [&](auto& m) { m.replace(seal, 2, "cv=pass", "cv="); }},
      {"seal of set 2: says cv=fail", [&](auto& m) { m.replace(seal, 2, "cv=pass", "cv=fail"); }},
      // step 4
      {"message signature of set 2: body hash did not verify", [](auto& m) { m.body += "x\r\n"; }},
      {"message signature of set 2: signature did not verify",
       [](auto& m) { m.header.back().value += "x"; }},
      {"message signature of set 2: no bh= tag",
       [&](auto& m) { m.replace(signature, 2, "bh=", "bx="); }},
      {"message signature of set 2: h= contains ARC-Seal",
       [&](auto& m) { m.replace(signature, 2, "h=", "h=arc-seal:"); }},
      {"message signature of set 2: rsa-sha1 is not accepted (RFC 8301)",
       [&](auto& m) {
         m.replace(signature, 2, "rsa-sha256", "rsa-sha1");
         m.replace(signature, 2, "bh=", "bh=AAAAAAAAAAAAAAAAAAAAAAAAAAA=; bx=");
       }},
      {"message signature of set 2: signature expired",
       [&](auto& m) { m.replace(signature, 2, "t=1700000000", "t=1600000000; x=1600000001"); }},
      {"message signature of set 2: signature is dated in the future",
       [&](auto& m) { m.replace(signature, 2, "t=1700000000", "t=1800000000"); }},
      // step 6
      {"seal of set 2: h= in a seal", [&](auto& m) { m.replace(seal, 2, "cv=", "h=from; cv="); }},
      {"seal of set 1: h= in a seal", [&](auto& m) { m.replace(seal, 1, "cv=", "h=from; cv="); }},
      {"seal of set 2: algorithm is not known",
       [&](auto& m) { m.replace(seal, 2, "rsa-sha256", "rsa-sha512"); }},
      {"seal of set 2: algorithm is not known",
       [&](auto& m) { m.replace(seal, 2, "rsa-sha256", "rsa-md5"); }},
      {"seal of set 2: rsa-sha1 is not accepted (RFC 8301)",
       [&](auto& m) { m.replace(seal, 2, "rsa-sha256", "rsa-sha1"); }},
      {"seal of set 2: key is of another type than a= says",
       [&](auto& m) { m.replace(seal, 2, "rsa-sha256", "ed25519-sha256"); }},
      {"seal of set 2: no key for signature", [&](auto& m) { m.replace(seal, 2, "s=s2", "s=no"); }},
      {"seal of set 2: d= is not a domain name",
       [&](auto& m) { m.replace(seal, 2, "d=two.example", "d=two'.example"); }},
      {"seal of set 2: signature did not verify",
       [&](auto& m) { m.replace(results, 2, "spf=pass", "spf=fail"); }},
      {"seal of set 2: signature did not verify",
       [&](auto& m) { m.replace(results, 1, "spf=pass", "spf=fail"); }},
      {"seal of set 2: signature did not verify",
       [&](auto& m) { m.replace(signature, 1, "h=", "h=cc:"); }},
      {"seal of set 2: signature did not verify",
       [&](auto& m) { m.replace(seal, 1, "t=1700000000", "t=1700000001"); }},
  };
  for (std::size_t i = 0; i < std::size(cases); ++i) {
    DYNAMIC_SECTION(i << ": " << cases[i].reason) {
      ChainMessage message = read_chain("two-sets.eml");
      cases[i].change(message);
      const ChainResult result = validate(message);
      CHECK(result.status == fail);
      CHECK(result.reason == cases[i].reason);
      CHECK(result.oldest_pass == 0);
    }
  }
}

TEST_CASE(
    "an older message signature that is broken does not break the chain (RFC 8617 §5.2 step 5)",
    "[arc]") {
  // Its field is intact, else the seals would fail: what it covers was changed on the way.
  const ChainResult result = validate(read_chain("two-sets-changed-between.eml"));
  CHECK(result.status == pass);
  CHECK(result.oldest_pass == 2);
}

TEST_CASE("what relaxed canonicalisation forgives is forgiven (RFC 8617 §4.1.3)", "[arc]") {
  ChainMessage message = read_chain("two-sets.eml");
  for (mail::HeaderField& field : message.header) {
    field.name = field.name + " ";
    field.value = "  " + field.value + "\t";
  }
  message.body.insert(message.body.size(), "\r\n\r\n");
  CHECK(validate(message).status == pass);
}

TEST_CASE("a DNS failure is a failed chain that says so (RFC 8617 §5.2.1)", "[arc]") {
  const auto resolver = delayed_keys(std::chrono::milliseconds{0});
  Conditions conditions;
  conditions.resolver = resolver;
  SECTION("of the key of the last set") {
    resolver->fail("s2._domainkey.two.example", dns::Status::timeout);
    const ChainResult result = validate(read_chain("two-sets.eml"), conditions);
    CHECK(result.status == fail);
    CHECK(result.reason == "message signature of set 2: key look-up failed: time-out");
    CHECK(names(result.sealers) == std::vector<std::string>{"one.example", "two.example"});
  }
  SECTION("of the key of an older set") {
    resolver->fail("s1._domainkey.one.example", dns::Status::server_failure);
    const ChainResult result = validate(read_chain("two-sets.eml"), conditions);
    CHECK(result.status == fail);
    CHECK(result.reason == "seal of set 1: key look-up failed: server failure");
    CHECK(result.fault == Fault::seal);
    CHECK(result.signature_fault == dkim::Fault::key_lookup_failed);
  }
}

TEST_CASE("all keys are asked for at once, each once", "[arc]") {
  const auto resolver = delayed_keys(std::chrono::milliseconds{20});
  const ChainMessage message = read_chain("five-sets-changed-twice.eml");
  dkim::BodyHashes hashes;
  Validator validator(test::keys_on(resolver), message.header, {}, {}, Conditions{}.now, hashes);
  CHECK(resolver->asked().size() == 3);
  hashes.update(message.body);
  hashes.finish();
  CHECK(validator.finish(hashes).status == pass);
  CHECK(resolver->asked().size() == 3);
}

TEST_CASE("a chain that fails by itself costs no look-up (RFC 8617 §9.2)", "[arc]") {
  const auto resolver = std::make_shared<test::FakeResolver>();
  ChainMessage message = read_chain("fifty-sets.eml");
  message.replace("ARC-Seal", 1, "cv=none", "cv=pass");
  Conditions conditions;
  conditions.resolver = resolver;
  CHECK(validate(message, conditions).status == fail);
  CHECK(resolver->asked().empty());
}

TEST_CASE("bodies are hashed in one pass with whoever else asks", "[arc]") {
  const ChainMessage message = read_chain("two-sets.eml");
  dkim::BodyHashes hashes;
  const auto dkim_hash =
      hashes.request({dkim::Canonicalization::relaxed, crypto::HashAlgorithm::sha256, {}});
  Validator validator(test::keys_on(published_keys()), message.header, {}, {}, Conditions{}.now,
                      hashes);
  for (const char c : message.body) {
    hashes.update({&c, 1});
  }
  hashes.finish();
  CHECK(validator.finish(hashes).status == pass);
  CHECK(hashes[dkim_hash].digest.size() == 32);
}

TEST_CASE("the operator's limits hold for ARC too", "[arc]") {
  Conditions conditions;
  SECTION("sets") {
    conditions.options.max_sets = 4;
    const ChainResult result = validate(read_chain("five-sets-changed-twice.eml"), conditions);
    CHECK(result.status == fail);
    CHECK(result.reason == "more than 4 sets");
  }
  SECTION("sets beyond what the RFC has") {
    conditions.options.max_sets = 1'000;
    CHECK(validate(read_chain("fifty-sets.eml"), conditions).status == pass);
  }
  SECTION("key size") {
    conditions.signature_options.min_rsa_bits = 4096;
    CHECK(validate(read_chain("one-set.eml"), conditions).reason ==
          "message signature of set 1: key has 2048 bits, below 4096");
  }
  SECTION("names in h=") {
    conditions.signature_options.max_signed_names = 3;
    CHECK(validate(read_chain("one-set.eml"), conditions).reason ==
          "message signature of set 1: h= has more than 3 names");
  }
}

TEST_CASE("chain states have their words (RFC 8617 §4.4)", "[arc]") {
  CHECK(format_chain_status(none) == "none");
  CHECK(format_chain_status(pass) == "pass");
  CHECK(format_chain_status(fail) == "fail");
}

}  // namespace sekisho::arc
