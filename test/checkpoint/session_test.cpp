// A whole session without an MTA: what starts when, what the verdict holds, what a fault costs.
#include "checkpoint/session.hpp"

#include "support/fake_resolver.hpp"

#include <algorithm>
#include <memory>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include <catch2/catch.hpp>

namespace sekisho::checkpoint {

namespace {

const auto client_address = dns::IpAddress::parse("192.0.2.1");

std::shared_ptr<test::FakeResolver> example_dns(std::chrono::milliseconds delay = {}) {
  auto dns = std::make_shared<test::FakeResolver>(delay);
  dns->add_ptr("192.0.2.1", "mail.example.org");
  dns->add_address("mail.example.org", "192.0.2.1");
  dns->add_txt("mail.example.org", "v=spf1 a -all");
  dns->add_txt("example.org", "v=spf1 ip4:192.0.2.0/24 -all");
  dns->add_txt("_dmarc.example.org", "v=DMARC1; p=reject");
  dns->add_txt("victim.example", "v=spf1 -all");
  dns->add_txt("_dmarc.victim.example", "v=DMARC1; p=reject");
  return dns;
}

std::shared_ptr<Services> services_on(std::shared_ptr<dns::Resolver> resolver) {
  checkpoint::Options options;
  options.authserv_id = "mx.example.net";
  auto services = open_services(std::move(options), std::move(resolver));
  services->now = [] { return std::chrono::sys_seconds(std::chrono::seconds(1'700'000'000)); };
  return services;
}

Session session_on(std::shared_ptr<dns::Resolver> resolver) {
  Session session(services_on(std::move(resolver)));
  session.connect(client_address);
  session.helo("mail.example.org");
  return session;
}

Verdict send(Session& session, const std::string& sender, const mail::HeaderSection& header,
             const std::string& body = "Hello\r\n") {
  session.mail(sender);
  session.recipient("<someone@example.net>");
  for (const mail::HeaderField& field : header) {
    session.header(field);
  }
  session.end_of_header();
  session.body(body);
  return session.end_of_message("4ABC").value();
}

/// Never answers, and keeps who asked.
class Unanswered final : public dns::Resolver {
 public:
  dns::Pending<dns::Answer> lookup(dns::Question question, dns::Deadline deadline) override {
    return lookup_for(nullptr, std::move(question), deadline);
  }
  dns::Pending<dns::Answer> lookup_for(const dns::AskerPtr& asker, dns::Question question,
                                       dns::Deadline /*deadline*/) override {
    auto outcome = std::make_shared<dns::Outcome<dns::Answer>>();
    asker->begin_question();
    asked_.push_back({std::move(question.name), asker, outcome});
    return dns::Pending<dns::Answer>(std::move(outcome));
  }
  void drop_given_up() noexcept override {
    for (std::size_t i = 0; i < asked_.size(); ++i) {  // who is resumed may ask more
      if (asked_[i].asker->has_given_up() && asked_[i].outcome) {
        const auto outcome = std::exchange(asked_[i].outcome, nullptr);
        asked_[i].asker->end_question();
        if (const auto waiting = outcome->set(dns::Answer::failed(dns::Status::timeout))) {
          waiting.resume();
        }
      }
    }
  }

  /// Of all names where it is empty.
  [[nodiscard]] std::vector<dns::AskerPtr> askers_of(const std::string& name) const {
    std::vector<dns::AskerPtr> askers;
    for (const Asked& asked : asked_) {
      if (name.empty() || asked.name == name) {
        askers.push_back(asked.asker);
      }
    }
    return askers;
  }

 private:
  struct Asked {
    std::string name;
    dns::AskerPtr asker;
    std::shared_ptr<dns::Outcome<dns::Answer>> outcome;  // null: settled
  };
  std::vector<Asked> asked_;
};

/// Nothing is under way for any of them.
bool are_done(const std::vector<dns::AskerPtr>& askers) {
  return std::ranges::all_of(askers, [](const dns::AskerPtr& asker) {
    return asker->has_given_up() && asker->under_way() == 0;
  });
}

/// A resolver that throws for one name.
class Faulty final : public dns::Resolver {
 public:
  Faulty(std::shared_ptr<dns::Resolver> next, std::string name)
      : next_(std::move(next)), name_(std::move(name)) {}
  dns::Pending<dns::Answer> lookup(dns::Question question, dns::Deadline deadline) override {
    if (question.name == name_) {
      throw std::runtime_error("out of order");
    }
    return next_->lookup(std::move(question), deadline);
  }

 private:
  std::shared_ptr<dns::Resolver> next_;
  std::string name_;
};

}  // namespace

TEST_CASE("a message that SPF and DMARC let through", "[checkpoint]") {
  Session session = session_on(example_dns());
  const Verdict verdict = send(session, "<alice@example.org>", {{"From", " alice@example.org"}});

  CHECK(verdict.disposition.action == policy::Action::accept);
  CHECK(verdict.findings.spf_helo.value().code == spf::ResultCode::pass);
  CHECK(verdict.findings.spf_mail_from.value().code == spf::ResultCode::pass);
  CHECK(verdict.findings.iprev.value().name == "mail.example.org");
  CHECK(verdict.findings.dmarc.value().code == dmarc::ResultCode::pass);
  CHECK(verdict.findings.envelope.queue_id == "4ABC");
  REQUIRE(verdict.insertions.size() == 1);
  CHECK(verdict.insertions.front().name == "Authentication-Results");
  CHECK(verdict.insertions.front().value.starts_with(" mx.example.net;"));
  CHECK(verdict.findings.faults.empty());
}

TEST_CASE("a forged author under p=reject is refused", "[checkpoint]") {
  Session session = session_on(example_dns());
  const Verdict verdict = send(session, "<alice@example.org>", {{"From", " ceo@victim.example"}});

  CHECK(verdict.findings.dmarc.value().code == dmarc::ResultCode::fail);
  CHECK(verdict.disposition.action == policy::Action::reject);
  CHECK(verdict.disposition.reply.code == "550");
  CHECK(verdict.disposition.reply.enhanced == "5.7.26");
}

TEST_CASE("a rule turns one recipient away, and the others get the message", "[checkpoint]") {
  auto services = services_on(example_dns());
  policy::Rule rule;
  rule.action = policy::Action::reject;
  rule.recipient = *policy::Condition<policy::NameSet>::parse({"closed@example.net"});
  services->options.policy.rules = {rule};
  Session session(services);
  session.connect(client_address);
  session.helo("mail.example.org");
  session.mail("<alice@example.org>");
  const auto refused = session.recipient("<closed@example.net>");
  REQUIRE(refused);
  CHECK(refused->disposition.reply.code == "550");
  CHECK_FALSE(session.recipient("<open@example.net>"));
  session.header({"From", " alice@example.org"});
  session.end_of_header();
  const Verdict verdict = session.end_of_message("4ABC").value();
  CHECK(verdict.disposition.action == policy::Action::accept);
  CHECK(verdict.findings.envelope.recipients == std::vector<std::string>{"open@example.net"});
}

TEST_CASE("every message's ARC chain is looked at (RFC 8617 §5.2)", "[checkpoint]") {
  struct Row {
    const char* name;
    mail::HeaderSection on_top;
    arc::ChainStatus status;
  };
  const Row rows[] = {
      {"no set", {}, arc::ChainStatus::none},
      {"a set that is none", {{"ARC-Seal", " x"}}, arc::ChainStatus::fail},
  };
  for (const Row& row : rows) {
    DYNAMIC_SECTION(row.name) {
      Session session = session_on(example_dns());
      mail::HeaderSection header = row.on_top;
      header.push_back({"From", " alice@example.org"});
      const Verdict verdict = send(session, "<alice@example.org>", header);
      CHECK(verdict.findings.arc_checked);
      CHECK(verdict.findings.arc.status == row.status);
      CHECK(verdict.findings.faults.empty());
      CHECK(verdict.insertions.front().value.contains("arc="));
    }
  }
}

TEST_CASE("one session carries several messages, each with its own findings", "[checkpoint]") {
  Session session = session_on(example_dns());
  CHECK(send(session, "<a@example.org>", {{"From", " ceo@victim.example"}}).disposition.action ==
        policy::Action::reject);
  const Verdict second = send(session, "<b@example.org>", {{"From", " b@example.org"}});
  CHECK(second.disposition.action == policy::Action::accept);
  CHECK(second.findings.envelope.sender == "b@example.org");
  CHECK(second.findings.iprev.value().code == iprev::ResultCode::pass);
}

TEST_CASE("with the null sender SPF checks the HELO name (RFC 7208 §2.4)", "[checkpoint]") {
  Session session = session_on(example_dns());
  const Verdict verdict = send(session, "<>", {{"From", " postmaster@mail.example.org"}});
  CHECK(verdict.findings.spf_mail_from.value().domain == "mail.example.org");
  CHECK(verdict.findings.spf_mail_from.value().code == spf::ResultCode::pass);
  CHECK(verdict.findings.dmarc.value().spf_aligned);
}

TEST_CASE("a local submission has neither SPF nor iprev", "[checkpoint]") {
  Session session(services_on(example_dns()));
  session.connect(std::nullopt);
  session.helo("localhost");
  const Verdict verdict = send(session, "<alice@example.org>", {{"From", " alice@example.org"}});
  CHECK_FALSE(verdict.findings.spf_mail_from);
  CHECK_FALSE(verdict.findings.iprev);
  CHECK(verdict.findings.dmarc.value().code == dmarc::ResultCode::fail);
}

TEST_CASE("two From fields are refused, whichever would pass", "[checkpoint]") {
  // Composition Kills server_a8
  Session session = session_on(example_dns());
  const Verdict verdict = send(session, "<a@example.org>",
                               {{"From", " a@example.org"}, {"From", " ceo@victim.example"}});
  CHECK(verdict.disposition.action == policy::Action::reject);
  CHECK(verdict.disposition.reply.enhanced == "5.7.1");
  REQUIRE(verdict.findings.dmarc);
  CHECK(verdict.findings.dmarc->code != dmarc::ResultCode::pass);
}

TEST_CASE("a header section over the limit has no author", "[checkpoint]") {
  const auto services = services_on(example_dns());
  services->options.limits.header_fields = 10;
  Session session(services);
  session.connect(client_address);
  mail::HeaderSection header = {{"From", " a@example.org"}};
  header.resize(11, {"X-Filler", " x"});
  header.push_back({"From", " ceo@victim.example"});
  header.push_back({"Authentication-Results", " mx.example.net; dmarc=pass"});
  const Verdict verdict = send(session, "<a@example.org>", header);
  CHECK(verdict.disposition.action == policy::Action::reject);
  CHECK(verdict.disposition.reply.text.contains("too large"));
  CHECK(verdict.findings.dmarc.value().code != dmarc::ResultCode::pass);
  CHECK(verdict.removals == std::vector<FieldRemoval>{{"Authentication-Results", 1}});
}

TEST_CASE("of a header section over the limit nothing is verified", "[checkpoint]") {
  // What was dropped may be a set of the chain, or a field that a signature covers.
  const auto services = services_on(example_dns());
  services->options.limits.header_fields = 4;
  for (const std::size_t fillers : {2U, 3U}) {
    Session session(services);
    session.connect(client_address);
    mail::HeaderSection header = {{"From", " alice@example.org"}, {"ARC-Seal", " i=1; cv=none"}};
    header.resize(2 + fillers, {"X-Filler", " x"});
    const Verdict verdict = send(session, "<alice@example.org>", header);
    const bool is_whole = fillers == 2;
    CAPTURE(fillers);
    CHECK(verdict.findings.arc_checked == is_whole);
    CHECK(verdict.findings.dkim_checked == is_whole);
    CHECK(verdict.insertions.front().value.contains("arc=fail") == is_whole);
    CHECK((verdict.findings.author.status == mail::AuthorStatus::header_too_large) == !is_whole);
  }
}

TEST_CASE("the octets of a header section are counted with colon and line end", "[checkpoint]") {
  const auto services = services_on(example_dns());
  const mail::HeaderSection header = {{"From", " alice@example.org"}, {"Subject", " a"}};
  constexpr std::size_t octets = 4 + 18 + 3 + 7 + 2 + 3;
  for (const std::size_t limit : {octets, octets - 1}) {
    services->options.limits.header_octets = limit;
    Session session(services);
    session.connect(client_address);
    const Verdict verdict = send(session, "<alice@example.org>", header);
    CAPTURE(limit);
    CHECK((verdict.findings.author.status == mail::AuthorStatus::header_too_large) ==
          (limit < octets));
  }
}

TEST_CASE("a message with hundreds of fields in our name is refused", "[checkpoint]") {
  const mail::HeaderField forged = {"Authentication-Results", " mx.example.net; dmarc=pass"};
  for (const std::size_t count : {100U, 101U, 500U}) {
    Session session = session_on(example_dns());
    mail::HeaderSection header(count, forged);
    header.push_back({"From", " alice@example.org"});
    const Verdict verdict = send(session, "<alice@example.org>", header);
    CAPTURE(count);
    CHECK(verdict.findings.forged_fields == count);
    if (count <= 100) {
      CHECK(verdict.disposition.action == policy::Action::accept);
      CHECK(verdict.removals.size() == count);
      continue;
    }
    CHECK(verdict.disposition.action == policy::Action::reject);
    CHECK(verdict.disposition.reply ==
          policy::Reply{"550", "5.7.1",
                        "Message has more than 100 header fields that only this host may add"});
  }
}

TEST_CASE("fields of others are as many as they like", "[checkpoint]") {
  Session session = session_on(example_dns());
  mail::HeaderSection header(500, {"Authentication-Results", " mx.example.org; dmarc=pass"});
  header.push_back({"From", " alice@example.org"});
  const Verdict verdict = send(session, "<alice@example.org>", header);
  CHECK(verdict.disposition.action == policy::Action::accept);
  CHECK(verdict.removals.empty());
}

TEST_CASE("properties that not every reader takes are told by option", "[checkpoint]") {
  const auto services = services_on(example_dns());
  for (const bool extended : {false, true}) {
    services->options.header_extended = extended;
    Session session(services);
    session.connect(client_address);
    const Verdict verdict = send(session, "<alice@example.org>", {{"From", " alice@example.org"}});
    CHECK(verdict.insertions.front().value.contains("polrec.p=reject") == extended);
  }
}

TEST_CASE("events out of order do nothing", "[checkpoint]") {
  Session session = session_on(example_dns());
  session.header({"From", " a@example.org"});
  session.end_of_header();
  CHECK_FALSE(session.body("x"));
  CHECK_FALSE(session.end_of_message("1"));
  session.mail("<a@example.org>");
  session.abort();
  CHECK_FALSE(session.end_of_message("1"));
}

TEST_CASE("a session dropped at any point leaves its look-ups to end alone", "[checkpoint]") {
  const auto dns = example_dns(std::chrono::milliseconds{20});
  for (int events = 0; events < 5; ++events) {
    Session session(services_on(dns));
    session.connect(client_address);
    if (events > 0) {
      session.helo("mail.example.org");
    }
    if (events > 1) {
      session.mail("<alice@example.org>");
    }
    if (events > 2) {
      session.header({"From", " alice@example.org"});
      session.end_of_header();
    }
    if (events > 3) {
      session.body("Hello\r\n");
    }
  }
  Session session = session_on(dns);
  CHECK(send(session, "<alice@example.org>", {{"From", " alice@example.org"}}).disposition.action ==
        policy::Action::accept);
}

TEST_CASE("look-ups that never answer give temperror within the message's time", "[checkpoint]") {
  const auto services = services_on(example_dns(std::chrono::hours{1}));
  services->options.message_timeout = std::chrono::milliseconds{50};
  Session session(services);
  session.connect(client_address);
  session.helo("mail.example.org");
  const Verdict verdict = send(session, "<alice@example.org>", {{"From", " alice@example.org"}});
  CHECK(verdict.findings.spf_mail_from.value().code == spf::ResultCode::temperror);
  CHECK(verdict.findings.dmarc.value().code == dmarc::ResultCode::temperror);
}

TEST_CASE("a sender's SPF record does not use up the look-ups of DMARC", "[checkpoint]") {
  const auto dns = example_dns();
  std::string record = "v=spf1";
  for (char c = 'a'; c < 'k'; ++c) {
    record += std::string(" exists:") + c + ".attack.example";
  }
  dns->add_txt("attack.example", record);
  const auto services = services_on(dns);
  services->options.limits.lookups = 10;
  Session session(services);
  session.connect(client_address);
  session.helo("attack.example");
  const Verdict verdict = send(session, "<x@attack.example>", {{"From", " ceo@victim.example"}});
  CHECK(verdict.findings.dmarc.value().code == dmarc::ResultCode::fail);
  CHECK(verdict.disposition.action == policy::Action::reject);
}

TEST_CASE("nothing is looked up before the first recipient", "[checkpoint]") {
  const auto dns = example_dns();
  Session session(services_on(dns));
  for (int i = 0; i < 100; ++i) {
    session.connect(client_address);
    session.helo("a" + std::to_string(i) + ".example");
    session.mail("<alice@example.org>");
    session.abort();
    session.mail("<bob@example.org>");
  }
  CHECK(dns->asked().empty());
  session.recipient("<someone@example.net>");
  const std::size_t asked = dns->asked().size();
  CHECK(asked > 0);
  session.recipient("<other@example.net>");
  CHECK(dns->asked().size() == asked);
}

TEST_CASE("a message without a recipient is looked up all the same", "[checkpoint]") {
  Session session = session_on(example_dns());
  session.mail("<alice@example.org>");
  SECTION("at the end of its header section") {
    session.header({"From", " alice@example.org"});
    session.end_of_header();
    const Verdict verdict = session.end_of_message("4ABC").value();
    CHECK(verdict.findings.spf_mail_from.value().code == spf::ResultCode::pass);
    CHECK(verdict.findings.iprev.value().code == iprev::ResultCode::pass);
  }
  SECTION("at the end of its envelope") {
    const findings::Findings findings = session.end_of_envelope().value();
    CHECK(findings.spf_mail_from.value().code == spf::ResultCode::pass);
    CHECK(findings.spf_helo.value().code == spf::ResultCode::pass);
    CHECK(findings.iprev.value().code == iprev::ResultCode::pass);
  }
}

TEST_CASE("a user's message asks nothing of his client and his sender", "[checkpoint]") {
  const auto dns = example_dns();
  Session session = session_on(dns);
  session.identify("alice", "");
  send(session, "<alice@example.org>", {{"From", " alice@example.org"}});
  CHECK(dns->asked().empty());
}

TEST_CASE("a recipient that comes late leaves the look-ups their time", "[checkpoint]") {
  const auto services = services_on(example_dns(std::chrono::milliseconds{5}));
  services->options.message_timeout = std::chrono::milliseconds{200};
  Session session(services);
  session.connect(client_address);
  session.helo("mail.example.org");
  session.mail("<alice@example.org>");
  std::this_thread::sleep_for(std::chrono::milliseconds{250});
  session.recipient("<someone@example.net>");
  const findings::Findings findings = session.end_of_envelope().value();
  CHECK(findings.spf_mail_from.value().code == spf::ResultCode::pass);
  CHECK(findings.spf_helo.value().code == spf::ResultCode::pass);
  CHECK(findings.iprev.value().code == iprev::ResultCode::pass);
}

TEST_CASE("what a message has under way ends with it", "[checkpoint]") {
  struct Row {
    const char* name;
    void (*end)(Session& session);
  };
  const auto row =
      GENERATE(Row{"abort", [](Session& session) { session.abort(); }},
               Row{"the next MAIL", [](Session& session) { session.mail("<bob@example.org>"); }},
               Row{"another client",
                   [](Session& session) { session.connect(dns::IpAddress::parse("192.0.2.2")); }});
  CAPTURE(row.name);
  const auto dns = std::make_shared<Unanswered>();
  {
    Session session = session_on(dns);
    session.mail("<alice@example.org>");
    session.recipient("<someone@example.net>");
    const std::size_t of_the_message = dns->askers_of("example.org").size();
    REQUIRE(of_the_message > 0);
    row.end(session);
    CHECK(are_done(dns->askers_of("example.org")));
  }
  CHECK(are_done(dns->askers_of("")));
}

TEST_CASE("questions count against their client and its network", "[checkpoint]") {
  const auto dns = std::make_shared<Unanswered>();
  Session session = session_on(dns);
  session.mail("<alice@example.org>");
  session.recipient("<someone@example.net>");
  REQUIRE_FALSE(dns->askers_of("").empty());
  for (const dns::AskerPtr& asker : dns->askers_of("")) {
    CHECK(asker->client().address == client_address);
    CHECK(asker->client().network == dns::IpAddress::parse("192.0.2.0"));
  }
}

TEST_CASE("a client whose mail was good has a reserve, until it was not", "[checkpoint]") {
  const auto services = services_on(example_dns());
  const auto is_trusted = [&services] {
    const auto dns = std::make_shared<Unanswered>();
    const auto probing = std::make_shared<Services>(*services);
    probing->resolver = dns;
    Session session(probing);
    session.connect(client_address);
    session.mail("<alice@example.org>");
    session.recipient("<someone@example.net>");
    return dns->askers_of("").front()->client().is_trusted;
  };
  CHECK_FALSE(is_trusted());
  Session session(services);
  session.connect(client_address);
  session.helo("mail.example.org");
  send(session, "<alice@example.org>", {{"From", " alice@example.org"}});
  CHECK(is_trusted());
  send(session, "<ceo@victim.example>", {{"From", " ceo@victim.example"}});
  CHECK_FALSE(is_trusted());
}

TEST_CASE("the HELO name is looked up once", "[checkpoint]") {
  const auto dns = example_dns();
  Session session(services_on(dns));
  session.connect(client_address);
  session.helo("mail.example.org");
  send(session, "<alice@example.org>", {{"From", " alice@example.org"}});
  const Verdict second = send(session, "<alice@example.org>", {{"From", " alice@example.org"}});
  CHECK(second.findings.spf_helo.value().code == spf::ResultCode::pass);
}

TEST_CASE("a fault of ours is no reason to refuse a message", "[checkpoint]") {
  // SPF breaks off; it might have passed.
  Session session = session_on(std::make_shared<Faulty>(example_dns(), "victim.example"));
  const Verdict verdict = send(session, "<ceo@victim.example>", {{"From", " ceo@victim.example"}});
  CHECK(verdict.findings.faults == std::vector<std::string>{"spf: out of order"});
  CHECK(verdict.findings.dmarc.value().code == dmarc::ResultCode::temperror);
  CHECK(verdict.disposition.action == policy::Action::accept);
}

TEST_CASE("a fault in one mechanism costs that mechanism alone", "[checkpoint]") {
  Session session = session_on(std::make_shared<Faulty>(example_dns(), "1.2.0.192.in-addr.arpa"));
  const Verdict verdict = send(session, "<alice@example.org>", {{"From", " alice@example.org"}});
  CHECK_FALSE(verdict.findings.iprev);
  CHECK(verdict.findings.faults == std::vector<std::string>{"iprev: out of order"});
  CHECK(verdict.findings.dmarc.value().code == dmarc::ResultCode::pass);
}

TEST_CASE("the login of a user stands in Authentication-Results by option (RFC 8601 \u00a72.7.4)",
          "[checkpoint]") {
  const auto services = services_on(example_dns());
  for (const bool told : {false, true}) {
    services->options.header_login = told;
    Session session(services);
    session.connect(client_address);
    session.identify("alice", "");
    const Verdict verdict = send(session, "<alice@example.org>", {{"From", " alice@example.org"}});
    CHECK(verdict.insertions ==
          (told ? mail::HeaderSection{{"Authentication-Results",
                                       " mx.example.net;\r\n\tauth=pass smtp.auth=alice"}}
                : mail::HeaderSection{}));
  }
}

TEST_CASE("Received-SPF is added above by option (RFC 7208 \u00a79.1)", "[checkpoint]") {
  const auto services = services_on(example_dns());
  services->options.header_received_spf = true;
  Session session(services);
  session.connect(client_address);
  session.helo("mail.example.org");
  const Verdict verdict = send(session, "<alice@example.org>", {{"From", " alice@example.org"}});
  REQUIRE(verdict.insertions.size() == 2);
  CHECK(verdict.insertions.back().name == "Received-SPF");
  CHECK(verdict.insertions.back().value.starts_with(" pass (mx.example.net: "));
}

TEST_CASE("look-ups are kept where they are asked for", "[checkpoint]") {
  const auto services = services_on(example_dns());
  services->explain = true;
  Session session(services);
  session.connect(client_address);
  session.helo("mail.example.org");
  const Verdict verdict = send(session, "<alice@example.org>", {{"From", " alice@example.org"}});
  for (const char* mechanism : {"iprev", "spf helo", "spf", "dmarc"}) {
    CAPTURE(mechanism);
    CHECK(std::ranges::count(verdict.lookups, mechanism, &ExplainedLookup::mechanism) > 0);
  }
}

}  // namespace sekisho::checkpoint
