// Whatever comes over the socket, the daemon lives and goes on to judge.
#include "milter/daemon_fixture.hpp"

#include <catch2/catch.hpp>
#include <libmilter/mfdef.h>

using namespace sekisho;
using namespace sekisho::test;
using Catch::Contains;

namespace {

using Bytes = std::string;

Bytes operator""_bytes(const char* text, std::size_t size) {
  return {text, size};
}

}  // namespace

TEST_CASE("connections that say nothing or nonsense do no harm", "[socket]") {
  const DaemonFixture fixture;
  const std::pair<std::string, Bytes> cases[] = {
      {"nothing", ""},
      {"half a length", "\0\0"_bytes},
      {"a length of zero", "\0\0\0\0"_bytes},
      {"a length without data", "\0\0\0\x0d"_bytes},
      {"half a negotiation", "\0\0\0\x0dO\0\0\0\6"_bytes},
      {"a negotiation that is too short", "\0\0\0\5O\0\0\0\6"_bytes},
      {"protocol version 1", "\0\0\0\x0dO\0\0\0\1\0\0\1\xff\0\x1f\xff\xff"_bytes},
      {"2 GiB announced", "\x7f\xff\xff\xffL"_bytes},
      {"4 GiB announced", "\xff\xff\xff\xffL"_bytes},
      {"HTTP", "GET / HTTP/1.1\r\nHost: x\r\n\r\n"},
      {"SMTP", "EHLO mail.example.org\r\n"},
      {"TLS", "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03"_bytes},
      {"an unknown command", "\0\0\0\1z"_bytes},
      {"random octets", "\x8f\x01\xe4\x99\x12\x00\xfa\x07\x83\x31\xaa\xbc\xde\xf0"_bytes},
  };
  for (const auto& [name, bytes] : cases) {
    DYNAMIC_SECTION(name) {
      {
        MilterClient client(fixture.daemon.socket());
        client.send_raw(bytes);
      }
      check_serves(fixture);
    }
  }
}

TEST_CASE("packets that are no MTA's do no harm after a good negotiation", "[socket]") {
  const DaemonFixture fixture;
  const std::pair<std::string, Packet> cases[] = {
      {"connect without anything", {SMFIC_CONNECT, ""}},
      {"connect without an end", {SMFIC_CONNECT, "name"}},
      {"connect of an unknown family", {SMFIC_CONNECT, "name\0X\0\0x\0"_bytes}},
      {"connect with a bad address", {SMFIC_CONNECT, "name\0004\0\x19not.an.address\0"_bytes}},
      {"header without a value", {SMFIC_HEADER, "From\0"_bytes}},
      {"header without an end", {SMFIC_HEADER, "From"}},
      {"mail without arguments", {SMFIC_MAIL, ""}},
      {"mail with empty arguments", {SMFIC_MAIL, "\0\0\0"_bytes}},
      {"macro without an end", {SMFIC_MACRO, "Mname"}},
      {"body before the beginning", {SMFIC_BODY, "x"}},
      {"end before the beginning", {SMFIC_BODYEOB, ""}},
      {"negotiation once more", {SMFIC_OPTNEG, "\0\0\0\6\0\0\1\xff\0\x1f\xff\xff"_bytes}},
  };
  for (const auto& [name, packet] : cases) {
    DYNAMIC_SECTION(name) {
      {
        MilterClient client(fixture.daemon.socket());
        client.negotiate();
        client.send_packet(packet.code, packet.data);
      }
      check_serves(fixture);
      {
        MilterClient client = open_session(fixture.daemon.socket());
        client.send_packet(packet.code, packet.data);
      }
      check_serves(fixture);
    }
  }
}

TEST_CASE("a connection may break off at every stage of a message", "[socket]") {
  const DaemonFixture fixture;
  for (int stage = 0; stage <= 5; ++stage) {
    MilterClient client = open_session(fixture.daemon.socket());
    if (stage >= 1) {
      client.mail("<alice@example.org>");
    }
    if (stage >= 2) {
      client.recipient("<bob@example.net>");
    }
    if (stage >= 3) {
      client.header({"From", " <alice@example.org>"});
    }
    if (stage >= 4) {
      client.end_of_header();
    }
    if (stage >= 5) {
      client.body("x");
    }
    client.close();
  }
  check_serves(fixture);
}

TEST_CASE("an MTA that does not hear the answer is told with its message", "[socket]") {
  const DaemonFixture fixture;
  MilterClient client = begin_message(fixture);
  client.stop_reading();
  client.macros(SMFIC_BODYEOB, {{"i", "4Lost"}});
  client.send_packet(SMFIC_BODYEOB, {});
  CHECK(fixture.daemon.wait_for_log("4Lost: end of message: \"the MTA has gone"));
  check_serves(fixture);
}

TEST_CASE("ten thousand header fields have a definite result", "[socket]") {
  const DaemonFixture fixture;
  Message message = plain();
  for (int i = 0; i < 9'000; ++i) {
    message.header.push_back({"X-Field", " " + std::to_string(i)});
  }
  MilterClient client = open_session(fixture.daemon.socket());
  SECTION("below the limit the message passes") {
    CHECK_THAT(results_in(client.send(message)), Contains("dmarc=pass"));
  }
  SECTION("beyond it nothing can be said of the author") {
    for (int i = 0; i < 2'000; ++i) {
      message.header.push_back({"X-Field", " more"});
    }
    CHECK(client.send(message).code == SMFIR_REPLYCODE);
  }
}

TEST_CASE("a thousand signatures have a definite result", "[socket]") {
  const DaemonFixture fixture;
  Message message = plain();
  for (int i = 0; i < 1'000; ++i) {
    message.header.push_back({"DKIM-Signature", " v=1; a=rsa-sha256; d=d" + std::to_string(i) +
                                                    ".example; s=s; h=from; bh=AAAA; b=AAAA"});
  }
  MilterClient client = open_session(fixture.daemon.socket());
  CHECK_THAT(results_in(client.send(message)), Contains("dmarc=pass"));
  CHECK_THAT(fixture.daemon.log(), Contains("dkim_more=990"));
}

TEST_CASE("words of the message cannot forge a line of the log", "[socket]") {
  const DaemonFixture fixture;
  MilterClient client(fixture.daemon.socket());
  client.negotiate();
  client.connect();
  client.helo("x\nfake: client=192.0.2.9 action=accept");
  Message message = plain();
  message.sender = "<\x1b[2J\r\nfake2: dmarc=pass@example.org>";
  static_cast<void>(client.send(message));
  REQUIRE(fixture.daemon.wait_for_log("action="));
  CHECK_THAT(fixture.daemon.log(), !Contains("\nfake") && !Contains("\x1b"));
}
