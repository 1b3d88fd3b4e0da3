// What a submission lacks is added, before it is signed (RFC 6409 §8).
#include "checkpoint/repair.hpp"

#include "checkpoint/house.hpp"

#include <chrono>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

namespace sekisho::checkpoint {

namespace {

using std::chrono::sys_days;
using std::chrono::year;

const mail::HeaderField date{"Date", " Tue, 14 Nov 2023 22:13:20 +0000"};
const mail::HeaderField message_id{"Message-ID", " <1700000000.00010203040506070809@example.net>"};

/// The services of a house that wants `repair`; of chance they have 0, 1, 2 and so on.
std::shared_ptr<Services> repairing(const House& house, std::vector<std::string> repair) {
  auto services = house.open();
  services->options.preflight.repair = std::move(repair);
  services->draw = [next = 0U]() mutable { return next++; };
  return services;
}

mail::Author author_of(const mail::HeaderSection& header) {
  return mail::find_author(header, {});
}

}  // namespace

TEST_CASE("a Message-ID and a Date are added where they are wanted and missing", "[checkpoint]") {
  struct Row {
    const char* name;
    std::vector<std::string> repair;
    mail::HeaderSection header;
    mail::HeaderSection added;
  };
  const mail::HeaderField from{"From", " alice@example.net"};
  const Row rows[] = {
      {"both", {"message-id", "date"}, {from}, {message_id, date}},
      {"Message-ID alone", {"message-id"}, {from}, {message_id}},
      {"Date alone", {"date"}, {from}, {date}},
      {"neither", {}, {from}, {}},
      {"other repairs", {"unsubscribe"}, {from}, {}},
      {"a Message-ID is there", {"message-id", "date"}, {from, {"message-id", " x"}}, {date}},
      {"a Date is there", {"message-id", "date"}, {{"DATE", ""}, from}, {message_id}},
  };
  const House house;
  for (const Row& row : rows) {
    DYNAMIC_SECTION(row.name) {
      const auto services = repairing(house, row.repair);
      CHECK(missing_fields(*services, row.header, author_of(row.header)) == row.added);
    }
  }
}

TEST_CASE("a Message-ID without one author domain has the name of this host", "[checkpoint]") {
  const House house;
  const auto services = repairing(house, {"message-id"});
  for (const std::string from : {"", " alice@example.net, bob@example.org"}) {
    const mail::HeaderSection header = {{"From", from}};
    const auto fields = missing_fields(*services, header, author_of(header));
    REQUIRE(fields.size() == 1);
    CHECK(fields.front().value.ends_with("@mx.example.net>"));
  }
}

TEST_CASE("a Date is that of RFC 5322 §3.3, in UTC", "[checkpoint]") {
  struct Row {
    std::chrono::sys_seconds now;
    const char* text;
  };
  const auto row =
      GENERATE(Row{sys_days(year(2026) / 1 / 5) + std::chrono::seconds(3 * 3600 + 4 * 60 + 5),
                   " Mon, 05 Jan 2026 03:04:05 +0000"},
               Row{sys_days(year(2024) / 2 / 29), " Thu, 29 Feb 2024 00:00:00 +0000"},
               Row{sys_days(year(2026) / 12 / 6) - std::chrono::seconds(1),
                   " Sat, 05 Dec 2026 23:59:59 +0000"},
               Row{sys_days(year(2026) / 12 / 6), " Sun, 06 Dec 2026 00:00:00 +0000"});
  const House house;
  const auto services = repairing(house, {"date"});
  services->now = [&] { return row.now; };
  const auto fields = missing_fields(*services, {}, {});
  REQUIRE(fields.size() == 1);
  CHECK(fields.front().value == row.text);
}

TEST_CASE("what is added to a submission is signed", "[checkpoint]") {
  const House house;
  const auto services = repairing(house, {"message-id", "date"});
  const mail::HeaderSection bare = {{"From", " alice@example.net"}};
  const Verdict verdict = send(services, {"192.0.2.9", "alice", ""}, bare);
  REQUIRE(names(verdict.insertions) ==
          std::vector<std::string>{"Message-ID", "Date", "Sekisho-Proof", "DKIM-Signature"});

  House next;
  next.options.authserv_id = "mx.example.com";
  next.dns = house.dns;
  const mail::HeaderSection received = leaving(verdict, bare);
  CHECK(send(next.open(), {"192.0.2.77", "", ""}, received).findings.dkim.at(0).code ==
        dkim::ResultCode::pass);
  mail::HeaderSection changed = received;
  std::ranges::find(changed, "Message-ID", &mail::HeaderField::name)->value += "x";
  CHECK(send(next.open(), {"192.0.2.77", "", ""}, changed).findings.dkim.at(0).code ==
        dkim::ResultCode::fail);
}

TEST_CASE("nothing is added to what is no submission, is cut or does not leave", "[checkpoint]") {
  const House house;
  const auto services = repairing(house, {"message-id", "date"});
  const mail::HeaderSection bare = {{"From", " alice@example.net"}, {"X-A", " a"}, {"X-B", " b"}};
  const auto adds = [&](const Sender& sender) {
    const auto added = names(send(services, sender, bare).insertions);
    return std::ranges::count(added, "Message-ID") + std::ranges::count(added, "Date");
  };
  const Sender alice{"192.0.2.9", "alice", ""};
  CHECK(adds(alice) == 2);
  CHECK(adds({"192.0.2.9", "", "ORIGINATING"}) == 2);
  CHECK(adds({}) == 0);                      // a host of ours: no MSA's business
  CHECK(adds({"192.0.2.77", "", ""}) == 0);  // RFC 5321 §6.4: not of others
  services->options.limits.header_fields = 2;
  CHECK(adds(alice) == 0);
  services->options.limits.header_fields = 100;
  policy::Rule nobody;
  nobody.action = policy::Action::reject;
  services->options.policy.rules = {nobody};
  CHECK(adds(alice) == 0);
}

}  // namespace sekisho::checkpoint
