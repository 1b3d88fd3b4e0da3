// How long a message waits for the DNS, where each answer takes as long as any other: as many of
// them as depend on each other, and no more.
#include "checkpoint/session.hpp"
#include "support/fake_resolver.hpp"

#include <cstddef>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <catch2/catch.hpp>

namespace sekisho::checkpoint {

namespace {

/// Holds every answer back until the round after its question.
class Rounds final : public dns::Resolver {
 public:
  dns::Pending<dns::Answer> lookup(dns::Question question, dns::Deadline deadline) override {
    auto outcome = std::make_shared<dns::Outcome<dns::Answer>>();
    held_.emplace_back(outcome, world.lookup(std::move(question), deadline).get());
    return dns::Pending<dns::Answer>(std::move(outcome));
  }

  /// Answers all that was asked before. How many rounds it took until nothing was left.
  std::size_t run() {
    std::size_t rounds = 0;
    for (; !held_.empty(); ++rounds) {
      for (const auto& [outcome, answer] : std::exchange(held_, {})) {
        if (const auto waiting = outcome->set(answer)) {
          waiting.resume();
        }
      }
    }
    return rounds;
  }

  test::FakeResolver world;

 private:
  std::vector<std::pair<std::shared_ptr<dns::Outcome<dns::Answer>>, dns::Answer>> held_;
};

std::string signature_of(const std::string& domain, const std::string& more) {
  return more + "a=rsa-sha256; c=relaxed/relaxed; d=" + domain +
         "; s=s1; h=from; bh=47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=; b=AAAA";
}

/// Two signatures, a chain of two seals and an author whose DMARC record lies three names up.
mail::HeaderSection header() {
  mail::HeaderSection header{{"DKIM-Signature", signature_of("bank.example", " v=1; ")},
                             {"DKIM-Signature", signature_of("service.example", " v=1; ")},
                             {"From", " info@a.b.mail.bank.example"}};
  for (const std::string instance : {"1", "2"}) {
    const std::string list = "list" + instance + ".example";
    const std::string of_set = " i=" + instance + "; ";
    const std::string before = instance == "1" ? "none" : "pass";
    header.insert(header.begin(), {{"ARC-Seal", of_set + "a=rsa-sha256; cv=" + before +
                                                    "; d=" + list + "; s=s1; b=AAAA"},
                                   {"ARC-Message-Signature", signature_of(list, of_set)},
                                   {"ARC-Authentication-Results", of_set + list + "; spf=pass"}});
  }
  return header;
}

}  // namespace

TEST_CASE("a message waits for the longest chain of look-ups alone", "[checkpoint]") {
  struct Row {
    const char* spf;
    std::size_t chain;
  };
  // Two are the least: the client's name and its address (RFC 8601 §3), or the HELO name's `a`.
  const auto row = GENERATE(Row{"v=spf1 ip4:192.0.2.1 -all", 2}, Row{"v=spf1 a mx:no.example", 2},
                            Row{"v=spf1 redirect=_one.example", 2},
                            Row{"v=spf1 include:_one.example include:_two.example -all", 3},
                            Row{"v=spf1 mx -all", 3}, Row{"v=spf1 ptr -all", 3},
                            Row{"v=spf1 include:_three.example include:_two.example -all", 4});
  CAPTURE(row.spf);
  const auto dns = std::make_shared<Rounds>();
  dns->world.add_ptr("192.0.2.1", "mail.bank.example");
  dns->world.add_address("mail.bank.example", "192.0.2.1");
  dns->world.add_txt("mail.bank.example", "v=spf1 a -all");
  dns->world.add_txt("bank.example", row.spf);
  dns->world.add_mx("bank.example", 10, "mail.bank.example");
  dns->world.add_txt("_one.example", "v=spf1 ip4:198.51.100.1");
  dns->world.add_txt("_two.example", "v=spf1 include:_one.example a:mail.bank.example");
  dns->world.add_txt("_three.example", "v=spf1 include:_four.example");
  dns->world.add_txt("_four.example", "v=spf1 include:_one.example");
  dns->world.add_txt("_dmarc.bank.example", "v=DMARC1; p=reject");

  checkpoint::Options options;
  options.authserv_id = "mx.example.net";
  Session session(open_services(std::move(options), dns));
  session.connect(dns::IpAddress::parse("192.0.2.1"));
  session.helo("mail.bank.example");
  session.mail("<info@bank.example>");
  session.recipient("<someone@example.net>");
  for (const mail::HeaderField& field : header()) {
    session.header(field);
  }
  session.end_of_header();
  CHECK(dns->run() == row.chain);

  const std::size_t asked = dns->world.asked().size();
  const Verdict verdict = session.end_of_message("4ABC").value();
  CHECK(dns->world.asked().size() == asked);
  CHECK(verdict.findings.dkim.size() == 2);
  CHECK(verdict.findings.dmarc.value().record_domain.value().text() == "bank.example");
}

}  // namespace sekisho::checkpoint
