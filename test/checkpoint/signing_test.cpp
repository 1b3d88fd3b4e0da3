// What leaves: who is signed for, what is sealed, and that the next gate believes it.
#include "authres/describe.hpp"
#include "checkpoint/house.hpp"
#include "keys/key_file.hpp"
#include "policy/decide.hpp"

#include <algorithm>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

namespace sekisho::checkpoint {

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
  };
  const House house;
  for (const Row& row : rows) {
    DYNAMIC_SECTION(row.name) {
      const Verdict verdict = send(house.open(), row.sender, row.header);
      CHECK(verdict.findings.outgoing.signatures.size() == (row.is_signed ? 1 : 0));
      CHECK(findings::describe_not_signed(verdict.findings) == row.reason);
      CHECK(std::ranges::count(names(verdict.insertions), "DKIM-Signature") ==
            (row.is_signed ? 1 : 0));
      const bool is_of_user = !row.sender.login.empty() || !row.sender.daemon.empty();
      CHECK(verdict.findings.dmarc.has_value() == (!row.is_signed && !is_of_user));
    }
  }
}

TEST_CASE("what a host of ours signs is not verified as well", "[checkpoint]") {
  const House house;
  const Verdict verdict = send(house.open(), {}, ours);
  CHECK(names(verdict.insertions) == std::vector<std::string>{"DKIM-Signature"});
  CHECK_FALSE(verdict.findings.dmarc);
  CHECK_FALSE(verdict.findings.dkim_checked);
}

TEST_CASE("the next gate finds the signature good", "[checkpoint]") {
  const House house;
  const Verdict sent = send(house.open(), {"192.0.2.9", "alice", ""}, ours);
  CHECK(names(sent.insertions) == std::vector<std::string>{"Sekisho-Proof", "DKIM-Signature"});

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
  CHECK(findings::describe_not_signed(other.findings) == "the login may not write for this author");
  CHECK(other.disposition.action == policy::Action::accept);
  // A host and a daemon of ours have no login that the map could name.
  CHECK(send(services, {}, ours).findings.outgoing.signatures.size() == 1);
  CHECK(
      send(services, {"192.0.2.9", "", "ORIGINATING"}, ours).findings.outgoing.signatures.size() ==
      1);
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
  CHECK(findings::describe_not_signed(verdict.findings) == "the DNS shows no key for example.net");

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
  house.options.arc.seal = checkpoint::Seal::forwarded;
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

TEST_CASE("a key that cannot be read costs its own signature", "[checkpoint]") {
  House house;
  auto& entries = house.options.signing.keys.entries;
  entries.clear();
  for (std::size_t i = 0; i <= keys::max_files_read_at_once; ++i) {  // the last is read when needed
    const std::string name = "k" + std::to_string(i);
    entries.push_back(
        {"other.example", name, house.folder.write(name, house.folder.key.pem()), {}});
  }
  const std::string late = entries.back().key_file;
  entries.back().domain = "example.net";
  SECTION("the only one") {
    const auto services = house.open();
    std::filesystem::remove(late);
    const Verdict verdict = send(services, {}, ours);
    CHECK(verdict.findings.outgoing.signatures.empty());
    CHECK(findings::describe_not_signed(verdict.findings) == "no key for example.net can be read");
    REQUIRE(verdict.findings.faults.size() == 1);
    CHECK(verdict.findings.faults.front().starts_with("signing: "));
    CHECK(verdict.findings.faults.front().contains(late));
    CHECK(verdict.disposition.action == policy::Action::accept);
  }
  SECTION("one of two") {
    entries.front().domain = "example.net";
    const auto services = house.open();
    std::filesystem::remove(late);
    const Verdict verdict = send(services, {}, ours);
    CHECK(verdict.findings.outgoing.signatures.size() == 1);
    CHECK(findings::describe_not_signed(verdict.findings).empty());
  }
}

TEST_CASE("keys come from entries or from tables, and a seal needs all of its options",
          "[checkpoint]") {
  House house;
  checkpoint::Options options = house.options;
  std::vector<std::string> problems;
  options.signing.keys.entries.clear();
  CHECK_FALSE(open_signing(options, problems).value().keys);
  options.signing.keys.signing_table = house.folder.write("signing", "example.net k\n");
  CHECK_FALSE(open_signing(options, problems));  // without its KeyTable
  options.signing.keys.key_table =
      house.folder.write("keys", "k example.net:s1:" + house.folder.path("key.pem") + "\n");
  CHECK(open_signing(options, problems).value().keys);
  options.signing.keys.signing_table.clear();
  CHECK_FALSE(open_signing(options, problems));

  options = house.options;
  options.arc.seal = checkpoint::Seal::always;
  CHECK(open_seal_key(options));
  for (std::string checkpoint::ArcOptions::* option :
       {&checkpoint::ArcOptions::domain, &checkpoint::ArcOptions::selector,
        &checkpoint::ArcOptions::key_file}) {
    checkpoint::Options without = options;
    (without.arc.*option).clear();
    CHECK(open_seal_key(without).error() ==
          "arc.domain, arc.selector and arc.key_file are not all given");
    CHECK_FALSE(open_signing(without, problems));
  }
  options.arc.key_file = house.folder.path("none.pem");
  CHECK(open_seal_key(options).error().starts_with("arc.key_file: "));
}

TEST_CASE("what is sealed (RFC 8617 §5.1)", "[checkpoint]") {
  struct Row {
    const char* name;
    checkpoint::Seal seal;
    Sender sender;
    const char* recipient;
    std::size_t instance;
  };
  const Sender outside{"192.0.2.1", "", ""};
  const Row rows[] = {
      {"nothing by default", checkpoint::Seal::never, outside, "<a@example.com>", 0},
      {"everything from outside", checkpoint::Seal::always, outside, "<a@example.net>", 1},
      {"what goes on", checkpoint::Seal::forwarded, outside, "<a@example.com>", 1},
      {"not what stays", checkpoint::Seal::forwarded, outside, "<a@EXAMPLE.net>", 0},
      {"nor what goes to a name without a domain", checkpoint::Seal::forwarded, outside,
       "<postmaster>", 0},
      {"not what begins here", checkpoint::Seal::always, {}, "<a@example.com>", 0},
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
              std::vector<std::string>{"Sekisho-Proof", "Authentication-Results",
                                       "ARC-Authentication-Results", "ARC-Message-Signature",
                                       "ARC-Seal"});
      }
    }
  }
}

TEST_CASE("one recipient elsewhere is enough for a seal", "[checkpoint]") {
  House house;
  house.options.arc.seal = checkpoint::Seal::forwarded;
  house.options.arc.local_domains = {mail::Domain::parse("example.net").value()};
  const auto services = house.open();
  const Sender outside{"192.0.2.1", "", ""};
  const auto instance = [&](const std::vector<std::string>& recipients) {
    return send_to(recipients, services, outside, foreign).findings.outgoing.sealed_instance;
  };
  CHECK(instance({"<a@example.net>", "<b@example.com>"}) == 1);
  CHECK(instance({"<b@example.com>", "<a@example.net>"}) == 1);
  CHECK(instance({"<a@example.net>", "<b@example.net>"}) == 0);
}

TEST_CASE("a key that the DNS does not show does not seal", "[checkpoint]") {
  House house;
  house.options.arc.seal = checkpoint::Seal::always;
  const auto services = house.open();
  auto board = std::make_shared<keys::PublicationBoard>();
  board->enroll(services->signing.all_keys());
  services->signing.publications = board;
  const auto is_sealed = [&] {
    return send(services, {"192.0.2.1", "", ""}, foreign).findings.outgoing.sealed_instance == 1;
  };
  CHECK(is_sealed());  // not known yet
  static_cast<void>(
      board->check_all(test::lookups_on(std::make_shared<test::FakeResolver>())));  // no such name
  CHECK_FALSE(is_sealed());
  services->options.signing.require_published = false;
  CHECK(is_sealed());
}

TEST_CASE("a message that is held goes on later: it is sealed", "[checkpoint]") {
  House house;
  house.options.arc.seal = checkpoint::Seal::always;
  house.options.policy.on_reject = policy::OnReject::quarantine;
  house.options.policy.on_quarantine = policy::Measure::hold;
  const Verdict verdict = send(house.open(), {"192.0.2.66", "", ""}, foreign);
  CHECK(verdict.disposition.action == policy::Action::quarantine);
  CHECK(verdict.findings.outgoing.sealed_instance == 1);
}

TEST_CASE("a refused message is not sealed", "[checkpoint]") {
  House house;
  house.options.arc.seal = checkpoint::Seal::always;
  const Verdict verdict = send(house.open(), {"192.0.2.66", "", ""}, foreign);
  CHECK(verdict.disposition.action == policy::Action::reject);
  CHECK(names(verdict.insertions) ==
        std::vector<std::string>{"Sekisho-Proof", "Authentication-Results"});
}

TEST_CASE("what a list changed is sealed with the results of its arrival", "[checkpoint]") {
  House house;
  house.options.arc.seal = checkpoint::Seal::forwarded;
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
  REQUIRE(marked.disposition.overrides.dmarc);  // for the signs of a list, but not for the chain
  CHECK_FALSE(marked.disposition.overrides.dmarc->comment.starts_with("arc=pass"));

  next.options.policy.trusted_sealers = {mail::Domain::parse("example.net").value()};
  const Verdict accepted = send(next.open(), {"192.0.2.77", "", ""}, received);
  REQUIRE(accepted.disposition.overrides.dmarc);
  CHECK(accepted.disposition.overrides.dmarc->comment.starts_with("arc=pass as[1].d=example.net"));
  CHECK(accepted.disposition.action == policy::Action::accept);

  // The findings were complete before the policy saw them: they lead to the same decision again.
  for (const Verdict* verdict : {&marked, &accepted}) {
    policy::Options options = next.options.policy;
    options.trusted_sealers.resize(verdict == &accepted ? 1 : 0,
                                   mail::Domain::parse("example.net").value());
    CHECK(policy::decide(verdict->findings, policy::find_signs(received), options) ==
          verdict->disposition);
    CHECK(verdict->insertions.back().value ==
          authres::format(authres::describe(verdict->findings, verdict->disposition.overrides,
                                            next.options.authserv_id)));
  }
}

TEST_CASE("mail of our own networks is looked at, and never refused for DMARC", "[checkpoint]") {
  const House house;
  const Verdict verdict = send(house.open(), {}, foreign);
  CHECK(verdict.findings.dmarc.value().code == dmarc::ResultCode::fail);
  CHECK_FALSE(verdict.findings.spf_mail_from);  // its address tells nothing about the author
  CHECK_FALSE(verdict.findings.iprev);
  CHECK(verdict.disposition.action == policy::Action::accept);
  CHECK(names(verdict.insertions) ==
        std::vector<std::string>{"Sekisho-Proof", "Authentication-Results"});
}

}  // namespace sekisho::checkpoint
