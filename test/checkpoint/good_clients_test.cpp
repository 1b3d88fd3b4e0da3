#include "checkpoint/good_clients.hpp"

#include "checkpoint/message_lookups.hpp"
#include "support/fake_resolver.hpp"

#include <cstdint>
#include <memory>
#include <optional>

#include <catch2/catch.hpp>

namespace sekisho::checkpoint {
namespace {

dns::IpAddress client(int number, std::uint8_t host = 1) {
  return dns::IpAddress::v4(
      {10, static_cast<std::uint8_t>(number / 256), static_cast<std::uint8_t>(number % 256), host});
}

TEST_CASE("a network is good until it is in doubt", "[checkpoint]") {
  GoodClients clients;
  CHECK_FALSE(clients.knows(client(1)));
  clients.note_good(client(1));
  clients.note_good(client(2));
  CHECK(clients.knows(client(1)));
  CHECK(clients.knows(client(1, 200)));
  CHECK_FALSE(clients.knows(client(3)));
  clients.note_doubtful(client(1, 7));
  CHECK_FALSE(clients.knows(client(1)));
  CHECK(clients.knows(client(2)));
}

TEST_CASE("a bounded number of networks is known, those of late first", "[checkpoint]") {
  GoodClients clients(100);
  for (int i = 0; i < 1'000; ++i) {
    clients.note_good(client(i));
    clients.note_good(client(0));
  }
  int known = 0;
  for (int i = 0; i < 1'000; ++i) {
    known += clients.knows(client(i)) ? 1 : 0;
  }
  CHECK(known <= 100);
  CHECK(known >= 50);
  CHECK(clients.knows(client(999)));
  CHECK(clients.knows(client(0)));
  CHECK_FALSE(clients.knows(client(1)));
}

TEST_CASE("a generation of networks gives way when the next one is full", "[checkpoint]") {
  GoodClients clients(4);  // two in each generation
  for (int i = 1; i <= 5; ++i) {
    clients.note_good(client(i));
  }
  for (int i = 1; i <= 5; ++i) {
    CAPTURE(i);
    CHECK(clients.knows(client(i)) == (i > 2));
  }
  clients.note_doubtful(client(3));
  CHECK_FALSE(clients.knows(client(3)));
}

TEST_CASE("what a message says about its client", "[checkpoint]") {
  using dmarc::ResultCode;
  using policy::Action;
  struct Row {
    const char* name;
    std::optional<ResultCode> dmarc;
    spf::ResultCode spf;
    Action action;
    std::optional<bool> known;  // nullopt: it is as it was
  };
  const auto row =
      GENERATE(Row{"good", ResultCode::pass, spf::ResultCode::fail, Action::accept, true},
               Row{"held", ResultCode::pass, spf::ResultCode::pass, Action::quarantine, false},
               Row{"refused", ResultCode::pass, spf::ResultCode::pass, Action::reject, false},
               Row{"slow", ResultCode::pass, spf::ResultCode::temperror, Action::accept, false},
               Row{"forged", ResultCode::fail, spf::ResultCode::pass, Action::accept, false},
               Row{"without a policy", ResultCode::none, spf::ResultCode::pass, Action::accept, {}},
               Row{"not verified", {}, spf::ResultCode::pass, Action::accept, {}});
  const bool was_known = GENERATE(false, true);
  CAPTURE(row.name, was_known);
  const auto services = open_services({}, std::make_shared<test::FakeResolver>());
  if (was_known) {
    services->good_clients->note_good(client(1));
  }
  findings::Findings findings;
  findings.client.address = client(1);
  findings.spf_mail_from.emplace().code = row.spf;
  if (row.dmarc) {
    findings.dmarc.emplace().code = *row.dmarc;
  }
  note_client(*services, findings, row.action);
  CHECK(services->good_clients->knows(client(1)) == row.known.value_or(was_known));
}

}  // namespace
}  // namespace sekisho::checkpoint
