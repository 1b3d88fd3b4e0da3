// What comes back from within: it is signed or sealed only where our verdict of its first visit is
// proved.
#include "checkpoint/house.hpp"

#include <algorithm>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

namespace sekisho::checkpoint {

namespace {

constexpr const char* outside_hop =
    " from evil (evil.example [203.0.113.9]) by mx.example.net with ESMTP; x";
constexpr const char* inside_hop =
    " from localhost (localhost [127.0.0.1]) by localhost (filter) with ESMTP; x";

const Sender stranger{"192.0.2.66", "", ""};
const Sender bob_host{"192.0.2.1", "", ""};
const Sender within{};

const mail::HeaderSection forged = {{"Received", outside_hop},
                                    {"Message-ID", " <1@evil.example>"},
                                    {"List-Id", " <l.evil.example>"},
                                    {"List-Post", " <mailto:l@evil.example>"},
                                    {"From", " alice@example.net"}};
const mail::HeaderSection genuine = {
    {"Received", outside_hop}, {"Message-ID", " <2@example.org>"}, {"From", " bob@example.org"}};

/// A message after its first visit, with a hop inside on top.
mail::HeaderSection visited(const std::shared_ptr<Services>& services, const Sender& sender,
                            const mail::HeaderSection& header) {
  mail::HeaderSection after = leaving(send(services, sender, header), header);
  after.insert(after.begin(), {"Received", inside_hop});
  return after;
}

mail::HeaderField& field_of(mail::HeaderSection& header, const char* name) {
  return *std::ranges::find(header, name, &mail::HeaderField::name);
}

bool has(const Verdict& verdict, const char* name) {
  return std::ranges::count(names(verdict.insertions), name) > 0;
}

}  // namespace

TEST_CASE("a forgery that comes back is not signed, whatever became of our field", "[checkpoint]") {
  struct Row {
    const char* name;
    void (*change)(mail::HeaderSection&);
    findings::Origin origin;
  };
  using enum findings::Origin;
  const Row rows[] = {
      {"as we left it", [](mail::HeaderSection&) {}, returned},
      {"refolded",
       [](mail::HeaderSection& header) {
         std::string& value = field_of(header, "Authentication-Results").value;
         for (std::size_t at = 0; (at = value.find(' ', at)) != std::string::npos; at += 4) {
           value.replace(at, 1, "\r\n\t ");
         }
       },
       returned},
      {"its result turned into pass",
       [](mail::HeaderSection& header) {
         std::string& value = field_of(header, "Authentication-Results").value;
         value.replace(value.find("dmarc=fail"), 10, "dmarc=pass");
       },
       relayed},
      {"cut behind its first result",
       [](mail::HeaderSection& header) {
         std::string& value = field_of(header, "Authentication-Results").value;
         value.resize(value.find(';', value.find(';') + 1));
       },
       relayed},
      {"an encoded word in it",
       [](mail::HeaderSection& header) {
         std::string& value = field_of(header, "Authentication-Results").value;
         value.replace(value.find("dmarc=fail"), 10, "=?utf-8?q?dmarc=3Dfail?=");
       },
       relayed},
      {"removed, with the proof left",
       [](mail::HeaderSection& header) {
         std::erase_if(header, [](const mail::HeaderField& field) {
           return field.name == "Authentication-Results";
         });
       },
       relayed},
      {"the proof removed",
       [](mail::HeaderSection& header) {
         std::erase_if(
             header, [](const mail::HeaderField& field) { return field.name == "Sekisho-Proof"; });
       },
       relayed},
      {"both removed",
       [](mail::HeaderSection& header) {
         std::erase_if(header, [](const mail::HeaderField& field) {
           return field.name == "Sekisho-Proof" || field.name == "Authentication-Results";
         });
       },
       relayed},
      {"another Message-ID",
       [](mail::HeaderSection& header) { field_of(header, "Message-ID").value = " <3@x.example>"; },
       relayed},
  };
  const House house;
  const auto services = house.open();
  for (const Row& row : rows) {
    DYNAMIC_SECTION(row.name) {
      mail::HeaderSection again = visited(services, stranger, forged);
      row.change(again);
      const Verdict verdict = send(services, within, again);
      CHECK(verdict.findings.origin == row.origin);
      CHECK_FALSE(has(verdict, "DKIM-Signature"));
      CHECK(verdict.disposition.action == policy::Action::accept);
      CHECK(has(verdict, "Authentication-Results") == (row.origin == relayed));
      const bool claims = std::ranges::any_of(again, [](const mail::HeaderField& field) {
        return field.name == "Authentication-Results" || field.name == "Sekisho-Proof";
      });
      CHECK(verdict.removals.empty() == (row.origin == returned || !claims));
    }
  }
}

TEST_CASE("mail that was outside and never here is not signed", "[checkpoint]") {
  // A before-queue proxy and fetchmail hand in what we have not seen (RFC 5321 §4.4).
  struct Row {
    const char* name;
    mail::HeaderSection header;
    Sender sender;
    bool is_signed;
  };
  const mail::HeaderField from{"From", " alice@example.net"};
  const Row rows[] = {
      {"a Received field shows the outside", {{"Received", outside_hop}, from}, within, false},
      {"below hops inside",
       {{"Received", inside_hop}, {"Received", outside_hop}, from},
       within,
       false},
      {"hops inside alone", {{"Received", inside_hop}, from}, within, true},
      {"no hop at all", {from}, within, true},
      {"a field in our name",
       {{"Authentication-Results", " mx.example.net; dmarc=pass header.from=example.net"}, from},
       within,
       false},
      {"a seal in our name",
       {{"ARC-Authentication-Results", " i=1; mx.example.net; dmarc=pass"}, from},
       within,
       false},
      {"a field in another name",
       {{"Authentication-Results", " mx.example.com; dmarc=fail header.from=example.net"}, from},
       within,
       true},
      {"a user logged in at this host, and a filter hands in what he sent",
       {{"Received", inside_hop},
        {"Received", " from pc (home [203.0.113.9]) by mx.example.net with ESMTPSA; x"},
        from},
       within,
       true},
      {"a stranger who writes such a hop below his own",
       {{"Received", outside_hop},
        {"Received", " from pc (home [203.0.113.9]) by mx.example.net with ESMTPSA; x"},
        from},
       within,
       false},
      {"a login came from elsewhere by SMTP",
       {{"Received", outside_hop}, from},
       {"192.0.2.9", "alice", ""},
       true},
      {"a login hands on a field in our name",
       {{"Authentication-Results", " mx.example.net; dmarc=pass header.from=example.net"}, from},
       {"192.0.2.9", "alice", ""},
       false},
  };
  const House house;
  for (const Row& row : rows) {
    DYNAMIC_SECTION(row.name) {
      const Verdict verdict = send(house.open(), row.sender, row.header);
      CHECK(has(verdict, "DKIM-Signature") == row.is_signed);
      CHECK(verdict.disposition.action == policy::Action::accept);
    }
  }
}

TEST_CASE("a proof that an outsider copied does not hold", "[checkpoint]") {
  House house;
  house.options.arc.seal = checkpoint::Seal::always;
  const auto services = house.open();
  const mail::HeaderSection honest = visited(services, bob_host, genuine);

  SECTION("from outside, our fields are removed") {
    const Verdict verdict = send(services, stranger, honest);
    CHECK(std::ranges::count(verdict.removals, "Sekisho-Proof", &FieldRemoval::name) == 1);
    CHECK(std::ranges::count(verdict.removals, "Authentication-Results", &FieldRemoval::name) == 1);
  }
  SECTION("through a proxy, a hop outside stands above them") {
    mail::HeaderSection replayed = honest;
    replayed.insert(replayed.begin(), {"Received", outside_hop});
    const Verdict verdict = send(services, within, replayed);
    CHECK(verdict.findings.origin == findings::Origin::relayed);
    CHECK(verdict.findings.dmarc.value().code == dmarc::ResultCode::fail);
  }
  SECTION("another author of the same message") {
    mail::HeaderSection changed = honest;
    field_of(changed, "From").value = " ceo@example.org";
    CHECK(send(services, within, changed).findings.origin == findings::Origin::relayed);
  }
  SECTION("the same author") {
    const Verdict verdict = send(services, within, honest);
    CHECK(verdict.findings.origin == findings::Origin::returned);
    CHECK(verdict.insertions.front().value.contains("dmarc=pass"));
  }
  SECTION("by the key of another process") {
    CHECK(send(house.open(), within, honest).findings.origin == findings::Origin::relayed);
  }
  SECTION("when it has become too old") {
    services->options.proof.lifetime = std::chrono::hours{1};
    services->now = [] { return std::chrono::sys_seconds(std::chrono::seconds(1'700'003'601)); };
    CHECK(send(services, within, honest).findings.origin == findings::Origin::relayed);
    services->now = [] { return std::chrono::sys_seconds(std::chrono::seconds(1'700'003'600)); };
    CHECK(send(services, within, honest).findings.origin == findings::Origin::returned);
  }
}

TEST_CASE("nobody has a seal put on results that he wrote himself (RFC 8617 §5.1)",
          "[checkpoint]") {
  House house;
  house.options.arc.seal = checkpoint::Seal::always;
  const Verdict verdict = send(
      house.open(), within,
      {{"Authentication-Results", " mx.example.net; arc=none; dmarc=pass header.from=example.org"},
       {"Message-ID", " <4@example.org>"},
       {"From", " bob@example.org"}});
  for (const mail::HeaderField& field : verdict.insertions) {
    CHECK_FALSE(field.value.contains("dmarc=pass"));
  }
  CHECK(verdict.removals.size() == 1);
}

TEST_CASE("as many proofs are tried as no honest message has", "[checkpoint]") {
  // Each costs a keyed hash, and whoever writes one may write thousands.
  const House house;
  const auto services = house.open();
  mail::HeaderSection again = visited(services, bob_host, genuine);
  const mail::HeaderField proof = field_of(again, "Sekisho-Proof");
  for (const std::size_t others : {63U, 64U}) {
    mail::HeaderSection header(others, {"Sekisho-Proof", proof.value + "x"});
    header.insert(header.end(), again.begin(), again.end());
    CAPTURE(others);
    CHECK(send(services, within, header).findings.origin ==
          (others < 64 ? findings::Origin::returned : findings::Origin::relayed));
  }
}

TEST_CASE("a message without Message-ID is known by its Date, without both by nothing",
          "[checkpoint]") {
  const House house;
  const auto services = house.open();
  const mail::HeaderSection dated = {{"Date", " x"}, {"From", " bob@example.org"}};
  CHECK(send(services, within, visited(services, bob_host, dated)).findings.origin ==
        findings::Origin::returned);
  const mail::HeaderSection bare = {{"From", " bob@example.org"}};
  const Verdict first = send(services, bob_host, bare);
  CHECK_FALSE(has(first, "Sekisho-Proof"));
  CHECK(send(services, within, leaving(first, bare)).findings.origin == findings::Origin::relayed);
}

TEST_CASE("mail of ours that was not signed at first may be signed later", "[checkpoint]") {
  House house;
  house.options.policy.role = policy::Role::inbound;
  const auto services = house.open();
  const mail::HeaderSection written = {{"Message-ID", " <7@example.net>"},
                                       {"From", " alice@example.net"}};
  const mail::HeaderSection again = visited(services, within, written);
  CHECK(again.size() == 5);  // with results, a proof and the hop
  services->options.policy.role = policy::Role::both;

  const Verdict verdict = send(services, within, again);
  CHECK(verdict.findings.origin == findings::Origin::internal);
  CHECK(has(verdict, "DKIM-Signature"));

  mail::HeaderSection forged_since = again;
  forged_since.push_back({"Authentication-Results", " mx.example.net; dmarc=pass"});
  CHECK(send(services, within, forged_since).removals ==
        std::vector<FieldRemoval>{{"Authentication-Results", 2}});
}

TEST_CASE("results of ours are not sealed for a login", "[checkpoint]") {
  House house;
  house.options.arc.seal = checkpoint::Seal::always;
  const auto services = house.open();
  const mail::HeaderSection again = visited(services, bob_host, genuine);
  CHECK(has(send(services, within, again), "ARC-Seal"));
  CHECK_FALSE(has(send(services, {"192.0.2.9", "alice", ""}, again), "ARC-Seal"));
}

TEST_CASE("a list that has put itself into From is signed by the house of the list",
          "[checkpoint]") {
  const House house;
  const auto services = house.open();
  mail::HeaderSection again = visited(services, bob_host, genuine);
  field_of(again, "From").value = " \"bob via list\" <list@example.net>";
  const Verdict verdict = send(services, within, again);
  CHECK(verdict.findings.origin == findings::Origin::returned);
  CHECK(has(verdict, "DKIM-Signature"));
}

TEST_CASE("what a user of ours sent is signed again behind a filter or a list", "[checkpoint]") {
  const House house;
  const auto services = house.open();
  const mail::HeaderSection written = {{"Received", outside_hop},
                                       {"Message-ID", " <5@example.net>"},
                                       {"From", " alice@example.net"}};
  const mail::HeaderSection again = visited(services, {"203.0.113.9", "alice", ""}, written);

  SECTION("the filter changed the body") {
    const Verdict verdict = send(services, within, again);
    CHECK(verdict.findings.origin == findings::Origin::internal);
    CHECK(has(verdict, "DKIM-Signature"));
  }
  SECTION("the filter removed the proof") {
    mail::HeaderSection changed = again;
    std::erase_if(changed,
                  [](const mail::HeaderField& field) { return field.name == "Sekisho-Proof"; });
    CHECK_FALSE(has(send(services, within, changed), "DKIM-Signature"));
  }
  SECTION("another message") {
    mail::HeaderSection changed = again;
    field_of(changed, "Message-ID").value = " <6@example.net>";
    CHECK_FALSE(has(send(services, within, changed), "DKIM-Signature"));
  }
  SECTION("with results in our name") {
    mail::HeaderSection changed = again;
    changed.push_back({"Authentication-Results", " mx.example.net; dmarc=pass"});
    CHECK_FALSE(has(send(services, within, changed), "DKIM-Signature"));
  }
  SECTION("sent once more from outside, through a proxy that asks no milter") {
    mail::HeaderSection replayed = again;
    replayed.insert(replayed.begin(), {"Received", outside_hop});
    CHECK_FALSE(has(send(services, within, replayed), "DKIM-Signature"));
  }
}

TEST_CASE("what its login may not have signed is not signed behind a filter either",
          "[checkpoint]") {
  House house;
  house.options.signing.login_map = house.folder.write("logins", "alice other@example.net\n");
  house.options.header_login = GENERATE(false, true);
  const auto services = house.open();
  const mail::HeaderSection written = {
      {"Received", outside_hop}, {"Message-ID", " <5@example.net>"}, {"From", " ceo@example.net"}};
  const mail::HeaderSection again = visited(services, {"203.0.113.9", "alice", ""}, written);
  const Verdict verdict = send(services, within, again);
  CHECK(verdict.findings.origin == findings::Origin::relayed);
  CHECK_FALSE(has(verdict, "DKIM-Signature"));
}

TEST_CASE("a header that was cut may hide a trace of the outside", "[checkpoint]") {
  House house;
  house.options.limits.header_fields = 10;
  mail::HeaderSection header(20, {"X-Filler", " x"});
  header.insert(header.begin(), {"From", " alice@example.net"});
  const Verdict verdict = send(house.open(), within, header);
  CHECK(verdict.findings.origin == findings::Origin::relayed);
  CHECK_FALSE(has(verdict, "DKIM-Signature"));
}

TEST_CASE("a client that came over the network from an unknown address is outside",
          "[checkpoint]") {
  const House house;
  Session session(house.open());
  session.connect_unknown();
  session.helo("client.example");
  session.mail("<x@example.net>");
  session.recipient("<a@example.net>");
  session.header({"From", " alice@example.net"});
  session.end_of_header();
  const Verdict verdict = session.end_of_message("4ABC").value();
  CHECK(verdict.findings.origin == findings::Origin::outside);
  CHECK(findings::format_client(verdict.findings.client) == "unknown");
  CHECK(verdict.disposition.action == policy::Action::reject);
  CHECK_FALSE(verdict.findings.spf_mail_from);
}

TEST_CASE("the role of an instance", "[checkpoint]") {
  using enum policy::Action;
  struct Row {
    const char* name;
    policy::Role role;
    Sender sender;
    mail::HeaderSection header;
    policy::Action action;
    std::size_t signatures;
    bool is_verified;
  };
  const Sender login{"192.0.2.9", "alice", ""};
  const Row rows[] = {
      {"inbound does not sign", policy::Role::inbound, login, ours, accept, 0, false},
      {"inbound verifies", policy::Role::inbound, bob_host, foreign, accept, 0, true},
      {"outbound signs", policy::Role::outbound, login, ours, accept, 1, false},
      {"outbound signs for hosts of ours", policy::Role::outbound, within, ours, accept, 1, false},
      {"outbound refuses what it has no key for", policy::Role::outbound, login, foreign, reject, 0,
       false},
      {"outbound refuses strangers", policy::Role::outbound, stranger, ours, reject, 0, false},
      {"outbound refuses what came from outside",
       policy::Role::outbound,
       within,
       {{"Received", outside_hop}, {"From", " alice@example.net"}},
       reject,
       0,
       false},
  };
  for (const Row& row : rows) {
    DYNAMIC_SECTION(row.name) {
      House house;
      house.options.policy.role = row.role;
      const Verdict verdict = send(house.open(), row.sender, row.header);
      CHECK(verdict.disposition.action == row.action);
      CHECK(verdict.findings.outgoing.signatures.size() == row.signatures);
      CHECK(verdict.findings.dmarc.has_value() == row.is_verified);
      CHECK(has(verdict, "Authentication-Results") == row.is_verified);
      CHECK(has(verdict, "Sekisho-Proof") ==
            (row.is_verified || (row.sender.login == "alice" && row.signatures == 1)));
    }
  }
}

}  // namespace sekisho::checkpoint
