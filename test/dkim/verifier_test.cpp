#include "dkim/verifier.hpp"

#include "dkim/keys_on.hpp"
#include "support/fake_resolver.hpp"

#include <algorithm>
#include <string>

#include <catch2/catch.hpp>

namespace sekisho::dkim {
namespace {

using test::FakeResolver;

// RFC 8463 §A.3 and §A.2. (The text has one blank after "game."; the RFC's page layout made it
// two.)
const mail::HeaderField ed25519_signature{
    "DKIM-Signature",
    " v=1; a=ed25519-sha256; c=relaxed/relaxed;\r\n d=football.example.com; "
    "i=@football.example.com;\r\n q=dns/txt; s=brisbane; t=1528637909; h=from : to :\r\n subject : "
    "date : message-id : from : subject : date;\r\n "
    "bh=2jUSOH9NhtVGCQWNr9BrIAPreKQjO6Sn7XIkfJVOzv8=;\r\n "
    "b=/gCrinpcQOoIfuHNQIbq4pgh9kyIK3AQUdt9OdqQehSwhEIug4D11Bus\r\n "
    "Fa3bT3FY5OsU7ZbnKELq+eXdp1Q1Dw=="};
const mail::HeaderField rsa_signature{
    "DKIM-Signature",
    " v=1; a=rsa-sha256; c=relaxed/relaxed;\r\n d=football.example.com; "
    "i=@football.example.com;\r\n q=dns/txt; s=test; t=1528637909; h=from : to : subject :\r\n "
    "date : message-id : from : subject : date;\r\n "
    "bh=2jUSOH9NhtVGCQWNr9BrIAPreKQjO6Sn7XIkfJVOzv8=;\r\n "
    "b=F45dVWDfMbQDGHJFlXUNB2HKfbCeLRyhDXgFpEL8GwpsRe0IeIixNTe3\r\n "
    "DhCVlUrSjV4BwcVcOF6+FF3Zo9Rpo1tFOeS9mPYQTnGdaSGsgeefOsk2Jz\r\n "
    "dA+L10TeYt9BgDfQNZtKdN1WO//KgIqXP7OdEFE4LjFYNcUxZQ4FADY+8="};
const mail::HeaderSection author_fields{
    {"From", " Joe SixPack <joe@football.example.com>"},
    {"To", " Suzie Q <suzie@shopping.example.net>"},
    {"Subject", " Is dinner ready?"},
    {"Date", " Fri, 11 Jul 2003 21:00:37 -0700 (PDT)"},
    {"Message-ID", " <20030712040037.46341.5F8J@football.example.com>"}};
const std::string body = "Hi.\r\n\r\nWe lost the game. Are you hungry yet?\r\n\r\nJoe.\r\n";

const std::string ed25519_key =
    "v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=";
const std::string rsa_key =
    "v=DKIM1; k=rsa; p=MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQDkHlOQoBTzWRiGs5V6NpP3idY6Wk08a5qhdR6w"
    "y5bdOKb2jLQiY/J16JYi0Qvx/byYzCNb3W91y3FutACDfzwQ/BC/e/8uBsCR+yz1Lxj+PL6lHvqMKrM3rG4hstT5QjvH"
    "O9PzoxZyVYLzBfO2EeC3Ip3G+2kryOTIKT+l/K4w3QIDAQAB";
const std::string ed25519_name = "brisbane._domainkey.football.example.com";
const std::string rsa_name = "test._domainkey.football.example.com";

constexpr std::chrono::sys_seconds now{std::chrono::seconds{1'700'000'000}};

std::shared_ptr<FakeResolver> resolver_with_keys(std::chrono::milliseconds delay = {}) {
  auto resolver = std::make_shared<FakeResolver>(delay);
  resolver->add_txt(ed25519_name, ed25519_key);
  resolver->add_txt(rsa_name, rsa_key);
  return resolver;
}

mail::HeaderSection message(std::vector<mail::HeaderField> signatures) {
  mail::HeaderSection header = std::move(signatures);
  header.insert(header.end(), author_fields.begin(), author_fields.end());
  return header;
}

mail::HeaderField replaced(mail::HeaderField field, std::string_view old_text,
                           std::string_view new_text) {
  field.value.replace(field.value.find(old_text), old_text.size(), new_text);
  return field;
}

struct Setting {
  std::shared_ptr<FakeResolver> resolver = resolver_with_keys();
  VerifyOptions options = {};
  std::optional<mail::Domain> author = std::nullopt;
  std::string text = body;
};

std::vector<Result> verify(const mail::HeaderSection& header, const Setting& setting = {}) {
  BodyHashes hashes;
  Verifier verifier(test::keys_on(setting.resolver, setting.options), header, setting.author,
                    setting.options, now, hashes);
  hashes.update(setting.text);
  hashes.finish();
  return verifier.finish(hashes);
}

std::vector<std::string> outcomes(const std::vector<Result>& results) {
  std::vector<std::string> texts;
  for (const Result& result : results) {
    texts.push_back(std::string(format_result_code(result.code)) + ' ' + result.reason);
  }
  return texts;
}

using Outcomes = std::vector<std::string>;

}  // namespace

TEST_CASE("verifier: the message of RFC 8463 §A.3", "[dkim]") {
  const auto delay = GENERATE(std::chrono::milliseconds{0}, std::chrono::milliseconds{5});
  const auto results =
      verify(message({ed25519_signature, rsa_signature}), {.resolver = resolver_with_keys(delay)});
  REQUIRE(results.size() == 2);
  CHECK(outcomes(results) == Outcomes{"pass ", "pass "});
  CHECK(results[0].domain == mail::Domain::parse("football.example.com"));
  CHECK(results[0].selector == "brisbane");
  CHECK(results[0].algorithm == "ed25519-sha256");
  CHECK(results[0].auid == "@football.example.com");
  CHECK(results[0].signature ==
        "/gCrinpcQOoIfuHNQIbq4pgh9kyIK3AQUdt9OdqQehSwhEIug4D11BusFa3bT3FY5OsU7ZbnKELq+eXdp1Q1Dw==");
  CHECK(results[1].algorithm == "rsa-sha256");
  CHECK(results[1].key_bits == 1024);
  CHECK_FALSE(results[1].testing);
}

TEST_CASE("verifier: no signature, no result, no look-up", "[dkim]") {
  const Setting setting;
  CHECK(verify(author_fields, setting).empty());
  CHECK(setting.resolver->asked().empty());
}

TEST_CASE("verifier: a changed message fails (RFC 6376 §6.1.3)", "[dkim]") {
  mail::HeaderSection header = message({rsa_signature});
  CHECK(outcomes(verify(header, {.text = body + "x"})) ==
        Outcomes{"fail body hash did not verify"});
  header.insert(header.begin(), {"Subject", " urgent"});  // the signature covers it twice
  CHECK(outcomes(verify(header)) == Outcomes{"fail signature did not verify"});
  header = message({replaced(rsa_signature, "t=1528637909", "t=1528637908")});
  CHECK(outcomes(verify(header)) == Outcomes{"fail signature did not verify"});
}

TEST_CASE("verifier: a footer is named in the reason, and passes nothing", "[dkim]") {
  struct Case {
    const char* description;
    std::string author;
    std::string added;
    std::size_t limit;
    std::string reason;
    std::size_t lines;
  };
  const std::string own = "football.example.com";
  const std::string unknown = "body hash did not verify";
  const Case cases[] = {
      {"one line", own, "list\r\n", 1'000, "1 line was added at the end", 1},
      {"several lines", own, "--\r\nlist\r\n", 1'000, "2 lines were added at the end", 2},
      {"an author below the signer", "eu." + own, "list\r\n", 1'000, "1 line was added at the end",
       1},
      {"another author", "other.example", "list\r\n", 1'000, unknown, 0},
      {"turned off", own, "list\r\n", 0, unknown, 0},
      {"a body above the limit", own, "list\r\n", body.size(), unknown, 0},
      {"a line that was changed", own, "list", 1'000, unknown, 0},
  };
  for (const Case& c : cases) {
    CAPTURE(c.description);
    const Setting setting{.options = {.footer_body_octets = c.limit},
                          .author = mail::Domain::parse(c.author),
                          .text = c.added.ends_with('\n') ? body + c.added : "x" + body};
    for (const mail::HeaderField& signature : {rsa_signature, ed25519_signature}) {
      const auto results = verify(message({signature}), setting);
      REQUIRE(results.size() == 1);
      CHECK(results[0].code == ResultCode::fail);
      CHECK(results[0].fault == Fault::body_hash_mismatch);
      CHECK(results[0].reason == c.reason);
      CHECK(results[0].added_lines == c.lines);
    }
  }
}

TEST_CASE("verifier: a footer is no excuse for a signature of somebody else", "[dkim]") {
  const Setting setting{.author = mail::Domain::parse("football.example.com"),
                        .text = body + "list\r\n"};
  const Outcomes unknown{"fail body hash did not verify"};
  const mail::HeaderField forged = replaced(ed25519_signature, "b=/gCr", "b=/gCs");
  CHECK(outcomes(verify(message({forged}), setting)) == unknown);
  mail::HeaderSection changed = message({rsa_signature});
  changed.insert(changed.begin(), {"Subject", " urgent"});
  CHECK(outcomes(verify(changed, setting)) == unknown);
}

TEST_CASE("verifier: relaxed survives refolding and other names' case (RFC 6376 §3.4.2)",
          "[dkim]") {
  mail::HeaderSection header = message({rsa_signature, ed25519_signature});
  for (mail::HeaderField& field : header) {
    std::ranges::transform(field.name, field.name.begin(),
                           [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
    field.value.insert(0, "\r\n\t ");
    field.value += " \t";
  }
  header[3].name += " ";
  CHECK(outcomes(verify(header)) == Outcomes{"pass ", "pass "});
}

TEST_CASE("verifier: keys that cannot be had (RFC 6376 §6.1.2)", "[dkim]") {
  struct Case {
    std::string_view name;
    std::optional<dns::Status> status;
    std::string text;
    std::string outcome;
  };
  using dns::Status;
  const Case cases[] = {
      {"no such name", {}, "", "permerror no key for signature"},
      {"no data", Status::no_data, "", "permerror no key for signature"},
      {"time-out", Status::timeout, "", "temperror key look-up failed: time-out"},
      {"SERVFAIL", Status::server_failure, "", "temperror key look-up failed: server failure"},
      {"revoked", {}, "v=DKIM1; p=", "permerror key revoked"},
      {"of another type", {}, ed25519_key, "permerror key is of another type than a= says"},
      {"for another hash",
       {},
       rsa_key + "; h=sha1",
       "permerror key does not allow this hash algorithm"},
      {"strict", {}, rsa_key + "; t=s", "pass "},
  };
  for (const Case& row : cases) {
    DYNAMIC_SECTION(row.name) {
      const auto resolver = std::make_shared<FakeResolver>();
      if (row.status) {
        resolver->fail(rsa_name, *row.status);
      }
      if (!row.text.empty()) {
        resolver->add_txt(rsa_name, row.text);
      }
      CHECK(outcomes(verify(message({rsa_signature}), {.resolver = resolver})) ==
            Outcomes{row.outcome});
    }
  }
}

TEST_CASE("verifier: of several keys the one that fits decides (RFC 6376 §6.1.2 step 4)",
          "[dkim]") {
  const std::string other_rsa_key =
      "p=MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQDAGCoB+EZ+6JgfKUJ2S/"
      "dXnY072E6+rzDVCestHcUf5WRlhx5lMXDo"
      "Jyb0xUnNI6W0loZaXMNtU4Fh7flDxEiHCqKuaG7FAWAKEwtSZGsxBEps/f+NRQPWfvV9M46o2KWGgE2ApLsYu//tOtQR"
      "vs6S+j2aOIQpaHrn3V2DjnWB+QIDAQAB";
  const auto outcome_with = [](const std::vector<std::string>& texts) {
    const auto resolver = std::make_shared<FakeResolver>();
    for (const std::string& text : texts) {
      resolver->add_txt(rsa_name, text);
    }
    return outcomes(verify(message({rsa_signature}), {.resolver = resolver}));
  };
  CHECK(outcome_with({other_rsa_key, rsa_key}) == Outcomes{"pass "});
  CHECK(outcome_with({"v=spf1 -all", "v=DKIM1; p=", rsa_key}) == Outcomes{"pass "});
  CHECK(outcome_with({ed25519_key, other_rsa_key}) == Outcomes{"fail signature did not verify"});
}

TEST_CASE("verifier: t=y makes a failure as if unsigned (RFC 6376 §3.6.1)", "[dkim]") {
  const auto resolver = std::make_shared<FakeResolver>();
  resolver->add_txt(rsa_name, rsa_key + "; t=y");
  const auto good = verify(message({rsa_signature}), {.resolver = resolver});
  CHECK(outcomes(good) == Outcomes{"pass "});
  CHECK(good[0].testing);
  const auto bad = verify(message({rsa_signature}), {.resolver = resolver, .text = "x"});
  CHECK(outcomes(bad) == Outcomes{"neutral body hash did not verify, domain is testing"});
  CHECK(bad[0].fault == Fault::body_hash_mismatch);
  CHECK(bad[0].testing);
  // What is no failed signature stays what it is.
  const auto outcome_of = [&](const std::string& tag, const VerifyOptions& options) {
    const auto field = replaced(rsa_signature, "t=1528637909;", "t=1528637909; " + tag);
    return outcomes(verify(message({field}), {.resolver = resolver, .options = options}));
  };
  CHECK(outcome_of("l=9999;", {}) == Outcomes{"permerror l= is larger than the body"});
  CHECK(outcomes(verify(message({rsa_signature}),
                        {.resolver = resolver, .options = {.min_rsa_bits = 2048}})) ==
        Outcomes{"policy key has 1024 bits, below 2048"});
}

TEST_CASE("verifier: t=y softens no error of the key record", "[dkim]") {
  const auto resolver = std::make_shared<FakeResolver>();
  resolver->add_txt(rsa_name, rsa_key + "; t=y; h=sha1");
  CHECK(outcomes(verify(message({rsa_signature}), {.resolver = resolver})) ==
        Outcomes{"permerror key does not allow this hash algorithm"});
}

TEST_CASE("verifier: short keys pass no policy (RFC 8301 §3.2)", "[dkim]") {
  const mail::HeaderSection header = message({rsa_signature});
  CHECK(outcomes(verify(header, {.options = {.min_rsa_bits = 2048}})) ==
        Outcomes{"policy key has 1024 bits, below 2048"});
  CHECK(outcomes(verify(header, {.options = {.min_rsa_bits = 2048}, .text = "x"})) ==
        Outcomes{"fail body hash did not verify"});
  CHECK(outcomes(verify(header, {.options = {.min_rsa_bits = 512}})) == Outcomes{"pass "});
  CHECK(outcomes(verify(message({ed25519_signature}), {.options = {.min_rsa_bits = 4096}})) ==
        Outcomes{"pass "});
}

TEST_CASE("verifier: what is decided from the field alone asks nothing", "[dkim]") {
  const auto [old_text, new_text, outcome] = GENERATE(table<std::string, std::string, std::string>({
      {"v=1", "v=2", "permerror version is not 1"},
      {"a=rsa-sha256", "a=rsa-sha255", "permerror algorithm is not known"},
      {"t=1528637909;", "t=1528637909; x=1699999699;", "fail signature expired"},
      {"t=1528637909", "t=1700000301", "fail signature is dated in the future"},
      {"t=1528637909", "t=99999999999999", "fail signature is dated in the future"},
      {"s=test", std::string("s=a.attack.com.\0.b", 18),
       "permerror a control character or invalid UTF-8"},
      {"d=football.example.com", "d=legitimate.com'a.attack.com",
       "permerror d= is not a domain name"},
  }));
  CAPTURE(new_text);
  const Setting setting;
  CHECK(outcomes(verify(message({replaced(rsa_signature, old_text, new_text)}), setting)) ==
        Outcomes{outcome});
  CHECK(setting.resolver->asked().empty());
}

TEST_CASE("verifier: rsa-sha1 is not even tried (RFC 8301 §3.1)", "[dkim]") {
  const Setting setting;
  const mail::HeaderField field{"DKIM-Signature",
                                " v=1; a=rsa-sha1; d=example.com; s=s; h=from; b=Zm9v; "
                                "bh=2jmj7l5rSw0yVb/vlWAYkK/YBwk="};
  const auto results = verify(message({field}), setting);
  CHECK(outcomes(results) == Outcomes{"policy rsa-sha1 is not accepted (RFC 8301)"});
  CHECK(results[0].algorithm == "rsa-sha1");
  CHECK(setting.resolver->asked().empty());
}

TEST_CASE("verifier: clocks may differ a little (RFC 6376 §3.5)", "[dkim]") {
  const auto [old_text, new_text] = GENERATE(table<std::string, std::string>({
      {"t=1528637909;", "t=1528637909; x=1699999700;"},
      {"t=1528637909", "t=1700000300"},
  }));
  CAPTURE(new_text);
  // In time, and so it comes to the signature, which does not cover this change.
  CHECK(outcomes(verify(message({replaced(rsa_signature, old_text, new_text)}))) ==
        Outcomes{"fail signature did not verify"});
}

TEST_CASE("verifier: signatures beyond the limit are not tried, the author's come first",
          "[dkim]") {
  const auto of = [](const std::string& domain, int selector) {
    return replaced(replaced(replaced(rsa_signature, "d=football.example.com", "d=" + domain),
                             "i=@football.example.com;", ""),
                    "s=test", "s=s" + std::to_string(selector));
  };
  std::vector<mail::HeaderField> signatures;
  for (int i = 0; i < 1'000; ++i) {
    signatures.push_back(of("other.example.net", i));
  }
  signatures.push_back(replaced(rsa_signature, "v=1", "v=9"));
  signatures.push_back(rsa_signature);
  signatures.push_back(of("example.com", 7));

  const Setting setting{.options = {.max_signatures = 4},
                        .author = mail::Domain::parse("football.example.com")};
  const auto results = verify(message(signatures), setting);
  REQUIRE(results.size() == 1'003);
  CHECK(setting.resolver->asked().size() == 4);
  CHECK(results[0].reason == "no key for signature");
  CHECK(results[1].reason == "no key for signature");
  CHECK(results[2].code == ResultCode::policy);
  CHECK(results[2].reason == "not tried: more than 4 signatures");
  CHECK(results[999].code == ResultCode::policy);
  CHECK(results[1'000].reason == "version is not 1");
  CHECK(results[1'001].code == ResultCode::pass);
  CHECK(results[1'002].reason == "no key for signature");
}

TEST_CASE("verifier: a signer above or below the author is the author's, beside him nobody",
          "[dkim]") {
  struct Case {
    std::string domain;
    bool is_tried;
  };
  const Case cases[] = {{"football.example.com", true},
                        {"a.football.example.com", true},
                        {"example.com", true},
                        {"golf.example.com", false},
                        {"badfootball.example.com", false}};
  for (const auto& [domain, is_tried] : cases) {
    DYNAMIC_SECTION(domain) {
      const auto of = [](const std::string& signer) {
        return replaced(replaced(rsa_signature, "d=football.example.com", "d=" + signer),
                        "i=@football.example.com;", "");
      };
      const std::vector<mail::HeaderField> signatures(2, of("other.example.net"));
      mail::HeaderSection header = message(signatures);
      header.insert(header.begin() + 2, of(domain));
      const auto results = verify(header, {.options = {.max_signatures = 2},
                                           .author = mail::Domain::parse("football.example.com")});
      REQUIRE(results.size() == 3);
      CHECK((results[2].reason != "not tried: more than 2 signatures") == is_tried);
      CHECK((results[1].reason != "not tried: more than 2 signatures") != is_tried);
      CHECK(results[0].reason == "no key for signature");
    }
  }
}

TEST_CASE("verifier: as many signatures as the limit allows are all tried", "[dkim]") {
  const auto header = message({rsa_signature, ed25519_signature});
  CHECK(outcomes(verify(header, {.options = {.max_signatures = 2}})) == Outcomes{"pass ", "pass "});
  CHECK(outcomes(verify(header, {.options = {.max_signatures = 1}})) ==
        Outcomes{"pass ", "policy not tried: more than 1 signatures"});
}

TEST_CASE("verifier: all keys are asked for at the start, equal ones once", "[dkim]") {
  const auto resolver = resolver_with_keys();
  BodyHashes hashes;
  const auto header = message({rsa_signature, ed25519_signature, rsa_signature});
  Verifier verifier(test::keys_on(resolver), header, std::nullopt, {}, now, hashes);
  CHECK(resolver->asked() == std::vector<dns::Question>{{rsa_name, dns::RecordType::txt},
                                                        {ed25519_name, dns::RecordType::txt}});
  CHECK(verifier.domains() ==
        std::vector<mail::Domain>(3, *mail::Domain::parse("football.example.com")));
  hashes.update(body);
  hashes.finish();
  Verifier moved = std::move(verifier);
  CHECK(outcomes(moved.finish(hashes)) == Outcomes{"pass ", "pass ", "pass "});
  CHECK(resolver->asked().size() == 2);
}

TEST_CASE("verifier: a bad signature does not disturb a good one (RFC 6376 §6.1)", "[dkim]") {
  const auto header = message({{"DKIM-Signature", " garbage"}, rsa_signature});
  CHECK(outcomes(verify(header)) == Outcomes{"permerror not a list of tag=value pairs", "pass "});
}

}  // namespace sekisho::dkim
