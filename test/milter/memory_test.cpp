// Memory does not grow with the body (RFC 6376 §6.1.3 needs its hash, not its text).
#include "milter/daemon_fixture.hpp"

#include <catch2/catch.hpp>

using namespace sekisho::test;

namespace {

/// A body of `size` octets through `message`, whose signatures want all of it.
void send_body(const DaemonFixture& fixture, Message message, std::size_t size) {
  message.body.assign(size, 'x');
  MilterClient client = open_session(fixture.daemon.socket());
  const Outcome outcome = client.send(message);
  CHECK(outcome.body_chunks == (size + 65'534) / 65'535);
  CHECK_THAT(results_in(outcome), Catch::Contains("dkim=fail"));
}

}  // namespace

TEST_CASE("memory does not grow with the body", "[socket]") {
  const std::string name = "dkim/01-rfc8463-example";
  const DaemonFixture fixture(zone_from(name));
  const Message message = message_from(name);
  send_body(fixture, message, 1'000'000);  // whatever is allocated once is there now
  const std::size_t before = fixture.daemon.resident_kib();
  send_body(fixture, message, 25'000'000);
  const std::size_t after = fixture.daemon.resident_kib();
  CAPTURE(before, after);
  CHECK(after < before + 2'048);
}
