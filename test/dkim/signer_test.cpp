#include "dkim/signer.hpp"

#include "dkim/keys_on.hpp"
#include "dkim/signature.hpp"
#include "dkim/verifier.hpp"
#include "support/fake_resolver.hpp"

#include <algorithm>
#include <string>

#include <catch2/catch.hpp>

namespace sekisho::dkim {
namespace {

using crypto::KeyType;
using crypto::PrivateKey;
using test::FakeResolver;

constexpr std::chrono::sys_seconds now{std::chrono::seconds{1'700'000'000}};

SigningKeyPtr make_key(KeyType type, const std::string& selector,
                       const std::string& domain = "example.org") {
  return std::make_shared<SigningKey>(SigningKey{.domain = mail::Domain::parse(domain).value(),
                                                 .selector = selector,
                                                 .key = PrivateKey::generate(type, 1024)});
}

const SigningKeyPtr& rsa() {
  static const SigningKeyPtr key = make_key(KeyType::rsa, "r1");
  return key;
}
const SigningKeyPtr& ed25519() {
  static const SigningKeyPtr key = make_key(KeyType::ed25519, "e1");
  return key;
}

const mail::HeaderSection header{
    {"Received", " from a by b"},
    {"From", " Joe <joe@example.org>"},
    {"to ", "ann@example.com,\r\n\t bob@example.com \t"},
    {"Subject", " =?ISO-2022-JP?B?GyRCNFg9ahsoQg==?=\r\n  and \xe9\x96\xa2\xe6\x89\x80"},
    {"List-Id", " <one>"},
    {"List-Id", " <two>"},
    {"Date", ""},
};
const std::string body = "Hi.  \r\n\r\nWe lost\tthe game. \x1b$B\r\nbare \n and \r\r\n\r\n\r\n";

struct Setting {
  SignOptions options;
  std::string body = dkim::body;
};

std::vector<mail::HeaderField> sign(const std::vector<SignatureRequest>& requests,
                                    const Setting& setting = {}) {
  BodyHashes hashes;
  const Signer signer(header, requests, setting.options, now, hashes);
  hashes.update(setting.body);
  hashes.finish();
  return signer.finish(hashes);
}

std::vector<Result> verify(const std::vector<mail::HeaderField>& signatures,
                           const mail::HeaderSection& fields, const std::string& text,
                           std::chrono::sys_seconds time = now) {
  auto resolver = std::make_shared<FakeResolver>();
  for (const auto& key : {rsa(), ed25519()}) {
    const bool is_rsa = key->key.type() == KeyType::rsa;
    resolver->add_txt(key->record_name(),
                      "v=DKIM1; k=" + std::string(is_rsa ? "rsa" : "ed25519") +
                          "; p=" + crypto::encode_base64(key->key.public_data()));
  }
  mail::HeaderSection message = signatures;
  message.insert(message.end(), fields.begin(), fields.end());
  BodyHashes hashes;
  Verifier verifier(test::keys_on(resolver), message, std::nullopt, {}, time, hashes);
  hashes.update(text);
  hashes.finish();
  return verifier.finish(hashes);
}

Signature parsed(const mail::HeaderField& field) {
  const ParsedSignature signature = parse_signature(field.value, 1000);
  REQUIRE_FALSE(signature.failure);
  return signature.signature;
}

bool passes(const std::vector<Result>& results, std::size_t count) {
  return results.size() == count &&
         std::ranges::all_of(results, [](const Result& r) { return r.code == ResultCode::pass; });
}

}  // namespace

TEST_CASE("signer: both algorithms and all canonicalisations verify", "[dkim]") {
  using enum Canonicalization;
  const Canonicalization header_part = GENERATE(simple, relaxed);
  const Canonicalization body_part = GENERATE(simple, relaxed);
  const std::string text = GENERATE(as<std::string>(), body, "", "\r\n", "\r\n\r\n\r\n",
                                    "no line end", "blank at the end ", "text\r\n \r\n\t\r\n",
                                    std::string(3'000, 'x') + "\r\n\xff\xfe\x80\r\n");
  CAPTURE(header_part, body_part, text);
  const Setting setting{
      .options = {.header_canonicalization = header_part, .body_canonicalization = body_part},
      .body = text};
  const auto fields = sign({{rsa(), ""}, {ed25519(), ""}}, setting);
  const auto results = verify(fields, header, text);
  CHECK(passes(results, 2));
  CHECK(results[0].algorithm == "rsa-sha256");
  CHECK(results[1].algorithm == "ed25519-sha256");

  CHECK_FALSE(passes(verify(fields, header, text + "more\r\n"), 2));
}

TEST_CASE("signer: the field as it is written", "[dkim]") {
  const auto fields = sign({{ed25519(), "joe@mail.example.org"}});
  REQUIRE(fields.size() == 1);
  CHECK(fields[0].name == "DKIM-Signature");
  const std::string expected =
      " v=1; a=ed25519-sha256; c=relaxed/relaxed; d=example.org;\r\n"
      "\ts=e1; t=1700000000; x=1700604800; i=joe@mail.example.org;\r\n"
      "\th=From:From:Subject:Date:To:List-Id:List-Id;\r\n"
      "\tbh=";
  CHECK(fields[0].value.substr(0, expected.size()) == expected);
  CHECK(passes(verify(fields, header, body), 1));
}

TEST_CASE("signer: x= comes so long after t= as the option says", "[dkim]") {
  CHECK(parsed(sign({{rsa(), ""}})[0]).expiration == now + std::chrono::days(7));
  const auto fields = sign({{rsa(), ""}}, {.options = {.expiry = std::chrono::hours(1)}});
  CHECK(parsed(fields[0]).expiration == now + std::chrono::hours(1));
  CHECK(passes(verify(fields, header, body, now + std::chrono::minutes(59)), 1));
  CHECK_FALSE(passes(verify(fields, header, body, now + std::chrono::hours(2)), 1));
  const auto eternal = sign({{rsa(), ""}}, {.options = {.expiry = std::chrono::seconds(0)}});
  CHECK_FALSE(parsed(eternal[0]).expiration);
  CHECK(parsed(eternal[0]).timestamp == now);
}

TEST_CASE("signer: i= must lie within d= (RFC 6376 §3.5)", "[dkim]") {
  const auto [auid, is_within] = GENERATE(table<std::string, bool>({
      {"joe@example.org", true},
      {"@example.org", true},
      {"@sub.Example.ORG", true},
      {"\"a b;\"@example.org", true},
      {"a=b@example.org", true},
      {"j\xc3\xb6rg@example.org", true},  // RFC 8616 §5
      {"joe@example.com", false},
      {"joe@notexample.org", false},
      {"joe@org", false},
      {"joe", false},
      {"joe@example.org\r\nBcc: all@example.com", false},
      {"a b@example.org", false},
      {"j\xf6rg@example.org", false},
  }));
  CAPTURE(auid);
  CHECK(is_auid_of(auid, rsa()->domain) == is_within);
  const auto fields = sign({{rsa(), auid}});
  CHECK(fields[0].value.contains(" i=") == is_within);
  const auto results = verify(fields, header, body);
  CHECK(passes(results, 1));
  CHECK(results[0].auid.ends_with(is_within
                                      ? auid.substr(0, auid.find('@')) + "@" +
                                            results[0].auid.substr(results[0].auid.find('@') + 1)
                                      : "@example.org"));
}

TEST_CASE("signer: a signature is a field of clean lines", "[dkim]") {
  const SigningKeyPtr key =
      make_key(KeyType::rsa, std::string(60, 's'), "xn--fsqu00a." + std::string(60, 'd') + ".org");
  const auto fields = sign({{key, ""}, {rsa(), "a-long-local-part-of-an-address@example.org"}});
  for (const mail::HeaderField& field : fields) {
    CHECK(mail::is_clean_value(field.value));
    CHECK(field.value.starts_with(" v=1;"));
    CHECK_FALSE(field.value.contains(" l="));
    CHECK_FALSE(field.value.contains(" z="));
  }
}

TEST_CASE("signer: another From makes the signature fail (RFC 6376 §8.15)", "[dkim]") {
  const auto fields = sign({{rsa(), ""}, {ed25519(), ""}});
  mail::HeaderSection forged = header;
  const bool on_top = GENERATE(true, false);
  forged.insert(on_top ? forged.begin() : forged.end(), {"From", " Eve <eve@example.com>"});
  for (const Result& result : verify(fields, forged, body)) {
    CHECK(result.code == ResultCode::fail);
  }
}

TEST_CASE("signer: fields that change on the way may", "[dkim]") {
  mail::HeaderSection moved = header;
  moved.front().value = " by another hand";
  moved.insert(moved.begin(), {"Return-Path", " <joe@example.org>"});
  moved.push_back({"Received", " x"});
  CHECK(passes(verify(sign({{rsa(), ""}}), moved, body), 1));
}

TEST_CASE("signer: signatures of one body share its hash with the verifier's", "[dkim]") {
  BodyHashes hashes;
  const Signer signer(header, {{rsa(), ""}, {ed25519(), ""}}, {}, now, hashes);
  const BodyHashes::Id id = hashes.request({.canonicalization = Canonicalization::relaxed});
  hashes.update(body);
  hashes.finish();
  const auto fields = signer.finish(hashes);
  CHECK(parsed(fields[0]).body_hash == hashes[id].digest);
  CHECK(parsed(fields[1]).body_hash == hashes[id].digest);
  CHECK(signer.finish(hashes)[1] == fields[1]);  // nothing is used up
}

TEST_CASE("signer: nothing asked for, nothing signed", "[dkim]") {
  CHECK(sign({}).empty());
}

}  // namespace sekisho::dkim
