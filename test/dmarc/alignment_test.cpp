#include "dmarc/message.hpp"

#include <algorithm>

#include <catch2/catch.hpp>

namespace sekisho::dmarc {
namespace {

struct Case {
  std::string_view title;
  Records records;
  Message message;
  bool spf_aligned;
  bool dkim_aligned;
};

void check(const Case& row) {
  DYNAMIC_SECTION(row.title) {
    const Result result = evaluate(row.records, row.message);
    const bool passes = row.spf_aligned || row.dkim_aligned;
    CHECK(format_result_code(result.code) == (passes ? "pass" : "fail"));
    CHECK(result.spf_aligned == row.spf_aligned);
    CHECK(result.dkim_aligned == row.dkim_aligned);
  }
}

const Records plain{{"example.com", "v=DMARC1; p=reject"}};
const Records strict{{"example.com", "v=DMARC1; p=reject; adkim=s; aspf=s"}};

TEST_CASE("RFC 9989 appendix B.1: identifier alignment", "[dmarc]") {
  const Case cases[] = {
      {"B.1.1 example 1: SPF, strict", strict, {"example.com", "example.com"}, true, false},
      {"B.1.1 example 2: SPF, relaxed", plain, {"example.com", "child.example.com"}, true, false},
      {"B.1.1 example 3: SPF, none", plain, {"child.example.com", "example.net"}, false, false},
      {"B.1.2 example 1: DKIM, strict",
       strict,
       {.author = "example.com", .dkim_domains = {"example.com"}},
       false,
       true},
      {"B.1.2 example 2: DKIM, relaxed",
       plain,
       {.author = "child.example.com", .dkim_domains = {"example.com"}},
       false,
       true},
      {"B.1.2 example 3: DKIM, none",
       plain,
       {.author = "child.example.com", .dkim_domains = {"example.net"}},
       false,
       false},
      {"§4.4 table 1: two children of one domain",
       plain,
       {"news.example.com", "foo.example.com"},
       true,
       false},
  };
  for (const Case& row : cases) {
    check(row);
  }
}

TEST_CASE("RFC 9989 appendix B.4: tree walks", "[dmarc]") {
  const Records simple{{"example.com", "v=DMARC1; p=none"},
                       {"signing.example.com", "v=DMARC1; p=none"}};
  const Records bank{{"giant.bank.example", "v=DMARC1; p=reject"},
                     {"bank.example", "v=DMARC1; p=none; psd=y"}};
  const Case cases[] = {
      {"B.4.1: simple",
       simple,
       {.author = "example.com",
        .spf_domain = "example.com",
        .dkim_domains = {"signing.example.com"}},
       true,
       true},
      {"B.4.2: deep",
       simple,
       {.author = "a.b.c.d.e.f.g.h.i.j.k.example.com",
        .spf_domain = "example.com",
        .dkim_domains = {"signing.example.com"}},
       true,
       true},
      {"B.4.3: a public suffix domain",
       bank,
       {.author = "giant.bank.example",
        .spf_domain = "mail.giant.bank.example",
        .dkim_domains = {"mail.mega.bank.example"}},
       true,
       false},
  };
  for (const Case& row : cases) {
    check(row);
  }
}

TEST_CASE("every identifier has a walk of its own", "[dmarc]") {
  // RFC 9989 §4.10.2 and the clarification's question 2: the author's organizational domain is not
  // that of each domain below it.
  const Records split{{"example.com", "v=DMARC1; p=reject"},
                      {"lab.example.com", "v=DMARC1; p=reject; psd=n"}};
  const Records suffix{{"example.com", "v=DMARC1; p=reject; psd=n"},
                       {"hosting.example.com", "v=DMARC1; p=none; psd=y"}};
  const Case cases[] = {
      {"a sub-organization does not sign for the whole",
       split,
       {.author = "example.com", .dkim_domains = {"mail.lab.example.com"}},
       false,
       false},
      {"nor for its sister", split, {"news.example.com", "lab.example.com"}, false, false},
      {"the whole does not sign for the sub-organization",
       split,
       {.author = "lab.example.com", .dkim_domains = {"example.com"}},
       false,
       false},
      {"within the sub-organization all align",
       split,
       {"a.lab.example.com", "b.lab.example.com"},
       true,
       false},
      {"a customer below a public suffix does not sign for its operator",
       suffix,
       {.author = "example.com", .dkim_domains = {"evil.hosting.example.com"}},
       false,
       false},
      {"a signature of a top-level domain is nobody's: RFC 7489 §3.1.1",
       plain,
       {.author = "example.com", .dkim_domains = {"com"}},
       false,
       false},
      {"two names of one top-level domain that publishes without psd=y: RFC 9989 §11.8",
       {{"com", "v=DMARC1; p=reject"}},
       {.author = "example.com", .dkim_domains = {"other.com"}},
       false,
       true},
      {"the same, where the author domain says psd=n",
       {{"com", "v=DMARC1; p=reject"}, {"example.com", "v=DMARC1; p=reject; psd=n"}},
       {.author = "example.com", .dkim_domains = {"other.com"}},
       false,
       false},
  };
  for (const Case& row : cases) {
    check(row);
  }
}

TEST_CASE("strict alignment is identity", "[dmarc]") {
  const Case cases[] = {
      {"SPF of a child", strict, {"example.com", "mail.example.com"}, false, false},
      {"DKIM of the organizational domain",
       strict,
       {.author = "mail.example.com", .dkim_domains = {"example.com"}},
       false,
       false},
      {"identical, case aside: RFC 9989 §4.4",
       strict,
       {"Mail.Example.COM", "mail.example.com"},
       true,
       false},
      {"strict for SPF alone",
       {{"example.com", "v=DMARC1; p=reject; aspf=s"}},
       {.author = "example.com",
        .spf_domain = "mail.example.com",
        .dkim_domains = {"mail.example.com"}},
       false,
       true},
      {"strict for DKIM alone",
       {{"example.com", "v=DMARC1; p=reject; adkim=s"}},
       {.author = "example.com",
        .spf_domain = "mail.example.com",
        .dkim_domains = {"mail.example.com"}},
       true,
       false},
  };
  for (const Case& row : cases) {
    check(row);
  }
}

TEST_CASE("only what passed can be aligned", "[dmarc]") {
  const Case cases[] = {
      {"nothing at all", plain, {.author = "example.com"}, false, false},
      {"SPF fail", plain, {"example.com", "example.com", spf::ResultCode::fail}, false, false},
      {"SPF softfail",
       plain,
       {"example.com", "example.com", spf::ResultCode::softfail},
       false,
       false},
      {"SPF permerror",
       plain,
       {"example.com", "example.com", spf::ResultCode::permerror},
       false,
       false},
      {"DKIM fail",
       plain,
       {.author = "example.com", .dkim_domains = {"example.com"}, .dkim = dkim::ResultCode::fail},
       false,
       false},
      {"DKIM policy",
       plain,
       {.author = "example.com", .dkim_domains = {"example.com"}, .dkim = dkim::ResultCode::policy},
       false,
       false},
      {"SPF fails, DKIM holds",
       plain,
       {"example.com", "example.com", spf::ResultCode::fail, {"example.com"}},
       false,
       true},
      {"the aligned signature is the last of many: RFC 9989 §4.4.1",
       plain,
       {.author = "example.com",
        .dkim_domains = {"example.net", "example.org", "mail.example.com"}},
       false,
       true},
      {"a name that only ends alike",
       plain,
       {.author = "example.com", .dkim_domains = {"notexample.com"}},
       false,
       false},
      {"U-labels and A-labels are one name: RFC 9989 §5.3.1",
       {{"xn--bcher-kva.example", "v=DMARC1; p=reject; aspf=s"}},
       {"b\u00fccher.example", "xn--bcher-kva.example"},
       true,
       false},
  };
  for (const Case& row : cases) {
    check(row);
  }
}

TEST_CASE("a stranger's walk is not asked for", "[dmarc]") {
  const auto resolver = resolver_with(plain);
  static_cast<void>(evaluate(
      resolver, {"example.com", "bounce.example.net", spf::ResultCode::pass, {"example.org"}}));
  CHECK(std::ranges::none_of(resolver->asked(), [](const dns::Question& question) {
    return question.name.ends_with("net") || question.name.ends_with("org");
  }));
}

TEST_CASE("identifiers that come before the author wait for it", "[dmarc]") {
  const auto resolver = resolver_with(plain);
  Evaluation evaluation(test::lookups_on(resolver), std::make_shared<const Options>());
  evaluation.start_identifier(domain("bounce.example.com"));
  CHECK(resolver->asked().empty());
  evaluation.start_author(domain("example.com"));
  CHECK(std::ranges::any_of(resolver->asked(), [](const dns::Question& question) {
    return question.name == "_dmarc.bounce.example.com";
  }));
}

}  // namespace
}  // namespace sekisho::dmarc
