// What an MTA and the daemon say to each other over a message.
#include "milter/daemon_fixture.hpp"

#include <catch2/catch.hpp>
#include <libmilter/mfdef.h>

using namespace sekisho;
using namespace sekisho::test;
using Catch::Contains;

TEST_CASE("the results of a message are inserted at the top", "[socket]") {
  const DaemonFixture fixture;
  MilterClient client = open_session(fixture.daemon.socket());
  const Outcome outcome = client.send(plain());

  CHECK(outcome.code == SMFIR_CONTINUE);
  REQUIRE(outcome.edits.size() == 2);
  CHECK(outcome.edits[0].name == "Sekisho-Proof");
  CHECK(outcome.edits[1].kind == HeaderEdit::Kind::insert);
  CHECK(outcome.edits[1].index == 0);
  CHECK(outcome.edits[1].name == "Authentication-Results");
  CHECK_THAT(outcome.edits[1].value, Catch::StartsWith(" mx.example.net;"));
  CHECK_THAT(outcome.edits[1].value, !Contains("\r"));  // the MTA adds it
  CHECK_THAT(results_in(outcome), Contains("spf=pass") && Contains("smtp.mailfrom=") &&
                                      Contains("dkim=none") && Contains("dmarc=pass") &&
                                      Contains("iprev=pass"));
}

TEST_CASE("an MTA that adds the leading blank itself gets no second one", "[socket]") {
  const DaemonFixture fixture;
  MilterClient client(fixture.daemon.socket());
  client.negotiate({.steps = 0x1FFFFF & ~SMFIP_HDR_LEADSPC});
  client.connect();
  client.helo();
  const Outcome outcome = client.send(plain());
  REQUIRE(outcome.edits.size() == 2);
  CHECK_THAT(outcome.edits[1].value, Catch::StartsWith("mx.example.net;"));
}

TEST_CASE("simple canonicalisation holds over the wire", "[socket]") {
  // Needs the blanks after the colons as they were, and CRLF at the folds (RFC 6376 §3.4.1).
  const auto* name = GENERATE("dkim/02-rfc6376-example", "dkim/03-c-simple-simple");
  CAPTURE(name);
  const DaemonFixture fixture(zone_from(name));
  MilterClient client = open_session(fixture.daemon.socket());
  CHECK_THAT(results_in(client.send(message_from(name))), Contains("dkim=pass"));
}

TEST_CASE("the blank that an MTA drops is put back", "[socket]") {
  // Where there was none, as in `Message-ID:<x>`, nobody can tell: simple fails with such an MTA.
  const std::string name = "dkim/02-rfc6376-example";
  const DaemonFixture fixture(zone_from(name));
  Message message = message_from(name);
  for (mail::HeaderField& field : message.header) {
    field.value.erase(0, field.value.starts_with(' ') ? 1 : 0);
  }
  MilterClient client(fixture.daemon.socket());
  client.negotiate({.steps = 0x1FFFFF & ~SMFIP_HDR_LEADSPC});
  client.connect();
  client.helo();
  CHECK_THAT(results_in(client.send(message)), Contains("dkim=pass"));
}

TEST_CASE("a body gives one result in chunks of any size", "[socket]") {
  const std::string name = "dkim/01-rfc8463-example";
  const DaemonFixture fixture(zone_from(name));
  const Message message = message_from(name);
  MilterClient client = open_session(fixture.daemon.socket());
  for (const std::size_t size : std::initializer_list<std::size_t>{1, 2, 3, 7, 64, 65'535}) {
    DYNAMIC_SECTION(size << " octets") {
      const Outcome outcome = client.send(message, size);
      CHECK_THAT(results_in(outcome), Contains("dkim=pass"));
      CHECK_THAT(results_in(outcome), !Contains("dkim=fail"));
    }
  }
}

TEST_CASE("the rest of a body that nobody needs is not sent", "[socket]") {
  const DaemonFixture fixture;
  Message message = plain();
  message.body.assign(1'000'000, 'x');
  SECTION("the MTA can skip") {
    MilterClient client = open_session(fixture.daemon.socket());
    const Outcome outcome = client.send(message);
    CHECK(outcome.body_chunks == 1);
    CHECK_THAT(results_in(outcome), Contains("dmarc=pass"));
  }
  SECTION("the MTA cannot") {
    MilterClient client(fixture.daemon.socket());
    client.negotiate({.steps = 0x1FFFFF & ~SMFIP_SKIP});
    client.connect();
    client.helo();
    const Outcome outcome = client.send(message);
    CHECK(outcome.body_chunks == 16);
    CHECK_THAT(results_in(outcome), Contains("dmarc=pass"));
  }
}

TEST_CASE("forged results are removed, those of others stay", "[socket]") {
  // The highest first: removing one shifts those below it (CVE-2022-48521).
  const DaemonFixture fixture;
  for (int fields = 1; fields <= 20; ++fields) {
    for (const unsigned pattern :
         {0b1111'1111'1111'1111'1111U, 0b0101'0101'0101'0101'0101U, 0b1100'1110'0101'1010'0011U}) {
      DYNAMIC_SECTION(fields << " fields, pattern " << pattern) {
        Message message = plain();
        std::size_t foreign = 0;
        for (int i = 0; i < fields; ++i) {
          const bool forged = ((pattern >> static_cast<unsigned>(i)) & 1U) != 0;
          foreign += forged ? 0 : 1;
          const std::string value = forged
                                        ? " (x) MX.example.net; dmarc=pass header.from=bank.example"
                                        : " mx.example.com; spf=pass";
          const auto at = static_cast<std::ptrdiff_t>(message.header.size() / 2);
          message.header.insert(message.header.begin() + at, {"Authentication-Results", value});
        }
        MilterClient client = open_session(fixture.daemon.socket());
        const mail::HeaderSection result = delivered(message.header, client.send(message));
        CHECK(result.size() == plain().header.size() + foreign + 2);
        CHECK_THAT(result.front().value, Catch::StartsWith(" mx.example.net;"));
        for (std::size_t i = 1; i < result.size(); ++i) {
          CHECK_THAT(result[i].value, !Contains("MX.example.net"));
        }
      }
    }
  }
}

TEST_CASE("two From fields are refused", "[socket]") {
  const DaemonFixture fixture;
  Message message = plain();
  message.header.push_back({"From", " <admin@bank.example>"});
  MilterClient client = open_session(fixture.daemon.socket());
  const Outcome outcome = client.send(message);
  CHECK(outcome.code == SMFIR_REPLYCODE);
  CHECK_THAT(outcome.reply, Catch::StartsWith("550 5.7.1 "));
  CHECK(outcome.edits.empty());
  CHECK_THAT(fixture.daemon.log(), Contains("action=reject"));
}

TEST_CASE("a forged author is refused where the domain asks for it", "[socket]") {
  const DaemonFixture fixture(DaemonFixture::zone(), "", "[policy]\non_reject = \"reject\"\n");
  Message message = plain();
  message.sender = "<x@attacker.example>";
  MilterClient client = open_session(fixture.daemon.socket());
  const Outcome outcome = client.send(message);
  CHECK(outcome.code == SMFIR_REPLYCODE);
  CHECK_THAT(outcome.reply, Catch::StartsWith("550 5.7.26 "));
}

TEST_CASE("a message is held where the operator wants it", "[socket]") {
  const DaemonFixture fixture(DaemonFixture::zone(), "",
                              "[policy]\non_reject = \"quarantine\"\non_quarantine = \"hold\"\n");
  Message message = plain();
  message.sender = "<x@attacker.example>";
  SECTION("the MTA has a quarantine") {
    MilterClient client = open_session(fixture.daemon.socket());
    const Outcome outcome = client.send(message);
    CHECK(outcome.code == SMFIR_CONTINUE);
    REQUIRE(outcome.quarantine.has_value());
    CHECK_THAT(*outcome.quarantine, Contains("DMARC"));
    CHECK_THAT(results_in(outcome), Contains("dmarc=fail"));
  }
  SECTION("the MTA has none: the message waits at the sender") {
    MilterClient client(fixture.daemon.socket());
    client.negotiate({.actions = 0x1FF & ~0x20U});
    client.connect();
    client.helo();
    CHECK(client.send(message).code == SMFIR_TEMPFAIL);
    CHECK(fixture.daemon.wait_for_log("quarantine"));
  }
}

TEST_CASE("messages of one connection are judged one by one", "[socket]") {
  const DaemonFixture fixture(DaemonFixture::zone(), "", "[policy]\non_reject = \"reject\"\n");
  MilterClient client = open_session(fixture.daemon.socket());
  for (int round = 0; round < 3; ++round) {
    Message good = plain();
    good.queue_id = "good" + std::to_string(round);
    CHECK_THAT(results_in(client.send(good)), Contains("dmarc=pass"));

    Message forged = plain();
    forged.sender = "<x@attacker.example>";
    forged.queue_id = "forged" + std::to_string(round);
    CHECK(client.send(forged).code == SMFIR_REPLYCODE);
  }
  client.quit();
  CHECK(client.is_closed());
  CHECK_THAT(fixture.daemon.log(),
             Contains("good2: ") && Contains("forged2: client=192.0.2.1 helo=mail.example.org "
                                             "from=<x@attacker.example> nrcpt=1"));
}

TEST_CASE("a message may be aborted at every stage, and another follows", "[socket]") {
  const DaemonFixture fixture;
  const Message message = plain();
  MilterClient client = open_session(fixture.daemon.socket());
  const int last_stage = 5;
  for (int stage = 0; stage <= last_stage; ++stage) {
    DYNAMIC_SECTION("stage " << stage) {
      if (stage >= 1) {
        client.mail("<x@attacker.example>");
      }
      if (stage >= 2) {
        client.recipient("<bob@example.net>");
      }
      if (stage >= 3) {
        client.header({"From", " <x@attacker.example>"});
      }
      if (stage >= 4) {
        client.end_of_header();
      }
      if (stage >= 5) {
        client.body("x\r\n");
      }
      client.abort();
      CHECK_THAT(results_in(client.send(message)), Contains("dmarc=pass"));
    }
  }
}

TEST_CASE("a new connection on the same line is judged anew", "[socket]") {
  std::string zone = DaemonFixture::zone();
  zone.replace(zone.find("p=reject"), 8, "p=none");
  zone += "mail.example.org. 300 IN TXT \"v=spf1 ip4:192.0.2.1 -all\"\n";
  const DaemonFixture fixture(zone);
  MilterClient client = open_session(fixture.daemon.socket());
  CHECK_THAT(results_in(client.send(plain())), Contains("spf=pass smtp.helo=mail.example.org") &&
                                                   Contains("spf=pass smtp.mailfrom=example.org") &&
                                                   Contains("iprev=pass policy.iprev=192.0.2.1"));
  client.quit_for_new_connection();
  client.connect("198.51.100.1");
  client.helo();  // the same name
  CHECK_THAT(results_in(client.send(plain())),
             Contains("spf=fail") && Contains("smtp.helo=mail.example.org") &&
                 Contains("smtp.mailfrom=example.org") && Contains("policy.iprev=198.51.100.1") &&
                 !Contains("=pass"));
}

TEST_CASE("clients of every family are understood", "[socket]") {
  const DaemonFixture fixture;
  struct Case {
    const char* address;
    char family;
    const char* logged;
  };
  const Case cases[] = {
      {"192.0.2.1", '4', "client=192.0.2.1 "},
      {"2001:db8::1", '6', "client=2001:db8::1 "},
      {"IPv6:2001:db8::2", '6', "client=2001:db8::2 "},
      {"::ffff:192.0.2.1", '6', "client=192.0.2.1 "},
      {"/var/spool/x", 'L', "client=local "},
      {"", 'U', "client=unknown "},
  };
  for (const auto& [address, family, logged] : cases) {
    DYNAMIC_SECTION("family " << family << " " << address) {
      MilterClient client(fixture.daemon.socket());
      client.negotiate();
      client.connect(address, family);
      client.helo();
      Message message = plain();
      message.header.push_back({"From", " <second@example.org>"});  // refused from outside
      CHECK(client.send(message).code == (family == 'L' ? SMFIR_CONTINUE : SMFIR_REPLYCODE));
      CHECK(fixture.daemon.wait_for_log(logged));
    }
  }
}

TEST_CASE("macros of the MTA reach the log", "[socket]") {
  const DaemonFixture fixture;
  MilterClient client(fixture.daemon.socket());
  const Offer agreed = client.negotiate();
  CHECK_THAT(agreed.rest, Contains("{auth_authen}"));
  client.connect();
  client.helo();
  client.macros(SMFIC_MAIL, {{"{auth_authen}", "alice \"a\""}});
  const Outcome outcome = client.send(plain());
  CHECK(outcome.code == SMFIR_CONTINUE);
  CHECK(results_in(outcome).empty());  // our own users' mail is not verified
  CHECK_THAT(fixture.daemon.log(), Contains(R"(origin=authenticated login="alice\x20\"a\"")"));
}

TEST_CASE("what is agreed on is what is needed", "[socket]") {
  const DaemonFixture fixture;
  SECTION("with an MTA of today") {
    MilterClient client(fixture.daemon.socket());
    const Offer agreed = client.negotiate();
    CHECK(agreed.version == 6);
    CHECK(agreed.actions ==
          (0x01 | 0x10 | 0x20 | 0x100));  // add, change, quarantine, lists of macros
    CHECK((agreed.steps & SMFIP_HDR_LEADSPC) != 0);
    CHECK((agreed.steps & SMFIP_NR_HDR) != 0);
    CHECK((agreed.steps & (SMFIP_NR_MAIL | SMFIP_NR_BODY | SMFIP_NOBODY | SMFIP_NOHDRS)) == 0);
  }
  SECTION("with an old MTA") {
    MilterClient client(fixture.daemon.socket());
    const Offer agreed = client.negotiate({.version = 2, .actions = 0x3F, .steps = 0x7F});
    CHECK(agreed.version == 2);
    CHECK(agreed.steps == 0);
    client.connect();
    client.helo();
    CHECK_THAT(results_in(client.send(plain())), Contains("dmarc=pass"));
  }
  SECTION("an MTA that keeps its header to itself is refused") {
    MilterClient client(fixture.daemon.socket());
    client.send_packet(SMFIC_OPTNEG, std::string("\0\0\0\6\0\0\0\1\0\x1f\xff\xff", 12));
    CHECK(client.is_closed());
    CHECK(fixture.daemon.wait_for_log("does not let a milter add and remove header fields"));
  }
}

TEST_CASE("the daemon serves over TCP too", "[socket]") {
  const auto dns = serve_zone(DaemonFixture::zone());
  const DaemonProcess daemon(
      "authserv_id = \"mx.example.net\"\n[dns]\nnameservers = [\"" + dns->address() + "\"]\n",
      "inet:0@127.0.0.1");
  CHECK_THAT(daemon.socket(), Catch::StartsWith("inet:") && Catch::EndsWith("@127.0.0.1"));
  MilterClient client = open_session(daemon.socket());
  CHECK_THAT(results_in(client.send(plain())), Contains("dmarc=pass"));
}
