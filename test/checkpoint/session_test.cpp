// A whole session without an MTA: what the verdict holds.
#include "checkpoint/example_session.hpp"

#include <memory>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

namespace sekisho::checkpoint {

TEST_CASE("a message that SPF and DMARC let through", "[checkpoint]") {
  Session session = session_on(example_dns());
  const Verdict verdict = send(session, "<alice@example.org>", {{"From", " alice@example.org"}});

  CHECK(verdict.disposition.action == policy::Action::accept);
  CHECK(verdict.findings.spf_helo.value().code == spf::ResultCode::pass);
  CHECK(verdict.findings.spf_mail_from.value().code == spf::ResultCode::pass);
  CHECK(verdict.findings.iprev.value().name == "mail.example.org");
  CHECK(verdict.findings.dmarc.value().code == dmarc::ResultCode::pass);
  CHECK(verdict.findings.envelope.queue_id == "4ABC");
  REQUIRE(verdict.insertions.size() == 1);
  CHECK(verdict.insertions.front().name == "Authentication-Results");
  CHECK(verdict.insertions.front().value.starts_with(" mx.example.net;"));
  CHECK(verdict.findings.faults.empty());
}

TEST_CASE("a forged author under p=reject is refused", "[checkpoint]") {
  Session session = session_on(example_dns());
  const Verdict verdict = send(session, "<alice@example.org>", {{"From", " ceo@victim.example"}});

  CHECK(verdict.findings.dmarc.value().code == dmarc::ResultCode::fail);
  CHECK(verdict.disposition.action == policy::Action::reject);
  CHECK(verdict.disposition.reply.code == "550");
  CHECK(verdict.disposition.reply.enhanced == "5.7.26");
}

TEST_CASE("a rule turns one recipient away, and the others get the message", "[checkpoint]") {
  auto services = services_on(example_dns());
  policy::Rule rule;
  rule.action = policy::Action::reject;
  rule.recipient = *policy::Condition<policy::NameSet>::parse({"closed@example.net"});
  services->options.policy.rules = {rule};
  Session session(services);
  session.connect(client_address);
  session.helo("mail.example.org");
  session.mail("<alice@example.org>");
  const auto refused = session.recipient("<closed@example.net>");
  REQUIRE(refused);
  CHECK(refused->disposition.reply.code == "550");
  CHECK_FALSE(session.recipient("<open@example.net>"));
  session.header({"From", " alice@example.org"});
  session.end_of_header();
  const Verdict verdict = session.end_of_message("4ABC").value();
  CHECK(verdict.disposition.action == policy::Action::accept);
  CHECK(verdict.findings.envelope.recipients == std::vector<std::string>{"open@example.net"});
}

TEST_CASE("our own clients are not refused at RCPT by the rules for strangers", "[checkpoint]") {
  const auto services = services_on(example_dns());
  policy::Rule rule;
  rule.action = policy::Action::reject;
  rule.recipient = *policy::Condition<policy::NameSet>::parse({"closed@example.net"});
  services->options.policy.rules = {rule};
  Session session(services);
  session.connect(dns::IpAddress::parse("127.0.0.1"));
  session.mail("<alice@example.org>");
  CHECK_FALSE(session.recipient("<closed@example.net>"));
  session.connect(client_address);
  session.identify("alice", "");
  session.mail("<alice@example.org>");
  CHECK_FALSE(session.recipient("<closed@example.net>"));
}

TEST_CASE("every message's ARC chain is looked at (RFC 8617 §5.2)", "[checkpoint]") {
  struct Row {
    const char* name;
    mail::HeaderSection on_top;
    arc::ChainStatus status;
  };
  const Row rows[] = {
      {"no set", {}, arc::ChainStatus::none},
      {"a set that is none", {{"ARC-Seal", " x"}}, arc::ChainStatus::fail},
  };
  for (const Row& row : rows) {
    DYNAMIC_SECTION(row.name) {
      Session session = session_on(example_dns());
      mail::HeaderSection header = row.on_top;
      header.push_back({"From", " alice@example.org"});
      const Verdict verdict = send(session, "<alice@example.org>", header);
      CHECK(verdict.findings.arc_checked);
      CHECK(verdict.findings.arc.status == row.status);
      CHECK(verdict.findings.faults.empty());
      CHECK(verdict.insertions.front().value.contains("arc="));
    }
  }
}

TEST_CASE("one session carries several messages, each with its own findings", "[checkpoint]") {
  Session session = session_on(example_dns());
  CHECK(send(session, "<a@example.org>", {{"From", " ceo@victim.example"}}).disposition.action ==
        policy::Action::reject);
  const Verdict second = send(session, "<b@example.org>", {{"From", " b@example.org"}});
  CHECK(second.disposition.action == policy::Action::accept);
  CHECK(second.findings.envelope.sender == "b@example.org");
  CHECK(second.findings.iprev.value().code == iprev::ResultCode::pass);
}

TEST_CASE("with the null sender SPF checks the HELO name (RFC 7208 §2.4)", "[checkpoint]") {
  Session session = session_on(example_dns());
  const Verdict verdict = send(session, "<>", {{"From", " postmaster@mail.example.org"}});
  CHECK(verdict.findings.spf_mail_from.value().domain == "mail.example.org");
  CHECK(verdict.findings.spf_mail_from.value().code == spf::ResultCode::pass);
  CHECK(verdict.findings.dmarc.value().spf_aligned);
}

TEST_CASE("a local submission has neither SPF nor iprev", "[checkpoint]") {
  Session session(services_on(example_dns()));
  session.connect(std::nullopt);
  session.helo("localhost");
  const Verdict verdict = send(session, "<alice@example.org>", {{"From", " alice@example.org"}});
  CHECK_FALSE(verdict.findings.spf_mail_from);
  CHECK_FALSE(verdict.findings.iprev);
  CHECK(verdict.findings.dmarc.value().code == dmarc::ResultCode::fail);
}

TEST_CASE("two From fields are refused, whichever would pass", "[checkpoint]") {
  // Composition Kills server_a8
  Session session = session_on(example_dns());
  const Verdict verdict = send(session, "<a@example.org>",
                               {{"From", " a@example.org"}, {"From", " ceo@victim.example"}});
  CHECK(verdict.disposition.action == policy::Action::reject);
  CHECK(verdict.disposition.reply.enhanced == "5.7.1");
  REQUIRE(verdict.findings.dmarc);
  CHECK(verdict.findings.dmarc->code != dmarc::ResultCode::pass);
}

TEST_CASE("properties that not every reader takes are told by option", "[checkpoint]") {
  const auto services = services_on(example_dns());
  for (const bool extended : {false, true}) {
    services->options.header_extended = extended;
    Session session(services);
    session.connect(client_address);
    const Verdict verdict = send(session, "<alice@example.org>", {{"From", " alice@example.org"}});
    CHECK(verdict.insertions.front().value.contains("polrec.p=reject") == extended);
  }
}

TEST_CASE("events out of order do nothing", "[checkpoint]") {
  Session session = session_on(example_dns());
  session.header({"From", " a@example.org"});
  session.end_of_header();
  CHECK_FALSE(session.body("x"));
  CHECK_FALSE(session.end_of_message("1"));
  session.mail("<a@example.org>");
  session.abort();
  CHECK_FALSE(session.end_of_message("1"));
}

TEST_CASE("the login of a user stands in Authentication-Results by option (RFC 8601 \u00a72.7.4)",
          "[checkpoint]") {
  const auto services = services_on(example_dns());
  for (const bool told : {false, true}) {
    services->options.header_login = told;
    Session session(services);
    session.connect(client_address);
    session.identify("alice", "");
    const Verdict verdict = send(session, "<alice@example.org>", {{"From", " alice@example.org"}});
    CHECK(verdict.insertions ==
          (told ? mail::HeaderSection{{"Authentication-Results",
                                       " mx.example.net;\r\n\tauth=pass smtp.auth=alice"}}
                : mail::HeaderSection{}));
  }
}

TEST_CASE("Received-SPF is added above by option (RFC 7208 \u00a79.1)", "[checkpoint]") {
  const auto services = services_on(example_dns());
  services->options.header_received_spf = true;
  Session session(services);
  session.connect(client_address);
  session.helo("mail.example.org");
  const Verdict verdict = send(session, "<alice@example.org>", {{"From", " alice@example.org"}});
  REQUIRE(verdict.insertions.size() == 2);
  CHECK(verdict.insertions.back().name == "Received-SPF");
  CHECK(verdict.insertions.back().value.starts_with(" pass (mx.example.net: "));
}

}  // namespace sekisho::checkpoint
