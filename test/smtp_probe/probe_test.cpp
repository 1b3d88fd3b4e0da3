// What a sender sees of the TLS of a mail host (RFC 3207), and how far it trusts it (RFC 8461 §4.2,
// RFC 7672).
#include "smtp_probe/probe.hpp"

#include "crypto/digest.hpp"
#include "smtp_probe/connection.hpp"
#include "smtp_probe/mail_host.hpp"

#include <string>
#include <vector>

#include <catch2/catch.hpp>

namespace sekisho::smtp_probe {

namespace {

using test::Identity;
using test::MailHost;
using test::make_identity;
using test::Script;

const dns::IpAddress loopback = dns::IpAddress::v4({127, 0, 0, 1});
constexpr test::Validity validity;
constexpr std::chrono::sys_seconds summer = validity.begin + std::chrono::days(150);

std::string times(std::size_t count, const std::string& text) {
  std::string all;
  for (std::size_t i = 0; i < count; ++i) {
    all += text;
  }
  return all;
}

struct Names {
  Identity authority = make_identity("authority.example", nullptr, true);
  Identity host = make_identity("mx.example", &authority);
  test::AuthorityFile file{authority.pem()};
};

const Names& names() {
  static const Names all;
  return all;
}

Options options_for(const MailHost& host) {
  return {.port = host.port(),
          .helo = "probe.example",
          .timeout = std::chrono::seconds(20),
          .authorities = names().file.path(),
          .time = summer};
}

struct Seen {
  Result result;
  std::string lines;
};

Seen look_at(const Script& script,
             const Host& host = {.name = "mx.example", .names = {}, .associations = {}}) {
  MailHost server(script);
  Result result = probe(loopback, host, options_for(server));
  return {std::move(result), server.lines()};
}

std::string sha256(const crypto::Bytes& octets) {
  crypto::Digest digest(crypto::HashAlgorithm::sha256);
  digest.update({reinterpret_cast<const char*>(octets.data()), octets.size()});
  const crypto::Bytes hash = digest.finish();
  return {hash.begin(), hash.end()};
}

}  // namespace

TEST_CASE("a host with TLS and a certificate of its name is trusted", "[smtp_probe]") {
  const auto [result, lines] = look_at({.chain = {&names().host, &names().authority}});
  CHECK(result.address == loopback);
  CHECK(result.fault == Fault::none);
  CHECK(result.detail.empty());
  CHECK(result.version == "TLSv1.3");
  CHECK(result.cipher.starts_with("TLS_"));
  REQUIRE(result.chain.size() == 2);
  CHECK(result.chain[0].der() == names().host.parsed().der());
  CHECK(result.chain[1].der() == names().authority.parsed().der());
  CHECK(result.is_trusted);
  CHECK(result.distrust == Distrust::none);
  CHECK_FALSE(result.matches_dane);
  CHECK(lines == "EHLO probe.example|STARTTLS|[QUIT]");
}

TEST_CASE("how far the dialogue comes", "[smtp_probe]") {
  struct Row {
    const char* name;
    Script script;
    Fault fault;
    std::string detail;
    const char* lines;
  };
  const std::string too_many = "a reply of too many lines";
  const std::vector<const Identity*> chain = {&names().host};
  const char* const helo = "EHLO probe.example";
  const char* const all = "EHLO probe.example|STARTTLS|[QUIT]";
  const Row rows[] = {
      {"a greeting of several lines",
       {.greeting = "220-a\r\n220-\r\n220 b\r\n", .chain = chain},
       Fault::none,
       "",
       all},
      {"a greeting without a text", {.greeting = "220\r\n", .chain = chain}, Fault::none, "", all},
      {"lines that end in LF alone", {.greeting = "220 a\n", .chain = chain}, Fault::none, "", all},
      {"as many lines as there may be",
       {.greeting = times(max_lines - 1, "220-a\r\n") + "220 b\r\n", .chain = chain},
       Fault::none,
       "",
       all},
      {"one line more",
       {.greeting = times(max_lines, "220-a\r\n") + "220 b\r\n"},
       Fault::unreachable,
       too_many,
       ""},
      {"a line without an end",
       {.greeting = "220 " + std::string(3 * max_line, 'x')},
       Fault::unreachable,
       "a line that is too long",
       ""},
      {"no SMTP", {.greeting = "SSH-2.0-x\r\n"}, Fault::unreachable, "no SMTP reply", ""},
      {"a code of two digits", {.greeting = "22 a\r\n"}, Fault::unreachable, "no SMTP reply", ""},
      {"an empty line", {.greeting = "\r\n"}, Fault::unreachable, "no SMTP reply", ""},
      {"a host that hangs up",
       {.greeting = ""},
       Fault::unreachable,
       "the connection was closed",
       ""},
      {"a host that is closed (RFC 5321 §3.1)",
       {.greeting = "554-no\r\n554 mail here\r\n"},
       Fault::refused,
       "554 no\nmail here",
       "QUIT"},
      {"EHLO is refused",
       {.ehlo = "502 what?\r\n"},
       Fault::refused,
       "502 what?",
       "EHLO probe.example|QUIT"},
      {"it hangs up at EHLO", {.ehlo = ""}, Fault::unreachable, "the connection was closed", helo},
      {"no STARTTLS",
       {.ehlo = "250-mx.example\r\n250 SIZE\r\n"},
       Fault::no_starttls,
       "",
       "EHLO probe.example|QUIT"},
      {"another word with STARTTLS in it",
       {.ehlo = "250-mx.example\r\n250 XSTARTTLS\r\n"},
       Fault::no_starttls,
       "",
       "EHLO probe.example|QUIT"},
      {"STARTTLS in small letters, and not last",
       {.ehlo = "250-mx.example\r\n250-starttls \r\n250 SIZE\r\n", .chain = chain},
       Fault::none,
       "",
       all},
      {"STARTTLS is refused (RFC 3207 §4)",
       {.starttls = "454 not now\r\n"},
       Fault::starttls_refused,
       "454 not now",
       "EHLO probe.example|STARTTLS|QUIT"},
      {"it hangs up at STARTTLS",
       {.starttls = ""},
       Fault::unreachable,
       "the connection was closed",
       "EHLO probe.example|STARTTLS"},
  };
  for (const Row& row : rows) {
    DYNAMIC_SECTION(row.name) {
      const auto [result, lines] = look_at(row.script);
      CHECK(result.fault == row.fault);
      CHECK(result.detail == row.detail);
      CHECK(lines == row.lines);
      CHECK(result.chain.size() == (row.fault == Fault::none ? 1 : 0));
    }
  }
}

TEST_CASE("a handshake that fails is told, and nothing is said after it", "[smtp_probe]") {
  const auto [plain, lines] = look_at({.speaks_tls = false, .chain = {}});
  CHECK(plain.fault == Fault::tls_failed);
  CHECK_FALSE(plain.detail.empty());
  CHECK(lines == "EHLO probe.example|STARTTLS");
  CHECK(plain.version.empty());
  const auto [without, others] = look_at({.chain = {}});  // it has no certificate
  CHECK(without.fault == Fault::tls_failed);
  CHECK(without.chain.empty());
}

TEST_CASE("where nobody listens, or time is up, nobody is reached", "[smtp_probe]") {
  std::uint16_t port = 0;
  {
    const Script script{.greeting = "220 a\r\n"};
    MailHost server(script);
    port = server.port();
    const auto in_time = [&](int seconds) {
      Options options = options_for(server);
      options.timeout = std::chrono::seconds(seconds);
      return probe(loopback, {.name = "mx.example", .names = {}, .associations = {}}, options);
    };
    CHECK(in_time(0).detail == "time-out");
  }
  const Result result = probe(loopback, {.name = "mx.example", .names = {}, .associations = {}},
                              {.port = port, .authorities = "", .time = {}});
  CHECK(result.fault == Fault::unreachable);
  CHECK(result.detail == "Connection refused");
}

TEST_CASE("a certificate is trusted for its name, in its time, below an authority",
          "[smtp_probe]") {
  static const Identity stranger = make_identity("stranger.example", nullptr, true);
  static const Identity below_stranger = make_identity("mx.example", &stranger);
  static const Identity alone = make_identity("mx.example");
  static const Identity wild = make_identity("*.mx.example", &names().authority);
  static const Identity partial = make_identity("a*.mx.example", &names().authority);
  struct Row {
    const char* name;
    const Identity* identity;
    std::string host;
    std::chrono::sys_seconds time;
    Distrust distrust;
  };
  using std::chrono::seconds;
  const Row rows[] = {
      {"as it should be", &names().host, "mx.example", summer, Distrust::none},
      {"another name", &names().host, "mx2.example", summer, Distrust::name},
      {"a name with a NUL", &names().host, std::string("mx.example\0.evil", 16), summer,
       Distrust::name},
      {"a wildcard", &wild, "a.mx.example", summer, Distrust::none},
      {"a wildcard of two labels", &wild, "b.a.mx.example", summer, Distrust::name},
      {"a partial wildcard (RFC 8461 §4.1)", &partial, "ab.mx.example", summer, Distrust::name},
      {"in its last second", &names().host, "mx.example", validity.end - seconds(1),
       Distrust::none},
      {"expired", &names().host, "mx.example", validity.end, Distrust::expired},
      {"in its first second", &names().host, "mx.example", validity.begin, Distrust::none},
      {"not yet valid", &names().host, "mx.example", validity.begin - seconds(1),
       Distrust::expired},
      {"signed by itself", &alone, "mx.example", summer, Distrust::self_signed},
      {"of an unknown authority", &below_stranger, "mx.example", summer, Distrust::chain},
  };
  for (const Row& row : rows) {
    DYNAMIC_SECTION(row.name) {
      const Script script{.chain = {row.identity}};
      MailHost server(script);
      Options options = options_for(server);
      options.time = row.time;
      const Result result =
          probe(loopback, {.name = row.host, .names = {}, .associations = {}}, options);
      REQUIRE(result.fault == Fault::none);
      CHECK(result.is_trusted == (row.distrust == Distrust::none));
      CHECK(result.distrust == row.distrust);
      CHECK(result.distrust_text.empty() == result.is_trusted);
    }
  }
}

TEST_CASE("TLSA records authenticate a host (RFC 7672 §3.1)", "[smtp_probe]") {
  const std::string host_key = sha256(names().host.parsed().public_key_der());
  const std::string authority = sha256(names().authority.parsed().der());
  struct Row {
    const char* name;
    std::string host;
    std::vector<std::string> more_names;
    std::vector<dns::CertificateAssociation> associations;
    bool matches;
  };
  const Row rows[] = {
      {"none", "mx.example", {}, {}, false},
      {"3 1 1", "mx.example", {}, {{3, 1, 1, host_key}}, true},
      {"3 1 1 of another key", "mx.example", {}, {{3, 1, 1, authority}}, false},
      {"one of two", "mx.example", {}, {{3, 1, 1, authority}, {3, 1, 1, host_key}}, true},
      {"3 1 1 under another name (§3.1.1)", "mx2.example", {}, {{3, 1, 1, host_key}}, true},
      {"2 0 1", "mx.example", {}, {{2, 0, 1, authority}}, true},
      {"2 0 1 under another name (§3.1.2)", "mx2.example", {}, {{2, 0, 1, authority}}, false},
      {"2 0 1 under one of its names (§3.2.2)",
       "mx2.example",
       {"mx3.example", "mx.example"},
       {{2, 0, 1, authority}},
       true},
  };
  for (const Row& row : rows) {
    DYNAMIC_SECTION(row.name) {
      const auto [result, lines] = look_at({.chain = {&names().host, &names().authority}},
                                           {row.host, row.more_names, row.associations});
      REQUIRE(result.fault == Fault::none);
      CHECK(result.matches_dane == row.matches);
    }
  }
}

TEST_CASE("what came before the handshake does not count (RFC 3207 §4.2)", "[smtp_probe]") {
  const Script script{.starttls = "220 go\r\n250 smuggled\r\n",
                      .other = "221 over TLS\r\n",
                      .chain = {&names().host}};
  MailHost server(script);
  auto connection = Connection::open(loopback, server.port(),
                                     std::chrono::steady_clock::now() + std::chrono::seconds(20));
  REQUIRE(connection);
  CHECK(connection->tls() == nullptr);
  CHECK(connection->read_reply()->code == 220);
  CHECK(connection->command("EHLO x")->text == "mx.example\nSIZE 1000\nSTARTTLS");
  CHECK(connection->command("STARTTLS")->text == "go");
  const TlsContext context(SSL_CTX_new(TLS_client_method()));
  REQUIRE(connection->start_tls(Tls(SSL_new(context.get()))));
  CHECK(connection->command("NOOP")->text == "over TLS");
}

TEST_CASE("faults have their words", "[smtp_probe]") {
  using enum Fault;
  const auto [fault, words] =
      GENERATE(table<Fault, const char*>({{none, "none"},
                                          {unreachable, "not reached"},
                                          {refused, "the host refuses the session"},
                                          {no_starttls, "STARTTLS is not offered"},
                                          {starttls_refused, "STARTTLS is refused"},
                                          {tls_failed, "the TLS handshake failed"}}));
  CHECK(format_fault(fault) == words);
}

}  // namespace sekisho::smtp_probe
