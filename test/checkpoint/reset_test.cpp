// What one connection, HELO or message leaves behind for the next one: nothing that counts.
#include "checkpoint/example_session.hpp"

#include <string>
#include <vector>

#include <catch2/catch.hpp>

namespace sekisho::checkpoint {

namespace {

using findings::Origin;

const mail::HeaderSection by_alice = {{"From", " alice@example.org"}};

Verdict send_by_alice(Session& session) {
  return send(session, "<alice@example.org>", by_alice);
}

}  // namespace

TEST_CASE("another connection is judged anew, under the same HELO name", "[checkpoint]") {
  Session session = session_on(example_dns());
  CHECK(send_by_alice(session).findings.spf_helo.value().code == spf::ResultCode::pass);
  session.connect(dns::IpAddress::parse("198.51.100.7"), 25);
  session.helo("mail.example.org");
  const findings::Findings second = send_by_alice(session).findings;
  CHECK(second.client.port == 25);
  CHECK(second.spf_helo.value().code == spf::ResultCode::fail);
  CHECK(second.spf_mail_from.value().code == spf::ResultCode::fail);
  CHECK(second.iprev.value().code != iprev::ResultCode::pass);
}

TEST_CASE("another connection has neither HELO, login, daemon nor TLS of the one before",
          "[checkpoint]") {
  Session session = session_on(example_dns());
  session.identify("alice", "ORIGINATING");
  session.encrypt({.version = tls::Version::tls_1_3});
  SECTION("an address") {
    session.connect(client_address);
  }
  SECTION("no known address") {
    session.connect_unknown();
  }
  const findings::Findings findings = send_by_alice(session).findings;
  CHECK(findings.origin == Origin::outside);
  CHECK(findings.client.helo.empty());
  CHECK(findings.client.login.empty());
  CHECK(findings.client.daemon.empty());
  CHECK(findings.client.tls.version == tls::Version::none);
}

TEST_CASE("another connection ends the message that was under way", "[checkpoint]") {
  Session session = session_on(example_dns());
  session.mail("<alice@example.org>");
  SECTION("an address") {
    session.connect(client_address);
  }
  SECTION("no known address") {
    session.connect_unknown();
  }
  CHECK_FALSE(session.end_of_message("4ABC"));
}

TEST_CASE("the last HELO name counts", "[checkpoint]") {
  Session session = session_on(example_dns());
  for (const std::string name : {"mail.example.org", "victim.example", "mail.example.org"}) {
    session.helo(name);
    const findings::Findings findings = send_by_alice(session).findings;
    CAPTURE(name);
    CHECK(findings.client.helo == name);
    CHECK(findings.spf_helo.value().domain == name);
    CHECK((findings.spf_helo.value().code == spf::ResultCode::pass) == (name != "victim.example"));
    CHECK(findings.iprev.value().code == iprev::ResultCode::pass);
  }
}

TEST_CASE("a login is of one message, a daemon's name of the session", "[checkpoint]") {
  Session session = session_on(example_dns());
  session.identify("alice", "");
  CHECK(send_by_alice(session).findings.origin == Origin::authenticated);
  CHECK(send_by_alice(session).findings.origin == Origin::outside);
  session.identify("", "ORIGINATING");
  CHECK(send_by_alice(session).findings.origin == Origin::daemon);
  CHECK(send_by_alice(session).findings.origin == Origin::daemon);
}

TEST_CASE("TLS is of the connection, and of all its messages", "[checkpoint]") {
  Session session = session_on(example_dns());
  session.encrypt({.version = tls::Version::tls_1_3});
  CHECK(send_by_alice(session).findings.client.tls.version == tls::Version::tls_1_3);
  CHECK(send_by_alice(session).findings.client.tls.version == tls::Version::tls_1_3);
}

TEST_CASE("nothing of a dropped message is in the next one", "[checkpoint]") {
  const auto services = services_on(example_dns());
  services->keep_headers = true;
  Session session(services);
  session.connect(client_address);
  session.mail("<ceo@victim.example>");
  session.recipient("<other@example.net>");
  session.header({"Authentication-Results", " mx.example.net; dmarc=pass"});
  session.header({"From", " ceo@victim.example"});
  session.end_of_header();
  session.body("x\r\n");
  const Verdict verdict = send_by_alice(session);
  CHECK(verdict.findings.envelope.sender == "alice@example.org");
  CHECK(verdict.findings.envelope.recipients == std::vector<std::string>{"someone@example.net"});
  CHECK(verdict.findings.dmarc.value().code == dmarc::ResultCode::pass);
  CHECK(verdict.removals.empty());
  CHECK(verdict.header == by_alice);
}

TEST_CASE("a message ends once", "[checkpoint]") {
  Session session = session_on(example_dns());
  CHECK_FALSE(session.recipient("<someone@example.net>"));
  CHECK_FALSE(session.end_of_envelope());
  session.mail("<alice@example.org>");
  CHECK(session.end_of_envelope());
  CHECK_FALSE(session.end_of_envelope());
  session.mail("<alice@example.org>");
  CHECK(session.end_of_message("4ABC"));
  CHECK_FALSE(session.end_of_message("4ABC"));
}

TEST_CASE("a path loses its angle brackets", "[checkpoint]") {
  struct Row {
    const char* path;
    const char* address;
  };
  const auto row =
      GENERATE(Row{"<a@example.org>", "a@example.org"}, Row{"a@example.org", "a@example.org"},
               Row{"<>", ""}, Row{"", ""}, Row{"<a@example.org", "<a@example.org"},
               Row{"a@example.org>", "a@example.org>"});
  CAPTURE(row.path);
  Session session = session_on(example_dns());
  session.mail(row.path);
  session.recipient(row.path);
  const findings::Findings findings = session.end_of_envelope().value();
  CHECK(findings.envelope.sender == row.address);
  CHECK(findings.envelope.recipients == std::vector<std::string>{row.address});
}

}  // namespace sekisho::checkpoint
