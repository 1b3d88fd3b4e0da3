// What leaves: who is signed for, what is sealed, and that the next gate believes it.
#include "checkpoint/session.hpp"
#include "checkpoint/signing_services.hpp"
#include "keys/key_folder.hpp"
#include "keys/publication.hpp"
#include "support/fake_resolver.hpp"

#include <algorithm>
#include <iterator>
#include <memory>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

namespace sekisho::checkpoint {

namespace {

constexpr const char* own_results =
    " mx.example.net; arc=none; dmarc=fail header.from=example.net policy.dmarc=reject";

/// The gate of example.net, which has a key for its own domain and one for its seals.
struct House {
  House() {
    dns->add_txt("s1._domainkey.example.net", keys::format_key_record(folder.key));
    dns->add_txt("_dmarc.example.net", "v=DMARC1; p=reject");
    dns->add_txt("example.org", "v=spf1 ip4:192.0.2.1 -all");
    dns->add_txt("_dmarc.example.org", "v=DMARC1; p=reject");
    options.authserv_id = "mx.example.net";
    options.signing.keys.entries = {{"example.net", "s1", folder.path("key.pem"), {}}};
    options.arc.domain = "example.net";
    options.arc.selector = "s1";
    options.arc.key_file = folder.path("key.pem");
  }

  [[nodiscard]] std::shared_ptr<Services> open() const {
    std::vector<std::string> problems;
    auto services = open_services(options, dns);
    services->signing = open_signing(options, problems).value();
    services->now = [] { return std::chrono::sys_seconds(std::chrono::seconds(1'700'000'000)); };
    CHECK(problems.empty());
    return services;
  }

  keys::KeyFolder folder;
  std::shared_ptr<test::FakeResolver> dns = std::make_shared<test::FakeResolver>();
  config::Options options;
};

struct Sender {
  std::string address = "127.0.0.1";
  std::string login;
  std::string daemon;
};

Verdict send(const std::shared_ptr<Services>& services, const Sender& sender,
             const mail::HeaderSection& header,
             const std::string& recipient = "<someone@example.com>") {
  Session session(services);
  session.connect(dns::IpAddress::parse(sender.address));
  session.helo("client.example");
  session.identify(sender.login, sender.daemon);
  session.mail("<x@example.org>");
  session.recipient(recipient);
  for (const mail::HeaderField& field : header) {
    session.header(field);
  }
  session.end_of_header();
  session.body("Hello\r\n");
  return session.end_of_message("4ABC").value();
}

/// The message as it goes on.
mail::HeaderSection leaving(const Verdict& verdict, mail::HeaderSection header) {
  for (const mail::HeaderField& field : verdict.insertions) {
    header.insert(header.begin(), field);
  }
  return header;
}

std::vector<std::string> names(const std::vector<mail::HeaderField>& fields) {
  std::vector<std::string> names;
  std::ranges::transform(fields, std::back_inserter(names), &mail::HeaderField::name);
  return names;
}

const mail::HeaderSection ours = {{"From", " alice@example.net"}, {"Subject", " Hello"}};
const mail::HeaderSection foreign = {{"From", " bob@example.org"}, {"Subject", " Hello"}};

}  // namespace

TEST_CASE("who is signed for", "[checkpoint]") {
  struct Row {
    const char* name;
    Sender sender;
    mail::HeaderSection header;
    bool is_signed;
    const char* reason;
  };
  const Row rows[] = {
      {"a login", {"192.0.2.9", "alice", ""}, ours, true, ""},
      {"a daemon of the users", {"192.0.2.9", "", "ORIGINATING"}, ours, true, ""},
      {"an internal host", {}, ours, true, ""},
      {"nobody from outside", {"192.0.2.9", "", ""}, ours, false, ""},
      {"nobody without a key", {"192.0.2.9", "bob", ""}, foreign, false, "no key for example.org"},
      {"no two authors",
       {},
       {{"From", " alice@example.net, bob@example.net"}},
       false,
       "more than one author"},
      {"nothing that came in and failed DMARC",
       {},
       {{"Authentication-Results", own_results}, {"From", " alice@example.net"}},
       false,
       "it came from outside, and DMARC did not pass"},
      {"what came in and passed DMARC",
       {},
       {{"Authentication-Results", " mx.example.net; dmarc=pass header.from=example.net"},
        {"From", " alice@example.net"}},
       true,
       ""},
      {"a list that has put itself into From",
       {},
       {{"Authentication-Results", " mx.example.net; dmarc=none header.from=example.org"},
        {"From", " list@example.net"}},
       true,
       ""},
      {"nothing whose results name no author",
       {},
       {{"Authentication-Results", " mx.example.net; dmarc=none"}, {"From", " alice@example.net"}},
       false,
       "it came from outside, and DMARC did not pass"},
      {"a login, whose forged results count for nothing",
       {"192.0.2.9", "alice", ""},
       {{"Authentication-Results", own_results}, {"From", " alice@example.net"}},
       true,
       ""},
  };
  const House house;
  for (const Row& row : rows) {
    DYNAMIC_SECTION(row.name) {
      const Verdict verdict = send(house.open(), row.sender, row.header);
      CHECK(verdict.findings.outgoing.signatures.size() == (row.is_signed ? 1 : 0));
      CHECK(verdict.findings.outgoing.unsigned_reason == row.reason);
      CHECK(std::ranges::count(names(verdict.insertions), "DKIM-Signature") ==
            (row.is_signed ? 1 : 0));
    }
  }
}

TEST_CASE("the next gate finds the signature good", "[checkpoint]") {
  const House house;
  const Verdict sent = send(house.open(), {"192.0.2.9", "alice", ""}, ours);
  CHECK(names(sent.insertions) == std::vector<std::string>{"DKIM-Signature"});

  House next;
  next.options.authserv_id = "mx.example.com";
  next.dns = house.dns;
  const Verdict verdict = send(next.open(), {"192.0.2.77", "", ""}, leaving(sent, ours));
  REQUIRE(verdict.findings.dkim.size() == 1);
  CHECK(verdict.findings.dkim.front().code == dkim::ResultCode::pass);
  CHECK(verdict.findings.dmarc.value().code == dmarc::ResultCode::pass);
}

TEST_CASE("a login signs for the authors of its line alone", "[checkpoint]") {
  House house;
  house.options.signing.login_map =
      house.folder.write("logins", "alice alice@example.net\nroot *\n");
  const auto services = house.open();
  CHECK(send(services, {"192.0.2.9", "alice", ""}, ours).findings.outgoing.signatures.size() == 1);
  const Verdict other = send(services, {"192.0.2.9", "mallory", ""}, ours);
  CHECK(other.findings.outgoing.signatures.empty());
  CHECK(other.findings.outgoing.unsigned_reason == "the login may not write for this author");
  CHECK(other.disposition.action == policy::Action::accept);
}

TEST_CASE("a key that the DNS does not show does not sign", "[checkpoint]") {
  const House house;
  const auto services = house.open();
  auto board = std::make_shared<keys::PublicationBoard>();
  board->enroll(services->signing.all_keys());
  services->signing.publications = board;
  CHECK(send(services, {}, ours).findings.outgoing.signatures.size() == 1);  // not known yet

  static_cast<void>(
      board->check_all(test::lookups_on(std::make_shared<test::FakeResolver>())));  // no such name
  const Verdict verdict = send(services, {}, ours);
  CHECK(verdict.findings.outgoing.signatures.empty());
  CHECK(verdict.findings.outgoing.unsigned_reason == "the DNS shows no key for example.net");

  services->options.signing.require_published = false;
  CHECK(send(services, {}, ours).findings.outgoing.signatures.size() == 1);
}

TEST_CASE("a key that signs and seals is listed once", "[checkpoint]") {
  struct Row {
    const char* name;
    bool is_same_selector;
    bool is_same_file;
    std::size_t keys;
    std::size_t problems;
  };
  const auto row = GENERATE(Row{"the same key", true, true, 1, 0},
                            Row{"under a name of its own", false, true, 2, 0},
                            Row{"another key under its name", true, false, 2, 1});
  CAPTURE(row.name);
  House house;
  const auto other = crypto::PrivateKey::generate(crypto::KeyType::ed25519);
  house.options.arc.seal = config::Seal::forwarded;
  house.options.arc.selector = row.is_same_selector ? "s1" : "s2";
  if (!row.is_same_file) {
    house.options.arc.key_file = house.folder.write("other.pem", other.pem());
  }
  std::vector<std::string> problems;
  const auto signing = open_signing(house.options, problems);
  REQUIRE(signing);
  CHECK(signing->all_keys().size() == row.keys);
  CHECK(problems.size() == row.problems);
}

TEST_CASE("what is sealed (RFC 8617 §5.1)", "[checkpoint]") {
  struct Row {
    const char* name;
    config::Seal seal;
    Sender sender;
    const char* recipient;
    std::size_t instance;
  };
  const Sender outside{"192.0.2.1", "", ""};
  const Row rows[] = {
      {"nothing by default", config::Seal::never, outside, "<a@example.com>", 0},
      {"everything from outside", config::Seal::always, outside, "<a@example.net>", 1},
      {"what goes on", config::Seal::forwarded, outside, "<a@example.com>", 1},
      {"not what stays", config::Seal::forwarded, outside, "<a@EXAMPLE.net>", 0},
      {"not what begins here", config::Seal::always, {}, "<a@example.com>", 0},
  };
  for (const Row& row : rows) {
    DYNAMIC_SECTION(row.name) {
      House house;
      house.options.arc.seal = row.seal;
      house.options.arc.local_domains = {mail::Domain::parse("example.net").value()};
      const Verdict verdict = send(house.open(), row.sender, foreign, row.recipient);
      CHECK(verdict.findings.faults.empty());
      CHECK(verdict.findings.outgoing.sealed_instance == row.instance);
      if (row.instance > 0) {
        CHECK(names(verdict.insertions) ==
              std::vector<std::string>{"Authentication-Results", "ARC-Authentication-Results",
                                       "ARC-Message-Signature", "ARC-Seal"});
      }
    }
  }
}

TEST_CASE("a refused message is not sealed", "[checkpoint]") {
  House house;
  house.options.arc.seal = config::Seal::always;
  const Verdict verdict = send(house.open(), {"192.0.2.66", "", ""}, foreign);
  CHECK(verdict.disposition.action == policy::Action::reject);
  CHECK(names(verdict.insertions) == std::vector<std::string>{"Authentication-Results"});
}

TEST_CASE("what a list changed is sealed with the results of its arrival", "[checkpoint]") {
  House house;
  house.options.arc.seal = config::Seal::forwarded;
  house.options.arc.local_domains = {mail::Domain::parse("example.net").value()};
  const auto services = house.open();
  const Verdict arrived = send(services, {"192.0.2.1", "", ""}, foreign, "<list@example.net>");
  CHECK(arrived.findings.dmarc.value().code == dmarc::ResultCode::pass);
  mail::HeaderSection changed = leaving(arrived, foreign);
  changed.back().value = " [list] Hello";

  const Verdict sent = send(services, {}, changed);
  CHECK(sent.removals.empty());
  CHECK(sent.findings.outgoing.sealed_instance == 1);
  REQUIRE(names(sent.insertions) == std::vector<std::string>{"ARC-Authentication-Results",
                                                             "ARC-Message-Signature", "ARC-Seal"});
  CHECK(sent.insertions.front().value.contains("dmarc=pass"));

  House next;
  next.dns = house.dns;
  next.options.authserv_id = "mx.example.com";
  const mail::HeaderSection received = leaving(sent, changed);
  const Verdict marked = send(next.open(), {"192.0.2.77", "", ""}, received);
  CHECK(marked.findings.arc.status == arc::ChainStatus::pass);
  CHECK(marked.findings.dmarc.value().code == dmarc::ResultCode::fail);
  REQUIRE(marked.findings.dmarc_override);  // for the signs of a list, but not for the chain
  CHECK_FALSE(marked.findings.dmarc_override->comment.starts_with("arc=pass"));

  next.options.arc.trusted_sealers = {mail::Domain::parse("example.net").value()};
  const Verdict accepted = send(next.open(), {"192.0.2.77", "", ""}, received);
  REQUIRE(accepted.findings.dmarc_override);
  CHECK(accepted.findings.dmarc_override->comment.starts_with("arc=pass as[1].d=example.net"));
  CHECK(accepted.disposition.action == policy::Action::accept);
}

TEST_CASE("mail of our own networks is looked at, and never refused for DMARC", "[checkpoint]") {
  const House house;
  const Verdict verdict = send(house.open(), {}, foreign);
  CHECK(verdict.findings.dmarc.value().code == dmarc::ResultCode::fail);
  CHECK(verdict.disposition.action == policy::Action::accept);
  CHECK(names(verdict.insertions) == std::vector<std::string>{"Authentication-Results"});
}

}  // namespace sekisho::checkpoint
