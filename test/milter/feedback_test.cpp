// Messages are counted for DMARC reports, in a daemon that is reloaded, stopped and killed.
#include "milter/daemon_fixture.hpp"
#include "report/store/location.hpp"
#include "report/store/store.hpp"

#include <chrono>
#include <csignal>
#include <fstream>
#include <thread>
#include <vector>

#include <catch2/catch.hpp>
#include <libmilter/mfdef.h>

using namespace sekisho;
using namespace sekisho::test;

namespace {

std::string reporting_zone() {
  return R"($ORIGIN .
1.2.0.192.in-addr.arpa. PTR mail.example.org.
mail.example.org. A 192.0.2.1
example.org. TXT "v=spf1 ip4:192.0.2.1 -all"
_dmarc.example.org. TXT "v=DMARC1; p=reject; sp=none; rua=mailto:reports@example.org"
)";
}

std::string feedback_in(const std::string& store) {
  return "[feedback]\nstore = \"" + store + "\"\ncommit_interval = \"10ms\"\n";
}

struct Counted {
  std::vector<report::store::ReportedDomain> domains;
  std::vector<report::format::AggregateRecord> records;
};

/// What the last days have.
Counted counted_in(const std::string& file) {
  auto store = report::store::Store::open({report::store::Backend::sqlite, file});
  REQUIRE(store);
  const auto today = std::chrono::floor<std::chrono::days>(std::chrono::system_clock::now());
  const report::format::Period period{today - std::chrono::days{1}, today + std::chrono::days{1}};
  Counted counted;
  counted.domains = store->domains(period).value();
  REQUIRE(store->records("example.org", period, [&](const report::format::AggregateRecord& record) {
    counted.records.push_back(record);
  }));
  return counted;
}

void send_from(const DaemonFixture& fixture, const std::string& client_address, int messages) {
  MilterClient client(fixture.daemon.socket());
  client.negotiate();
  client.connect(client_address);
  client.helo("mail.example.org");
  for (int i = 0; i < messages; ++i) {
    static_cast<void>(client.send(plain()));
  }
}

}  // namespace

TEST_CASE("what a report says of a message is what became of it (RFC 9990 §3.1)", "[socket]") {
  const TemporaryFolder folder;
  const std::string file = (folder.path() / "feedback.db").string();
  DaemonFixture fixture(reporting_zone(), "", feedback_in(file));
  send_from(fixture, "192.0.2.1", 3);
  send_from(fixture, "198.51.100.9", 2);
  CHECK(fixture.daemon.stop() == 0);

  const Counted counted = counted_in(file);
  REQUIRE(counted.domains.size() == 1);
  CHECK(counted.domains[0].messages == 5);
  CHECK(counted.domains[0].policy.domain == "example.org");
  CHECK(counted.domains[0].policy.policy == dmarc::Policy::reject);
  CHECK(counted.domains[0].policy.subdomain_policy == dmarc::Policy::none);
  CHECK(counted.domains[0].addresses == std::vector<std::string>{"mailto:reports@example.org"});
  REQUIRE(counted.records.size() == 2);
  const report::format::AggregateRecord& good = counted.records[0];
  CHECK(good.source.text() == "192.0.2.1");
  CHECK(good.count == 3);
  CHECK(good.disposition == report::format::ActionDisposition::pass);
  CHECK(good.spf_aligned);
  CHECK_FALSE(good.dkim_aligned);
  CHECK(good.header_from == "example.org");
  const report::format::AggregateRecord& bad = counted.records[1];
  CHECK(bad.source.text() == "198.51.100.9");
  CHECK(bad.count == 2);
  CHECK(bad.disposition == report::format::ActionDisposition::reject);
  CHECK(bad.reasons.empty());
  REQUIRE(bad.spf.size() == 1);
  CHECK(bad.spf[0].result == report::format::AuthResult::fail);
}

TEST_CASE("a message that is let in against its author's policy has a reason", "[socket]") {
  const TemporaryFolder folder;
  const std::string file = (folder.path() / "feedback.db").string();
  DaemonFixture fixture(reporting_zone(), "",
                        feedback_in(file) + "[policy]\non_reject = \"mark\"\n");
  send_from(fixture, "198.51.100.9", 1);
  CHECK(fixture.daemon.stop() == 0);
  const Counted counted = counted_in(file);
  REQUIRE(counted.records.size() == 1);
  CHECK(counted.records[0].disposition == report::format::ActionDisposition::none);
  CHECK(counted.records[0].reasons ==
        std::vector<report::format::OverrideReason>{
            {report::format::OverrideType::local_policy, "policy.on_reject = mark"}});
}

TEST_CASE("a reload brings another store", "[socket]") {
  const TemporaryFolder folder;
  const std::string first = (folder.path() / "first.db").string();
  const std::string second = (folder.path() / "second.db").string();
  DaemonFixture fixture(reporting_zone(), "", feedback_in(first));
  send_from(fixture, "192.0.2.1", 1);
  const std::string path = (fixture.daemon.folder().path() / "sekisho.toml").string();
  std::ifstream file(path);
  std::string text(std::istreambuf_iterator<char>(file), {});
  REQUIRE(text.contains(first));
  text.replace(text.find(first), first.size(), second);
  std::ofstream(path) << text;
  fixture.daemon.signal(SIGUSR1);
  REQUIRE(fixture.daemon.wait_for_log("reloaded"));
  send_from(fixture, "192.0.2.1", 2);
  CHECK(fixture.daemon.stop() == 0);
  CHECK(counted_in(first).records.at(0).count == 1);
  CHECK(counted_in(second).records.at(0).count == 2);
}

TEST_CASE("mail flows while the store is away, and is counted when it is back", "[socket]") {
  const TemporaryFolder folder;
  const std::string file = (folder.path() / "later" / "feedback.db").string();
  const std::string spill = "spill_file = \"" + (folder.path() / "spill").string() + "\"\n";
  {
    DaemonFixture fixture(reporting_zone(), "", feedback_in(file) + spill);
    send_from(fixture, "192.0.2.1", 2);
    REQUIRE(fixture.daemon.wait_for_log("is away, messages are kept in the spill file"));
    send_from(fixture, "192.0.2.1", 2);
    fixture.daemon.signal(SIGTERM);
    CHECK(fixture.daemon.wait() == 0);
  }
  std::filesystem::create_directory(folder.path() / "later");
  DaemonFixture fixture(reporting_zone(), "", feedback_in(file) + spill);
  REQUIRE(fixture.daemon.wait_for_log("4 messages of the spill file are counted"));
  CHECK(fixture.daemon.stop() == 0);
  CHECK(counted_in(file).records.at(0).count == 4);
}
