#include "arc/sealer.hpp"

#include "arc/chain_recipe.hpp"
#include "dkim/header_choice.hpp"
#include "dkim/signer.hpp"

#include <functional>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

namespace sekisho::arc {
namespace {

using enum ChainStatus;

const std::string results = " mx.a.example;\r\n\tarc=none smtp.remote-ip=192.0.2.1";

dkim::SigningKeyPtr signing_key(const crypto::PrivateKey& key = Recipe::rsa_key()) {
  return std::make_shared<const dkim::SigningKey>(
      dkim::SigningKey{mail::Domain::parse("a.example").value(), "s", key});
}

// With the key of these tests, and those of the chains that others sealed.
Conditions conditions(const crypto::PrivateKey& key = Recipe::rsa_key()) {
  const auto resolver = std::make_shared<test::FakeResolver>();
  resolver->add_txt("s._domainkey.a.example", record_of(key));
  const auto published = published_keys();
  for (const char* name :
       {"s1._domainkey.one.example", "s2._domainkey.two.example", "s3._domainkey.perl.example"}) {
    const auto answer = test::lookups_on(published).lookup(name, dns::RecordType::txt).get();
    resolver->add_txt(name, answer.all<dns::Text>().front()->data);
  }
  Conditions conditions;
  conditions.resolver = resolver;
  return conditions;
}

std::vector<mail::HeaderField> make_set(const ChainMessage& message, const ChainResult& chain,
                                        const dkim::SignOptions& options = {},
                                        const dkim::SigningKeyPtr& key = signing_key(),
                                        bool with_signature = false) {
  dkim::BodyHashes hashes;
  const auto now = Conditions{}.now;
  const Sealer sealer(message.header, key, options, now, hashes);
  const dkim::Signer signer(message.header, {{key, ""}}, options, now, hashes);
  hashes.update(message.body);
  hashes.finish();
  std::vector<mail::HeaderField> fields =
      with_signature ? signer.finish(hashes) : std::vector<mail::HeaderField>{};
  const auto set = sealer.finish(hashes, chain, results, fields);
  fields.insert(fields.end(), set.begin(), set.end());
  return fields;
}

void put_on_top(ChainMessage& message, const std::vector<mail::HeaderField>& fields) {
  for (const mail::HeaderField& field : fields) {
    message.header.insert(message.header.begin(), field);
  }
}

// Seals what validates, as a forwarder would.
void pass_on(ChainMessage& message, const dkim::SignOptions& options = {}) {
  put_on_top(message, make_set(message, validate(message, conditions()), options));
}

ChainMessage unsealed() {
  Recipe recipe;
  recipe.sets.clear();
  return Sealing(recipe).message();
}

bool is_folded(std::string_view name, std::string_view value) {
  std::size_t column = name.size() + 1;
  for (const char c : value) {
    column = c == '\n' ? 0 : c == '\t' ? 8 : c == '\r' ? column : column + 1;
    if (column > 77) {
      return false;
    }
  }
  return true;
}

}  // namespace

TEST_CASE("a set has its three fields, in the order in which they go on top (RFC 8617 §5.1)",
          "[arc]") {
  const auto set = make_set(unsealed(), {});
  REQUIRE(set.size() == 3);
  CHECK(set[0] == mail::HeaderField{"ARC-Authentication-Results", " i=1;" + results});
  CHECK(set[1].name == "ARC-Message-Signature");
  CHECK(set[1].value.starts_with(
      " i=1; a=rsa-sha256; c=relaxed/relaxed; d=a.example;\r\n\ts=s; t=1700000100; "
      "h=from:from:subject:date:to;\r\n\tbh="));
  CHECK(set[2].name == "ARC-Seal");
  CHECK(set[2].value.starts_with(
      " i=1; a=rsa-sha256; cv=none; d=a.example; s=s; t=1700000100;\r\n\tb="));
  for (const mail::HeaderField& field : set) {
    CHECK(is_folded(field.name, field.value));
  }
}

TEST_CASE("what is sealed validates, set after set (RFC 8617 §5.1, §5.2)", "[arc]") {
  using dkim::Canonicalization;
  for (const auto header : {Canonicalization::simple, Canonicalization::relaxed}) {
    for (const auto body : {Canonicalization::simple, Canonicalization::relaxed}) {
      DYNAMIC_SECTION(dkim::format_canonicalization_pair({header, body})) {
        ChainMessage message = unsealed();
        dkim::SignOptions options;
        options.header_canonicalization = header;
        options.body_canonicalization = body;
        for (std::size_t i = 1; i <= 3; ++i) {
          pass_on(message, options);
          const ChainResult result = validate(message, conditions());
          CHECK(result.reason.empty());
          CHECK(result.status == pass);
          CHECK(result.sets == i);
          CHECK(result.oldest_pass == 0);
        }
      }
    }
  }
}

TEST_CASE("messages of every shape can be sealed", "[arc]") {
  for (const std::string body : {"", "\r\n", "\r\n\r\n\r\n", "x", "x\r\n\r\n", " \t\r\n.\r\n"}) {
    ChainMessage message = unsealed();
    message.body = body;
    message.header.push_back({"subject ", "\tagain\r\n\t \r\n folded "});
    message.header.push_back({"List-Id", ""});
    message.header.push_back({"To", " \xe6\x97\xa5\xe6\x9c\xac@example.jp"});
    pass_on(message);
    const ChainResult on_arrival = validate(message, conditions());
    message.body += "a footer\r\n";
    put_on_top(message, make_set(message, on_arrival));
    CAPTURE(body);
    const ChainResult result = validate(message, conditions());
    CHECK(result.reason == "");
    CHECK(result.oldest_pass == 2);
  }
}

TEST_CASE("chains that others sealed go on", "[arc]") {
  for (const char* file : {"one-set.eml", "one-set-by-perl.eml", "two-sets-by-two-programs.eml",
                           "five-sets-changed-twice.eml"}) {
    ChainMessage message = read_chain(file);
    const std::size_t before = validate(message, conditions()).sets;
    pass_on(message);
    CAPTURE(file);
    const ChainResult result = validate(message, conditions());
    CHECK(result.reason.empty());
    CHECK(result.status == pass);
    CHECK(result.sets == before + 1);
  }
}

TEST_CASE("an ed25519 key seals with ed25519 (RFC 8463)", "[arc]") {
  const auto key = crypto::PrivateKey::generate(crypto::KeyType::ed25519);
  ChainMessage message = unsealed();
  put_on_top(message, make_set(message, {}, {}, signing_key(key)));
  CHECK(message.header[0].value.contains("a=ed25519-sha256"));
  CHECK(validate(message, conditions(key)).status == pass);
}

TEST_CASE("a message signature covers DKIM-Signatures, ours and those that came (RFC 8617 §4.1.2)",
          "[arc]") {
  ChainMessage message = unsealed();
  message.header.insert(message.header.begin(), {"DKIM-Signature", " v=1; d=author.example"});
  put_on_top(message, make_set(message, {}, {}, signing_key(), true));
  REQUIRE(message.header.size() == 9);
  CHECK(message.header[1].value.contains(":dkim-signature:dkim-signature;"));
  CHECK(validate(message, conditions()).status == pass);
  SECTION("ours") {
    message.header[3].value += "x";
  }
  SECTION("the author's") {
    message.header[4].value += "x";
  }
  CHECK(validate(message, conditions()).status == fail);
}

TEST_CASE("what may be in no message signature is not (RFC 8617 §4.1.2)", "[arc]") {
  ChainMessage message = unsealed();
  dkim::SignOptions options;
  options.signed_fields = {"From", "Authentication-Results", "ARC-Seal", "ARC-Message-Signature",
                           "ARC-Authentication-Results"};
  message.header.insert(message.header.begin(), {"Authentication-Results", " x; none"});
  pass_on(message, options);
  CHECK(message.header[1].value.contains("h=from:from;"));
  std::erase_if(message.header, [](const auto& f) { return f.name == "Authentication-Results"; });
  CHECK(validate(message, conditions()).status == pass);
}

TEST_CASE("a message with very many signatures is sealed all the same", "[arc]") {
  ChainMessage message = unsealed();
  const std::size_t many = dkim::max_signed_instances + 5;
  message.header.insert(message.header.end(), many, {"DKIM-Signature", " v=1; d=author.example"});
  put_on_top(message, make_set(message, {}, {}, signing_key(), true));
  CHECK(validate(message, conditions()).status == pass);
}

TEST_CASE("our signature is covered as long as all of the message are (RFC 8617 §4.1.2)", "[arc]") {
  // Of more than a seal names, those nearest the body are covered; ours on top would be counted
  // for one that is not.
  const std::size_t most = dkim::max_signed_instances;
  const std::pair<std::size_t, std::size_t> cases[] = {
      {most - 1, most}, {most, most + 1}, {most + 1, most}};
  for (const auto& [in_message, covered] : cases) {
    ChainMessage message = unsealed();
    message.header.insert(message.header.end(), in_message,
                          {"DKIM-Signature", " v=1; d=author.example"});
    const auto fields = make_set(message, {}, {}, signing_key(), true);
    const std::string names = mail::unfold(fields[2].value);
    std::size_t found = 0;
    for (std::size_t at = 0; (at = names.find("dkim-signature", at)) != names.npos; ++at) {
      ++found;
    }
    CAPTURE(in_message);
    CHECK(found == covered);
    put_on_top(message, fields);
    CHECK(validate(message, conditions()).status == pass);
    message.header[3].value += "x";
    CHECK(validate(message, conditions()).status == (covered > in_message ? fail : pass));
  }
}

TEST_CASE("no field of a set outgrows an MTA (Postfix cuts at 60,000 octets)", "[arc]") {
  ChainMessage message = unsealed();
  for (const char* name : {"From", "To", "Cc", "List-Unsubscribe-Post", "Content-Transfer-Encoding",
                           "In-Reply-To", "DKIM-Signature"}) {
    message.header.insert(message.header.end(), 1'000, {name, " x"});
  }
  for (const mail::HeaderField& field : make_set(message, {}, {}, signing_key(), true)) {
    CAPTURE(field.name);
    CHECK(field.value.size() < 20'000);
  }
}

TEST_CASE("a failed chain is sealed as failed, over the new set alone (RFC 8617 §5.1.2)", "[arc]") {
  struct Case {
    std::string name;
    std::function<void(ChainMessage&)> breakage;
    std::size_t instance;
  };
  const Case cases[] = {
      {"changed on the way", [](auto& m) { m.body += "x\r\n"; }, 3},
      {"a set without its seal", [](auto& m) { m.header.erase(m.header.begin()); }, 3},
      {"a seal twice", [](auto& m) { m.header.push_back(m.header.front()); }, 3},
      {"a gap", [](auto& m) { m.header.push_back({"ARC-Seal", " i=7; cv=pass"}); }, 8},
      {"no instance", [](auto& m) { m.header = {{"ARC-Seal", " x"}, {"From", " a@b.example"}}; },
       1},
  };
  for (const auto& [name, breakage, instance] : cases) {
    DYNAMIC_SECTION(name) {
      ChainMessage message = unsealed();
      pass_on(message);
      pass_on(message);
      breakage(message);
      const auto set = make_set(message, validate(message, conditions()));
      REQUIRE(set.size() == 3);
      CHECK(set[2].value.starts_with(" i=" + std::to_string(instance) + "; "));
      CHECK(set[2].value.contains(" cv=fail;"));

      // As if it were the only set: its seal holds over these three fields.
      const std::string covered = canonicalize_header(set[0], dkim::Canonicalization::relaxed) +
                                  canonicalize_header(set[1], dkim::Canonicalization::relaxed) +
                                  canonicalize_header(dkim::without_signature_value(set[2]),
                                                      dkim::Canonicalization::relaxed);
      crypto::Digest expected(crypto::HashAlgorithm::sha256);
      expected.update(std::string_view(covered).substr(0, covered.size() - 2));
      const auto key =
          crypto::PublicKey::parse(crypto::KeyType::rsa, Recipe::rsa_key().public_data());
      CHECK(key->verify(crypto::HashAlgorithm::sha256, expected.finish(),
                        parse_seal(set[2].value).parsed.signature.signature));

      put_on_top(message, set);
      const ChainResult result = validate(message, conditions());
      CHECK(result.status == fail);
      // §5.1 step 2: nobody adds a set to it.
      CHECK(make_set(message, result).empty());
    }
  }
}

TEST_CASE("no set is added where none may be", "[arc]") {
  SECTION("fifty sets are the most (RFC 8617 §4.2.1)") {
    const ChainMessage message = read_chain("fifty-sets.eml");
    CHECK(make_set(message, validate(message)).empty());
  }
  SECTION("the chain is marked as failed by another (RFC 8617 §5.1 step 2)") {
    const ChainMessage message = read_chain("marked-failed.eml");
    CHECK(make_set(message, validate(message)).empty());
  }
  SECTION("the chain is not what it is said to be") {
    ChainResult passes;
    passes.status = pass;
    CHECK(make_set(read_chain("one-set.eml"), {}).empty());
    CHECK(make_set(unsealed(), passes).empty());
    ChainMessage message = read_chain("one-set.eml");
    message.remove("ARC-Seal", 1);
    CHECK(make_set(message, passes).empty());
  }
}

TEST_CASE("the fiftieth set can be added", "[arc]") {
  ChainMessage message = read_chain("fifty-sets.eml");
  std::erase_if(message.header, [](const auto& f) { return f.value.contains("i=50;"); });
  pass_on(message);
  const ChainResult result = validate(message, conditions());
  CHECK(result.reason.empty());
  CHECK(result.sets == 50);
  CHECK(result.status == pass);
}

}  // namespace sekisho::arc
