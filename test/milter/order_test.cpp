// Commands in an order that no MTA has: refused or ignored, never a fault, and never a verdict
// that is another message's.
#include "milter/daemon_fixture.hpp"

#include <random>
#include <system_error>

#include <catch2/catch.hpp>
#include <libmilter/mfdef.h>

using namespace sekisho::test;
using Catch::Contains;

namespace {

using namespace std::string_literals;

const Packet commands[] = {
    {SMFIC_OPTNEG, "\0\0\0\6\0\0\1\xff\0\x1f\xff\xff"s},
    {SMFIC_CONNECT,
     "client.example\0004\x30\x39"
     "192.0.2.1\0"s},
    {SMFIC_HELO, "mail.example.org\0"s},
    {SMFIC_MACRO, "Mi\0004Id\0"s},
    {SMFIC_MAIL, "<alice@example.org>\0"s},
    {SMFIC_RCPT, "<bob@example.net>\0"s},
    {SMFIC_DATA, ""},
    {SMFIC_HEADER, "From\0 <alice@example.org>\0"s},
    {SMFIC_EOH, ""},
    {SMFIC_BODY, "x\r\n"},
    {SMFIC_BODYEOB, ""},
    {SMFIC_ABORT, ""},
    {SMFIC_UNKNOWN, "NOOP\0"s},
    {SMFIC_QUIT_NC, ""},
    {SMFIC_QUIT, ""},
};

/// The milter may close the connection whenever it likes.
template <typename Talk>
void talk_to(MilterClient& client, const Talk& talk) {
  try {
    talk(client);
  } catch (const std::system_error&) {  // NOLINT(bugprone-empty-catch): closed, which is an answer
  }
}

}  // namespace

TEST_CASE("any two commands may follow each other", "[socket]") {
  const DaemonFixture fixture;
  for (const Packet& first : commands) {
    for (const Packet& second : commands) {
      for (const bool in_session : {false, true}) {
        MilterClient client(fixture.daemon.socket());
        client.negotiate();
        talk_to(client, [&](MilterClient& talking) {
          if (in_session) {
            talking.send_packet(SMFIC_CONNECT, commands[1].data);
            talking.send_packet(SMFIC_MAIL, commands[4].data);
          }
          talking.send_packet(first.code, first.data);
          talking.send_packet(second.code, second.data);
        });
      }
    }
  }
  check_serves(fixture);
}

TEST_CASE("commands may come in any order", "[socket]") {
  const DaemonFixture fixture;
  std::mt19937 random(20'261'122);  // NOLINT(cert-msc51-cpp): the same each time
  for (int session = 0; session < 300; ++session) {
    MilterClient client(fixture.daemon.socket());
    talk_to(client, [&](MilterClient& talking) {
      for (int step = 0; step < 40; ++step) {
        const Packet& packet = commands[random() % std::size(commands)];
        talking.send_packet(packet.code, packet.data);
      }
    });
  }
  check_serves(fixture);
}

TEST_CASE("a message that is aborted leaves nothing to the next one", "[socket]") {
  const DaemonFixture fixture;
  MilterClient client = open_session(fixture.daemon.socket());
  for (int stage = 0; stage <= 4; ++stage) {
    CAPTURE(stage);
    client.mail("<mallory@example.com>");
    if (stage >= 1) {
      client.recipient("<bob@example.net>");
    }
    if (stage >= 2) {
      client.header({"From", " <mallory@example.com>"});
    }
    if (stage >= 3) {
      client.end_of_header();
    }
    if (stage >= 4) {
      client.body("x");
    }
    client.abort();
    const std::string results = results_in(client.send(plain()));
    CHECK_THAT(results, Contains("dmarc=pass header.from=example.org") && !Contains("example.com"));
  }
}

TEST_CASE("a new MAIL ends what was under way", "[socket]") {
  const DaemonFixture fixture;
  MilterClient client = open_session(fixture.daemon.socket());
  client.mail("<mallory@example.com>");
  client.header({"From", " <mallory@example.com>"});
  client.end_of_header();
  const std::string results = results_in(client.send(plain()));
  CHECK_THAT(results, Contains("dmarc=pass header.from=example.org") && !Contains("example.com"));
  check_serves(fixture);
}
