// What the DNS does not answer is unknown: never bad, never good.
#include "domain_check/domain_check.hpp"
#include "domain_check/examination.hpp"
#include "domain_check/memory.hpp"
#include "support/fake_resolver.hpp"

#include <memory>
#include <random>
#include <set>
#include <string>

#include <catch2/catch.hpp>

namespace sekisho::domain_check {
namespace {

Report check(const std::shared_ptr<test::FakeResolver>& resolver, std::size_t budget = 400) {
  Options options;
  options.selectors = {"s1"};
  options.documentation_is_public = true;
  const auto memory = std::make_shared<Memory>(resolver, budget);
  return check_domain(test::lookups_on(memory), mail::Domain::parse("shop.example").value(),
                      options);
}

const std::vector<std::string> names{"shop.example",
                                     "_dmarc.shop.example",
                                     "_dmarc.example",
                                     "s1._domainkey.shop.example",
                                     "_mta-sts.shop.example",
                                     "_smtp._tls.shop.example",
                                     "default._bimi.shop.example",
                                     "mx1.shop.example",
                                     "_spf.mailer.example",
                                     "example"};

std::shared_ptr<test::FakeResolver> answering() {
  auto resolver = std::make_shared<test::FakeResolver>();
  resolver->add_txt("shop.example", "v=spf1 mx include:_spf.mailer.example -all");
  resolver->add_mx("shop.example", 10, "mx1.shop.example");
  return resolver;
}

TEST_CASE("of a domain about which nothing is answered, nothing is said", "[domain_check]") {
  for (const dns::Status status : {dns::Status::timeout, dns::Status::server_failure,
                                   dns::Status::refused, dns::Status::malformed}) {
    CAPTURE(dns::format_status(status));
    auto resolver = std::make_shared<test::FakeResolver>();
    for (const std::string& name : names) {
      resolver->fail(name, status);
    }
    const Report report = check(resolver);
    CHECK_FALSE(report.is_answered);
    CHECK(report.outcomes.findings().empty());
    CHECK(report.outcomes.goods().empty());
    CHECK_FALSE(report.outcomes.unknowns().empty());
  }
}

TEST_CASE("a name that is not answered gives no finding about it", "[domain_check]") {
  auto resolver = answering();
  for (const std::string& name : names) {
    if (name != "shop.example") {
      resolver->fail(name, dns::Status::timeout);
    }
  }
  const Report report = check(resolver);
  CHECK(report.is_answered);
  for (const Finding& finding : report.outcomes.findings()) {
    CAPTURE(finding.evidence);
    CHECK(info_of(finding.check).id == "");
  }
  std::set<std::string_view> unknown;
  for (const Unknown& outcome : report.outcomes.unknowns()) {
    unknown.insert(info_of(outcome.check).id);
  }
  for (const char* const id : {"spf.lookups", "spf.void", "dkim.missing", "dmarc.none",
                               "mx.no-address", "sts.record", "tlsrpt.record", "caa.none"}) {
    CAPTURE(id);
    CHECK(unknown.contains(id));
  }
  for (const ForgerRow& row : report.forger) {
    CHECK(row.rfc9989.outcome == ForgeryOutcome::unknown);
  }
}

std::set<std::string> findings_of(const Report& report) {
  std::set<std::string> found;
  for (const Finding& finding : report.outcomes.findings()) {
    found.insert(std::string(info_of(finding.check).id) + ' ' + finding.name);
  }
  return found;
}

TEST_CASE("with half of the names unanswered, nothing is found that is not there",
          "[domain_check]") {
  const std::set<std::string> all = findings_of(check(answering()));
  REQUIRE_FALSE(all.empty());
  std::minstd_rand random(1);  // NOLINT: the same each time
  for (int round = 0; round < 60; ++round) {
    auto resolver = answering();
    std::string failed;
    for (const std::string& name : names) {
      if (random() % 2 == 0) {
        resolver->fail(name, round % 2 == 0 ? dns::Status::timeout : dns::Status::server_failure);
        failed += name + ' ';
      }
    }
    for (const std::string& found : findings_of(check(resolver))) {
      CAPTURE(failed, found);
      CHECK(all.contains(found));
    }
  }
}

TEST_CASE("a check asks no more than its budget, and each question once", "[domain_check]") {
  auto resolver = answering();
  const Report report = check(resolver, 10);
  CHECK(resolver->asked().size() <= 10);
  const Report again = check(answering());
  CHECK(again.outcomes.findings().size() >= report.outcomes.findings().size());
}

TEST_CASE("the tree of a record that multiplies itself is bounded", "[domain_check]") {
  auto resolver = std::make_shared<test::FakeResolver>();
  const auto name = [](int level, char half) {
    return std::string(1, half) + std::to_string(level) + ".example";
  };
  resolver->add_txt("shop.example", "v=spf1 include:a0.example include:b0.example -all");
  for (int level = 0; level < 30; ++level) {
    for (const char half : {'a', 'b'}) {
      resolver->add_txt(name(level, half), "v=spf1 include:" + name(level + 1, 'a') +
                                               " include:" + name(level + 1, 'b') + " -all");
    }
  }
  const Report report = check(resolver);
  REQUIRE(report.spf);
  CHECK(report.spf->is_cut);
  CHECK(report.spf->nodes.size() <= 2 * max_spf_records);
  CHECK(report.outcomes.has(Check::spf_lookups));
}

TEST_CASE("text of strangers is printed without controls", "[domain_check]") {
  CHECK(shown("a\x1b[31m\xff\\\n") == "a\\027[31m\\255\\092\\010");
  CHECK(shown(std::string(70'000, 'x')).size() < 300);
  auto resolver = answering();
  resolver->add_txt("_dmarc.shop.example", "v=DMARC1; p=\x1b[2J; " + std::string(60'000, 'x'));
  const Report report = check(resolver);
  CHECK(txt_line("a.example", "x\x1b\"\\") == R"(a.example. 3600 IN TXT "x\027\"\092")");
  CHECK(txt_line("a.example", std::string(256, 'x')).ends_with("xx\" \"x\""));
  for (const Finding& finding : report.outcomes.findings()) {
    const std::string text = finding.name + finding.evidence + finding.publish;
    CHECK(text.find('\x1b') == std::string::npos);
    CHECK(text.size() < 2'000);
  }
}

}  // namespace
}  // namespace sekisho::domain_check
