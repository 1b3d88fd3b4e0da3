// What a fault of our own costs: the mechanism that has it, and no message.
#include "checkpoint/example_session.hpp"

#include <algorithm>
#include <iterator>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include <catch2/catch.hpp>

namespace sekisho::checkpoint {

namespace {

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

TEST_CASE("a fault of ours never makes a failure of DMARC", "[checkpoint]") {
  struct Row {
    const char* name;  // the look-up that breaks off
    const char* fault;
    std::optional<dmarc::ResultCode> dmarc;
  };
  const auto row = GENERATE(
      Row{"s1._domainkey.victim.example", "dkim: out of order", dmarc::ResultCode::temperror},
      Row{"_dmarc.victim.example", "dmarc: out of order", std::nullopt});
  CAPTURE(row.name);
  Session session = session_on(std::make_shared<Faulty>(example_dns(), row.name));
  const Verdict verdict =
      send(session, "<ceo@victim.example>",
           {{"DKIM-Signature",
             " v=1; a=rsa-sha256; c=relaxed/relaxed; d=victim.example; s=s1; h=from; "
             "bh=47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=; b=AAAA"},
            {"From", " ceo@victim.example"}});
  const std::vector<std::string>& faults = verdict.findings.faults;
  CHECK_FALSE(faults.empty());
  CHECK(std::ranges::count(faults, row.fault) == std::ssize(faults));
  CHECK((verdict.findings.dmarc ? std::optional(verdict.findings.dmarc->code) : std::nullopt) ==
        row.dmarc);
  CHECK(verdict.disposition.action == policy::Action::accept);
}

TEST_CASE("a fault costs the name of HELO its result, and only once", "[checkpoint]") {
  Session session = session_on(std::make_shared<Faulty>(example_dns(), "mail.example.org"));
  const Verdict first = send(session, "<alice@example.org>", {{"From", " alice@example.org"}});
  CHECK(first.findings.faults ==
        std::vector<std::string>{"iprev: out of order", "spf: out of order"});
  CHECK_FALSE(first.findings.spf_helo);
  CHECK(first.findings.dmarc.value().code == dmarc::ResultCode::pass);
  session.helo("victim.example");
  const Verdict second = send(session, "<alice@example.org>", {{"From", " alice@example.org"}});
  CHECK(second.findings.faults.empty());
  CHECK(second.findings.spf_helo.value().code == spf::ResultCode::fail);
}

}  // namespace sekisho::checkpoint
