// The operator's policy over the milter protocol: what is refused when, and in which words.
#include "milter/daemon_fixture.hpp"

#include <catch2/catch.hpp>
#include <libmilter/mfdef.h>

using namespace sekisho;
using namespace sekisho::test;
using Catch::Contains;

namespace {

constexpr const char* refuse_spf_fail = R"([policy]
spf_on_fail = "reject"
url = "https://mx.example.net/?id={queue_id}"
)";

/// At RCPT for a client that SPF does not allow.
MilterClient stranger(const DaemonFixture& fixture, const Macros& at_mail = {}) {
  MilterClient client(fixture.daemon.socket());
  client.negotiate();
  client.connect("198.51.100.9");
  client.helo("mail.example.org");
  client.macros(SMFIC_MAIL, at_mail);
  CHECK(client.mail("<alice@example.org>").code == SMFIR_CONTINUE);
  return client;
}

std::string text_of(const Packet& packet) {
  return packet.data.substr(0, packet.data.find('\0'));
}

}  // namespace

TEST_CASE("RCPT is refused where the policy says so, and logged", "[socket]") {
  const DaemonFixture fixture(DaemonFixture::zone(), "", refuse_spf_fail);
  MilterClient client = stranger(fixture);
  const Packet answer = client.recipient("<bob@example.net>");
  CHECK(answer.code == SMFIR_REPLYCODE);
  CHECK(text_of(answer) ==
        "550-5.7.23 SPF does not allow this client to send for example.org\r\n"
        "550 5.7.23 https://mx.example.net/?id=NOQUEUE");
  CHECK_THAT(fixture.daemon.log(),
             Contains("NOQUEUE: client=198.51.100.9 helo=mail.example.org "
                      "from=<alice@example.org> rcpt=<bob@example.net> ") &&
                 Contains("spf=fail action=reject reason=\"policy.spf_on_fail = reject: "));
}

TEST_CASE("RCPT waits for nobody where nothing is refused there", "[socket]") {
  const DaemonFixture fixture;
  MilterClient client(fixture.daemon.socket());
  CHECK((client.negotiate().steps & SMFIP_NR_RCPT) != 0);
  const DaemonFixture refusing(DaemonFixture::zone(), "", refuse_spf_fail);
  MilterClient other(refusing.daemon.socket());
  CHECK((other.negotiate().steps & SMFIP_NR_RCPT) == 0);
}

TEST_CASE("our own users are not judged by SPF", "[socket]") {
  const DaemonFixture fixture(DaemonFixture::zone(), "", refuse_spf_fail);
  MilterClient client = stranger(fixture, {{"{auth_authen}", "alice"}});
  CHECK(client.recipient("<bob@example.net>").code == SMFIR_CONTINUE);
}

TEST_CASE("a rule spares one recipient at RCPT", "[socket]") {
  const DaemonFixture fixture(DaemonFixture::zone(), "", std::string(refuse_spf_fail) + R"(
[[rule]]
recipient = ["postmaster@example.net"]
action = "accept"
)");
  MilterClient client = stranger(fixture);
  CHECK(client.recipient("<bob@example.net>").code == SMFIR_REPLYCODE);
  CHECK(client.recipient("<postmaster@example.net>").code == SMFIR_CONTINUE);
  for (const mail::HeaderField& field : plain().header) {
    client.header(field);
  }
  client.end_of_header();
  const Outcome outcome = client.end_of_message();
  CHECK(outcome.code == SMFIR_CONTINUE);
  CHECK_THAT(results_in(outcome), Contains("dmarc=fail reason=\"local_policy: rule 1: all its "
                                           "conditions hold\""));
}

TEST_CASE("a rule that needs the message refuses at its end, in several lines", "[socket]") {
  const DaemonFixture fixture(DaemonFixture::zone(), "", R"([policy]
reply = ["{what}", "You are {client}.", "Ask for {queue_id} at postmaster@example.net, 100%"]
[[rule]]
author = ["example.org"]
action = "reject"
reason = "we do not talk to them"
)");
  MilterClient client = open_session(fixture.daemon.socket());
  const Outcome outcome = client.send(plain());
  CHECK(outcome.code == SMFIR_REPLYCODE);
  CHECK(outcome.reply ==
        "550-5.7.1 we do not talk to them\r\n550-5.7.1 You are 192.0.2.1.\r\n"
        "550 5.7.1 Ask for 4QueueId at postmaster@example.net, 100%%");
}

TEST_CASE("a dry run delivers and logs what it would do", "[socket]") {
  const DaemonFixture fixture(DaemonFixture::zone(), "",
                              std::string(refuse_spf_fail) + "dry_run = true\n");
  MilterClient client(fixture.daemon.socket());
  CHECK((client.negotiate().steps & SMFIP_NR_RCPT) != 0);
  client.connect("198.51.100.9");
  client.helo("mail.example.org");
  const Outcome outcome = client.send(plain());
  CHECK(outcome.code == SMFIR_CONTINUE);
  CHECK_THAT(results_in(outcome), Contains("dmarc=fail reason=\"local_policy: dry run\""));
  CHECK_THAT(fixture.daemon.log(), Contains("action=accept would=reject reason=\"dry run, would "
                                            "reject: policy.spf_on_fail = reject: "));
}

TEST_CASE("a rule that accepts forgeries is warned of at the start", "[socket]") {
  const DaemonFixture fixture(DaemonFixture::zone(), "",
                              "[[rule]]\nauthor = [\"example.org\"]\naction = \"accept\"\n");
  CHECK_THAT(fixture.daemon.log(), Contains("rule 1: accepts what anybody can write"));
}
