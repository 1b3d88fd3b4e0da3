// Failure reports of the daemon: written after the message was answered, by a thread that is there
// only where they are wanted (RFC 9991).
#include "milter/daemon_fixture.hpp"
#include "report/failure/spool.hpp"

#include <catch2/catch.hpp>

using namespace sekisho;
using namespace sekisho::test;
using Catch::Contains;

namespace {

std::string zone() {
  return R"(
bank.example. 300 IN TXT "v=spf1 ip4:192.0.2.10 -all"
_dmarc.bank.example. 300 IN TXT "v=DMARC1; p=reject; ruf=mailto:failures@bank.example"
)";
}

std::string failure_table(const TemporaryFolder& folder) {
  return "[failure]\nenabled = true\nspool = \"" + (folder.path() / "spool").string() + "\"\n";
}

/// In the name of the bank, from where SPF does not allow it.
Message forged() {
  Message message = plain();
  message.sender = "<info@bank.example>";
  message.header.front().value = "Your Bank <info@bank.example>";
  return message;
}

std::vector<report::failure::SpooledReport> spooled(const TemporaryFolder& folder) {
  const report::failure::Spool spool((folder.path() / "spool").string());
  std::vector<report::failure::SpooledReport> reports;
  const auto names = spool.list();
  for (const std::string& name : names.value()) {
    reports.push_back(spool.read(name).value());
  }
  return reports;
}

}  // namespace

TEST_CASE("a message that fails is reported to who asks for it", "[socket]") {
  const TemporaryFolder folder;
  const DaemonFixture fixture(zone(), "", failure_table(folder));
  MilterClient client = open_session(fixture.daemon.socket());
  static_cast<void>(client.send(forged()));
  REQUIRE(
      fixture.daemon.wait_for_log("failure report (dmarc) waits for the owner of bank.example"));
  const auto reports = spooled(folder);
  REQUIRE(reports.size() == 1);
  const report::failure::FailureReport& report = reports.front().report;
  CHECK(report.uris == std::vector<std::string>{"mailto:failures@bank.example"});
  CHECK_THAT(report.fields,
             Contains("Auth-Failure: dmarc\r\n") && Contains("Delivery-Result: reject\r\n") &&
                 Contains("SPF-DNS: txt : bank.example : \"v=spf1 ip4:192.0.2.10 -all\"\r\n"));
  CHECK_THAT(report.header, Contains("\r\nMessage-ID: <1@example.org>\r\n") && !Contains("tea"));
}

TEST_CASE("a message that passes, or whose domain does not ask, is not reported", "[socket]") {
  const TemporaryFolder folder;
  const DaemonFixture fixture(zone() + DaemonFixture::zone(), "", failure_table(folder));
  MilterClient client = open_session(fixture.daemon.socket());
  static_cast<void>(client.send(plain()));
  CHECK(fixture.daemon.wait_for_log("dmarc=pass"));
  CHECK(spooled(folder).empty());
}

TEST_CASE("reports that are under way when the daemon stops are written", "[socket]") {
  const TemporaryFolder folder;
  DaemonFixture fixture(zone(), "", failure_table(folder));
  {
    MilterClient client = open_session(fixture.daemon.socket());
    static_cast<void>(client.send(forged()));
  }
  CHECK(fixture.daemon.stop() == 0);
  CHECK(spooled(folder).size() == 1);
}

TEST_CASE("no report goes out about what comes where reports arrive", "[socket]") {
  const TemporaryFolder folder;
  const DaemonFixture fixture(
      zone(), "", failure_table(folder) + "[report]\nown_addresses = [\"bob@example.net\"]\n");
  MilterClient client = open_session(fixture.daemon.socket());
  Message message = forged();
  message.recipients = {"<Bob@Example.NET>"};
  static_cast<void>(client.send(message));
  CHECK(fixture.daemon.wait_for_log("dmarc=fail"));
  message.recipients.emplace_back("<carol@example.net>");
  static_cast<void>(client.send(message));
  REQUIRE(
      fixture.daemon.wait_for_log("failure report (dmarc) waits for the owner of bank.example"));
  CHECK(spooled(folder).size() == 1);
}
