#include "dmarc/message.hpp"

#include <catch2/catch.hpp>

namespace sekisho::dmarc {
namespace {

std::string_view format_source(PolicySource source) {
  switch (source) {
    case PolicySource::p:
      return "p";
    case PolicySource::sp:
      return "sp";
    case PolicySource::np:
      return "np";
  }
  std::unreachable();
}

// RFC 9989 §4.10.1. The author domains "*.gone.example.com" do not exist.
TEST_CASE("which policy of which record applies", "[dmarc]") {
  struct Case {
    std::string_view title;
    std::string author;
    Records records;
    std::string_view record_domain;
    std::string_view policy;
    std::string_view source;
  };
  const Case cases[] = {
      {"the author domain's own",
       "example.com",
       {{"example.com", "v=DMARC1; p=reject; sp=none; np=none"}},
       "example.com",
       "reject",
       "p"},
      {"its own before its organizational domain's",
       "mail.example.com",
       {{"mail.example.com", "v=DMARC1; p=quarantine; sp=none"},
        {"example.com", "v=DMARC1; p=reject"}},
       "mail.example.com",
       "quarantine",
       "p"},
      {"p for a subdomain without sp",
       "mail.example.com",
       {{"example.com", "v=DMARC1; p=reject"}},
       "example.com",
       "reject",
       "p"},
      {"sp for a subdomain",
       "mail.example.com",
       {{"example.com", "v=DMARC1; p=reject; sp=quarantine"}},
       "example.com",
       "quarantine",
       "sp"},
      {"sp, though there is an np, for a subdomain that exists",
       "mail.example.com",
       {{"example.com", "v=DMARC1; p=none; sp=quarantine; np=reject"}},
       "example.com",
       "quarantine",
       "sp"},
      {"p, though there is an np, for a subdomain that exists",
       "mail.example.com",
       {{"example.com", "v=DMARC1; p=none; np=reject"}},
       "example.com",
       "none",
       "p"},
      {"np for a subdomain that does not exist",
       "a.gone.example.com",
       {{"example.com", "v=DMARC1; p=none; sp=quarantine; np=reject"}},
       "example.com",
       "reject",
       "np"},
      {"sp where np is absent",
       "a.gone.example.com",
       {{"example.com", "v=DMARC1; p=none; sp=quarantine"}},
       "example.com",
       "quarantine",
       "sp"},
      {"p where np and sp are absent",
       "a.gone.example.com",
       {{"example.com", "v=DMARC1; p=quarantine"}},
       "example.com",
       "quarantine",
       "p"},
      {"np even where the record's own domain does not exist otherwise",
       "a.gone.example.com",
       {{"gone.example.com", "v=DMARC1; p=none; np=reject"}},
       "gone.example.com",
       "reject",
       "np"},
      {"the public suffix domain's, for a domain without any: RFC 9989 §4.10.1",
       "mail.example.com",
       {{"com", "v=DMARC1; p=none; sp=quarantine; psd=y"}},
       "com",
       "quarantine",
       "sp"},
      {"the public suffix domain's np",
       "a.gone.example.com",
       {{"com", "v=DMARC1; p=none; np=reject; psd=y"}},
       "com",
       "reject",
       "np"},
      {"not the public suffix domain's where the organizational domain has one",
       "mail.example.com",
       {{"example.com", "v=DMARC1; p=quarantine"}, {"com", "v=DMARC1; p=reject; psd=y"}},
       "example.com",
       "quarantine",
       "p"},
      {"a record between author and organizational domain is passed over: §4.7 sp=",
       "a.b.example.com",
       {{"b.example.com", "v=DMARC1; p=reject"}, {"example.com", "v=DMARC1; p=quarantine"}},
       "example.com",
       "quarantine",
       "p"},
      {"the same below a public suffix domain, whose record then applies",
       "a.b.example.com",
       {{"b.example.com", "v=DMARC1; p=reject"}, {"com", "v=DMARC1; p=quarantine; psd=y"}},
       "com",
       "quarantine",
       "p"},
      {"the public suffix domain as author",
       "bank.example",
       {{"bank.example", "v=DMARC1; p=reject; sp=none; psd=y"}},
       "bank.example",
       "reject",
       "p"},
      {"a long author domain: appendix B.4.2",
       "a.b.c.d.e.f.g.h.i.j.k.example.com",
       {{"example.com", "v=DMARC1; p=reject; sp=quarantine"}},
       "example.com",
       "quarantine",
       "sp"},
      {"two records at the author domain are none: §4.10 step 2",
       "mail.example.com",
       {{"mail.example.com", "v=DMARC1; p=none"},
        {"mail.example.com", "v=DMARC1; p=none"},
        {"example.com", "v=DMARC1; p=reject"}},
       "example.com",
       "reject",
       "p"},
      {"a record with a tag twice is none",
       "mail.example.com",
       {{"mail.example.com", "v=DMARC1; p=none; p=none"}, {"example.com", "v=DMARC1; p=reject"}},
       "example.com",
       "reject",
       "p"},
      {"a wrong sp with a valid rua is p=none: §4.10.1",
       "mail.example.com",
       {{"example.com", "v=DMARC1; p=reject; sp=bob; rua=mailto:a@example.com"}},
       "example.com",
       "none",
       "p"},
      {"no p with a valid rua is p=none: §4.7",
       "example.com",
       {{"example.com", "v=DMARC1; rua=mailto:a@example.com"}},
       "example.com",
       "none",
       "p"},
      {"appendix B.2.5: a test of quarantine",
       "test.example.com",
       {{"test.example.com", "v=DMARC1; p=quarantine; t=y"}, {"example.com", "v=DMARC1; p=none"}},
       "test.example.com",
       "none",
       "p"},
      {"t=y lowers reject",
       "example.com",
       {{"example.com", "v=DMARC1; p=reject; t=y"}},
       "example.com",
       "quarantine",
       "p"},
      {"t=y leaves none alone",
       "example.com",
       {{"example.com", "v=DMARC1; p=none; t=y"}},
       "example.com",
       "none",
       "p"},
      {"t=y lowers sp too",
       "mail.example.com",
       {{"example.com", "v=DMARC1; p=none; sp=reject; t=y"}},
       "example.com",
       "quarantine",
       "sp"},
      {"t=y lowers np too",
       "a.gone.example.com",
       {{"example.com", "v=DMARC1; p=none; np=quarantine; t=y"}},
       "example.com",
       "none",
       "np"},
      {"pct is no tag of RFC 9989",
       "example.com",
       {{"example.com", "v=DMARC1; p=reject; pct=0"}},
       "example.com",
       "reject",
       "p"},
  };
  for (const auto& row : cases) {
    DYNAMIC_SECTION(row.title) {
      const auto resolver = resolver_with(row.records);
      if (!row.author.contains("gone")) {
        resolver->add_address(row.author, "192.0.2.1");
      }
      const Result result = evaluate(resolver, {.author = row.author});
      CHECK(format_result_code(result.code) == "fail");
      CHECK(text_of(result.author_domain) == row.author);
      CHECK(text_of(result.record_domain) == row.record_domain);
      CHECK(format_policy(result.policy) == row.policy);
      CHECK(format_source(result.policy_source) == row.source);
      CHECK(result.record.has_value());
    }
  }
}

TEST_CASE("the published policy stays as published", "[dmarc]") {
  const Result result =
      evaluate({{"example.com", "v=DMARC1; p=reject; t=y"}}, {.author = "example.com"});
  CHECK(result.published_policy == Policy::reject);
  CHECK(result.policy == Policy::quarantine);
  CHECK_FALSE(result.sampled_out);
  CHECK(result.discovery == DiscoveryMethod::treewalk);
}

TEST_CASE("no record, no DMARC", "[dmarc]") {
  struct Case {
    std::string_view title;
    Records records;
    std::string_view reason;
  };
  const Case cases[] = {
      {"nothing anywhere", {}, "no DMARC record applies to mail.example.com"},
      {"two at the only name: RFC 9989 §4.10 step 6",
       {{"example.com", "v=DMARC1; p=reject"}, {"example.com", "v=DMARC1; p=reject"}},
       "no DMARC record applies to mail.example.com: _dmarc.example.com has 2 DMARC records"},
      {"a tag twice",
       {{"mail.example.com", "v=DMARC1; p=reject; p=none"}},
       "no DMARC record applies to mail.example.com: _dmarc.mail.example.com has a tag twice, or "
       "too many tags"},
      {"other text",
       {{"example.com", "v=spf1 -all"}, {"example.com", "v=dmarc1; p=reject"}},
       "no DMARC record applies to mail.example.com"},
      {"a blank in front",
       {{"example.com", " v=DMARC1; p=reject"}},
       "no DMARC record applies to mail.example.com"},
      {"no policy and no address: §4.10.1",
       {{"example.com", "v=DMARC1; sp=reject"}},
       "the DMARC record of example.com has no valid policy and no valid rua address"},
      {"a wrong policy at the author domain hides the one above: §4.10.1",
       {{"mail.example.com", "v=DMARC1; p=bob"}, {"example.com", "v=DMARC1; p=reject"}},
       "the DMARC record of mail.example.com has no valid policy and no valid rua address"},
  };
  for (const auto& [title, records, reason] : cases) {
    DYNAMIC_SECTION(title) {
      const Result result =
          evaluate(records, {.author = "mail.example.com", .spf_domain = "mail.example.com"});
      CHECK(format_result_code(result.code) == "none");
      CHECK(result.reason == reason);
      CHECK(result_of(result.fault) == result.code);
      CHECK_FALSE(result.record);
      CHECK_FALSE(result.record_domain);
      CHECK_FALSE(result.spf_aligned);
      CHECK(result.policy == Policy::none);
      CHECK(text_of(result.author_domain) == "mail.example.com");
      CHECK(result.organizational_domain.has_value());
    }
  }
}

// RFC 9989 §3.2.13: the question for existence is not asked twice, and not at all after the fact.
TEST_CASE("existence is asked for together with the records", "[dmarc]") {
  const auto resolver = std::make_shared<test::FakeResolver>(std::chrono::hours{1});
  Evaluation evaluation(test::lookups_on(resolver), std::make_shared<const Options>());
  evaluation.start_author(domain("mail.example.com"));
  CHECK(resolver->asked().size() == 4);  // three steps and the domain itself
  evaluation.start_author(domain("mail.example.com"));
  CHECK(resolver->asked().size() == 4);
}

}  // namespace
}  // namespace sekisho::dmarc
