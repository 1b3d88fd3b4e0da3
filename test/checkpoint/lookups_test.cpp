// What is looked up for a message, when, for whom, and how long.
#include "checkpoint/example_session.hpp"

#include <algorithm>
#include <chrono>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include <catch2/catch.hpp>

namespace sekisho::checkpoint {

namespace {

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

}  // namespace

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

TEST_CASE("a header section that comes late leaves the look-ups their time", "[checkpoint]") {
  const auto services = services_on(example_dns(std::chrono::milliseconds{5}));
  services->options.message_timeout = std::chrono::milliseconds{300};
  Session session(services);
  session.connect(client_address);
  session.mail("<alice@example.org>");
  session.recipient("<someone@example.net>");
  std::this_thread::sleep_for(std::chrono::milliseconds{350});
  session.header({"DKIM-Signature",
                  " v=1; a=rsa-sha256; d=example.org; s=s1; h=from; "
                  "bh=47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=; b=AAAA"});
  session.header({"From", " alice@example.org"});
  session.end_of_header();
  const findings::Findings findings = session.end_of_message("4ABC").value().findings;
  CHECK(findings.dmarc.value().code == dmarc::ResultCode::pass);
  REQUIRE(findings.dkim.size() == 1);
  CHECK(findings.dkim.front().code == dkim::ResultCode::permerror);  // the DNS said: no key
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
