#include "dkim/key_record.hpp"

#include "dkim/key_fetches.hpp"
#include "dkim/keys_on.hpp"
#include "support/fake_resolver.hpp"

#include <string>

#include <catch2/catch.hpp>

namespace sekisho::dkim {
namespace {

constexpr std::size_t max_bits = 8192;
// RFC 8463 §A.2
const std::string ed25519 = "11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=";
const std::string rsa =
    "MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQDkHlOQoBTzWRiGs5V6NpP3idY6Wk08a5qhdR6wy5bdOKb2jLQi"
    "Y/J16JYi0Qvx/byYzCNb3W91y3FutACDfzwQ/BC/e/8uBsCR+yz1Lxj+PL6lHvqMKrM3rG4hstT5QjvHO9PzoxZy"
    "VYLzBfO2EeC3Ip3G+2kryOTIKT+l/K4w3QIDAQAB";

}  // namespace

TEST_CASE("key record: what it says (RFC 6376 §3.6.1)", "[dkim]") {
  struct Case {
    std::string text;
    crypto::KeyType type;
    bool allows_sha256;
    bool is_testing;
    bool forbids_subdomains;
  };
  const Case cases[] = {
      {"p=" + rsa, crypto::KeyType::rsa, true, false, false},
      {"v=DKIM1; p=" + rsa, crypto::KeyType::rsa, true, false, false},
      {"v=DKIM1;k=rsa;p=" + rsa + ';', crypto::KeyType::rsa, true, false, false},
      {"v=DKIM1; k=ed25519; p=" + ed25519, crypto::KeyType::ed25519, true, false, false},
      {"k=Ed25519; p=" + ed25519, crypto::KeyType::ed25519, true, false, false},
      {"n=a note; x=unknown; g=*; p=" + rsa, crypto::KeyType::rsa, true, false, false},
      {"h=sha1; p=" + rsa, crypto::KeyType::rsa, false, false, false},
      {"h=; p=" + rsa, crypto::KeyType::rsa, false, false, false},
      {"h=sha1 : sha256; p=" + rsa, crypto::KeyType::rsa, true, false, false},
      {"h=sha3:SHA256; p=" + rsa, crypto::KeyType::rsa, true, false, false},
      {"s=*; p=" + rsa, crypto::KeyType::rsa, true, false, false},
      {"s=tlsrpt:email; p=" + rsa, crypto::KeyType::rsa, true, false, false},
      {"t=y; p=" + rsa, crypto::KeyType::rsa, true, true, false},
      {"t=s; p=" + rsa, crypto::KeyType::rsa, true, false, true},
      {"t= y : x : s; p=" + rsa, crypto::KeyType::rsa, true, true, true},
      {"t=; p=" + rsa, crypto::KeyType::rsa, true, false, false},
      {"t=sy; p=" + rsa, crypto::KeyType::rsa, true, false, false},
      {"p=" + rsa.substr(0, 70) + ' ' + rsa.substr(70), crypto::KeyType::rsa, true, false, false},
      // line ends, as web forms and zone files leave them in a record
      {"v=DKIM1; p=" + rsa + "\n", crypto::KeyType::rsa, true, false, false},
      {"v=DKIM1; p=" + rsa + " \r\n\t ", crypto::KeyType::rsa, true, false, false},
      {"v=DKIM1; p=" + rsa + ";\r\n", crypto::KeyType::rsa, true, false, false},
      {"v=DKIM1; p=" + rsa.substr(0, 70) + '\n' + rsa.substr(70), crypto::KeyType::rsa, true, false,
       false},
      {"v=DKIM1;\r\nt=s;\nk=rsa;\r\np=" + rsa.substr(0, 70) + "\r\n  " + rsa.substr(70),
       crypto::KeyType::rsa, true, false, true},
      {"v=DKIM1\n; p=" + rsa, crypto::KeyType::rsa, true, false, false},
      // empty tags
      {"v=DKIM1;; k=rsa; ;p=" + rsa + ";;", crypto::KeyType::rsa, true, false, false},
      {";v=DKIM1; p=" + rsa, crypto::KeyType::rsa, true, false, false},
  };
  for (const Case& row : cases) {
    DYNAMIC_SECTION(row.text) {
      const auto record = parse_key_record(row.text, max_bits);
      REQUIRE(record);
      CHECK(record->key.type() == row.type);
      CHECK(record->allows_sha256 == row.allows_sha256);
      CHECK(record->is_testing == row.is_testing);
      CHECK(record->forbids_subdomains == row.forbids_subdomains);
    }
  }
}

TEST_CASE("key record: what makes it unusable (RFC 6376 §6.1.2)", "[dkim]") {
  const auto [text, reason] = GENERATE(table<std::string, std::string>({
      {"", "key record has no p= tag"},
      {";;", "key record has no p= tag"},
      {"hello", "key record is malformed: not a list of tag=value pairs"},
      {"v=DKIM1; p=x; p=y", "key record is malformed: a tag occurs twice"},
      {std::string("p=\0", 3), "key record is malformed: a control character or invalid UTF-8"},
      {"n=a\vb; p=" + rsa, "key record is malformed: a control character or invalid UTF-8"},
      {"v=spf1 -all", "key record is not of version DKIM1"},
      {"v=DKIM1.0; p=" + rsa, "key record is not of version DKIM1"},
      {"v=dkim1; p=" + rsa, "key record is not of version DKIM1"},
      {"v=DKIM2; p=" + rsa, "key record is not of version DKIM1"},
      {"p=" + rsa + "; v=DKIM1", "key record is not of version DKIM1"},
      {"v=DKIM1", "key record has no p= tag"},
      {"v=DKIM1; P=" + rsa, "key record has no p= tag"},
      {"v=DKIM1; p=", "key revoked"},
      {"v=DKIM1; p= ;", "key revoked"},
      {"s=tlsrpt; p=" + rsa, "key is not for e-mail"},
      {"s=; p=" + rsa, "key is not for e-mail"},
      {"k=dsa; p=" + rsa, "key type is not known"},
      {"k=; p=" + rsa, "key type is not known"},
      {"p=!", "p= is not base64"},
      {"p=" + rsa.substr(1), "p= is not base64"},
      {"p=" + rsa.substr(4), "key record holds no valid key"},
      {"p=" + ed25519, "key record holds no valid key"},
      {"k=ed25519; p=" + rsa, "key record holds no valid key"},
      {"k=ed25519; p=Zm9v", "key record holds no valid key"},
      {"p=MCowBQYDK2VwAyEAb7ORQaaWKMJlypuNLk/Fh8gGJ3Yz16lNuzmu5NRCMAA=",
       "key is of another type than k= says"},
      {"n=" + std::string(17'000, 'x') + "; p=" + rsa, "key record is too long"},
  }));
  CAPTURE(text);
  const auto record = parse_key_record(text, max_bits);
  REQUIRE_FALSE(record);
  CHECK(record.error().code == ResultCode::permerror);
  CHECK(record.error().reason == reason);
}

TEST_CASE("key record: a key that is too long is our limit", "[dkim]") {
  const auto record = parse_key_record("p=" + rsa, 1023);
  REQUIRE_FALSE(record);
  CHECK(record.error() ==
        Failure{ResultCode::policy, Fault::key_too_long, "key is longer than 1023 bits"});
}

TEST_CASE("keys: what an answer comes to (RFC 6376 §6.1.2 steps 2 to 5)", "[dkim]") {
  using dns::Answer;
  using dns::Status;
  const auto [status, failure] = GENERATE(table<Status, Failure>({
      {Status::no_such_name, {ResultCode::permerror, Fault::no_key, "no key for signature"}},
      {Status::no_data, {ResultCode::permerror, Fault::no_key, "no key for signature"}},
      {Status::found, {ResultCode::permerror, Fault::no_key, "no key for signature"}},
      {Status::timeout,
       {ResultCode::temperror, Fault::key_lookup_failed, "key look-up failed: time-out"}},
      {Status::server_failure,
       {ResultCode::temperror, Fault::key_lookup_failed, "key look-up failed: server failure"}},
      {Status::refused,
       {ResultCode::temperror, Fault::key_lookup_failed, "key look-up failed: refused"}},
      {Status::over_limit,
       {ResultCode::policy, Fault::too_many_key_lookups,
        "not looked up: the message asks for too many keys"}},
  }));
  CAPTURE(status);
  KeyRecordCache cache(max_bits);
  const FetchedKeys keys = read_keys(Answer::failed(status), cache);
  REQUIRE_FALSE(keys);
  CHECK(keys.error() == failure);
}

TEST_CASE("keys: several records, those that can serve are kept (RFC 6376 §6.1.2)", "[dkim]") {
  const std::string good = "v=DKIM1; p=" + rsa;
  KeyRecordCache cache(max_bits);
  const auto count = [&cache](std::vector<dns::Record> records) {
    const FetchedKeys keys = read_keys(dns::Answer::found(std::move(records)), cache);
    return keys ? keys->size() : 0;
  };
  using dns::Text;
  CHECK(count({Text{good}}) == 1);
  CHECK(count({Text{"v=spf1 -all"}, Text{good}}) == 1);
  CHECK(count({Text{"p="}, Text{"k=ed25519; p=" + ed25519}, Text{good}}) == 2);
  CHECK(count({Text{good}, Text{good}, Text{good}, Text{good}}) == max_key_records);
  const FetchedKeys none = read_keys(dns::Answer::found({Text{"p="}, Text{"v=spf1 -all"}}), cache);
  REQUIRE_FALSE(none);
  CHECK(none.error().fault == Fault::key_revoked);
}

TEST_CASE("keys: each is asked for once, at once", "[dkim]") {
  const auto resolver = std::make_shared<test::FakeResolver>();
  resolver->add_txt("a._domainkey.example.com", "p=" + rsa);
  KeyFetches fetches = test::keys_on(resolver);
  const auto domain = *mail::Domain::parse("Example.com");
  const auto first = fetches.request("a", domain);
  const auto second = fetches.request("b.c", domain);
  CHECK(fetches.request("a", domain) == first);
  CHECK(first != second);
  CHECK(resolver->asked() ==
        std::vector<dns::Question>{{"a._domainkey.example.com", dns::RecordType::txt},
                                   {"b.c._domainkey.example.com", dns::RecordType::txt}});
  CHECK(fetches.keys(first));
  CHECK(fetches.keys(first));  // again
  CHECK_FALSE(fetches.keys(second));
}

}  // namespace sekisho::dkim
