#include "dmarc/message.hpp"

#include <functional>

#include <catch2/catch.hpp>

namespace sekisho::dmarc {
namespace {

using test::FakeResolver;

// RFC 9989 §5.3.6: a look-up that failed leaves neither pass nor fail, where it could have
// mattered.
TEST_CASE("errors that may pass", "[dmarc]") {
  struct Case {
    std::string_view title;
    std::function<void(FakeResolver&)> broken;
    Message message;
    std::string_view code;
    std::string_view reason;
  };
  const auto fails = [](std::string name) {
    return [name = std::move(name)](FakeResolver& dns) { dns.fail(name, dns::Status::timeout); };
  };
  const auto nothing = [](FakeResolver&) {};
  constexpr auto spf_temperror = spf::ResultCode::temperror;
  constexpr auto dkim_temperror = dkim::ResultCode::temperror;
  const Case cases[] = {
      {"the author domain's own record",
       fails("_dmarc.example.com"),
       {"example.com", "example.com"},
       "temperror",
       "TXT look-up of _dmarc.example.com: time-out"},
      {"a step above an author domain without a record",
       fails("_dmarc.example.com"),
       {"mail.example.com", "mail.example.com"},
       "temperror",
       "TXT look-up of _dmarc.example.com: time-out"},
      {"a step above does not matter to identity",
       fails("_dmarc.com"),
       {"example.com", "example.com"},
       "pass",
       "SPF pass for example.com (aligned)"},
      {"a step above matters to relaxed alignment",
       fails("_dmarc.com"),
       {"example.com", "mail.example.com"},
       "temperror",
       "cannot be decided: SPF pass for mail.example.com (alignment unknown: TXT look-up of "
       "_dmarc.com: time-out), no DKIM signature"},
      {"a step above does not matter to strict alignment",
       fails("_dmarc.net"),
       {"strict.net", "mail.strict.net"},
       "fail",
       "no aligned identifier passed: SPF pass for mail.strict.net (not aligned), no DKIM "
       "signature"},
      {"a step above does not matter without anything that passed",
       fails("_dmarc.com"),
       {"example.com", "example.com", spf::ResultCode::fail},
       "fail",
       "no aligned identifier passed: SPF fail for example.com, no DKIM signature"},
      {"nor to what lies elsewhere",
       fails("_dmarc.com"),
       {"example.com", "example.org"},
       "fail",
       "no aligned identifier passed: SPF pass for example.org (not aligned), no DKIM signature"},
      {"the walk of the only candidate",
       fails("_dmarc.bounce.example.com"),
       {"example.com", "bounce.example.com"},
       "temperror",
       "cannot be decided: SPF pass for bounce.example.com (alignment unknown: TXT look-up of "
       "_dmarc.bounce.example.com: time-out), no DKIM signature"},
      {"the walk of another candidate beside an aligned one",
       fails("_dmarc.bounce.example.com"),
       {"example.com", "bounce.example.com", spf::ResultCode::pass, {"example.com"}},
       "pass",
       "DKIM pass for example.com (aligned)"},
      {"the walk of a stranger cannot spoil a fail",
       fails("_dmarc.evil.example.org"),
       {"example.com", "evil.example.org"},
       "fail",
       "no aligned identifier passed: SPF pass for evil.example.org (not aligned), no DKIM "
       "signature"},
      {"SPF temperror of the aligned domain: RFC 7489 §6.6.2",
       nothing,
       {"example.com", "example.com", spf_temperror},
       "temperror",
       "cannot be decided: SPF temperror for example.com (aligned), no DKIM signature"},
      {"SPF temperror of a stranger",
       nothing,
       {"example.com", "example.org", spf_temperror},
       "fail",
       "no aligned identifier passed: SPF temperror for example.org (not aligned), no DKIM "
       "signature"},
      {"SPF temperror beside an aligned signature",
       nothing,
       {"example.com", "example.com", spf_temperror, {"mail.example.com"}},
       "pass",
       "DKIM pass for mail.example.com (aligned)"},
      {"DKIM temperror of the aligned domain",
       nothing,
       {"example.com", "example.com", spf::ResultCode::fail, {"mail.example.com"}, dkim_temperror},
       "temperror",
       "cannot be decided: SPF fail for example.com, DKIM temperror for mail.example.com "
       "(aligned)"},
      {"temporary errors of everything, the alignment of which nobody knows",
       fails("_dmarc.bounce.example.com"),
       {"example.com", "bounce.example.com", spf_temperror},
       "temperror",
       "cannot be decided: SPF temperror for bounce.example.com (alignment unknown: TXT look-up of "
       "_dmarc.bounce.example.com: time-out), no DKIM signature"},
      {"DKIM temperror of a stranger",
       nothing,
       {"example.com", "", spf::ResultCode::none, {"example.org"}, dkim_temperror},
       "fail",
       "no aligned identifier passed: SPF none, DKIM temperror for example.org (not aligned)"},
      {"existence, where np and sp differ",
       fails("sub.np.example"),
       {.author = "sub.np.example"},
       "temperror",
       "no answer tells whether the author domain exists, and so which policy applies"},
      {"existence does not matter to a pass",
       fails("sub.np.example"),
       {"sub.np.example", "np.example"},
       "pass",
       "SPF pass for np.example (aligned)"},
      {"existence does not matter where np and sp agree",
       fails("sub.same.example"),
       {.author = "sub.same.example"},
       "fail",
       "no aligned identifier passed: SPF none, no DKIM signature"},
  };
  for (const auto& row : cases) {
    DYNAMIC_SECTION(row.title) {
      const auto resolver = resolver_with({{"example.com", "v=DMARC1; p=reject"},
                                           {"strict.net", "v=DMARC1; p=reject; aspf=s"},
                                           {"np.example", "v=DMARC1; p=none; np=reject"},
                                           {"same.example", "v=DMARC1; p=reject; np=reject"}});
      row.broken(*resolver);
      const Result result = evaluate(resolver, row.message);
      CHECK(format_result_code(result.code) == row.code);
      CHECK(result.reason == row.reason);
      CHECK(format_result_code(result_of(result.fault)) == row.code);
      CHECK((result.spf_aligned || result.dkim_aligned) == (row.code == "pass"));
    }
  }
}

// A pass is then no worse than it would be with all answers, and turning the mail away helps
// nobody.
TEST_CASE("an error beside a pass that is likely to be aligned is told", "[dmarc]") {
  struct Case {
    std::string_view title, broken;
    Message message;
    bool expected;
  };
  const Case cases[] = {
      {"the author domain",
       "_dmarc.news.example.com",
       {"news.example.com", "news.example.com"},
       true},
      {"DKIM",
       "_dmarc.news.example.com",
       {"news.example.com", "", spf::ResultCode::none, {"example.com"}},
       true},
      {"a domain above", "_dmarc.news.example.com", {"news.example.com", "example.com"}, true},
      {"a domain below",
       "_dmarc.news.example.com",
       {"news.example.com", "a.news.example.com"},
       true},
      {"a domain beside",
       "_dmarc.news.example.com",
       {"news.example.com", "bounce.example.com"},
       true},
      {"a domain above whose own record is not known",
       "_dmarc.own.org",
       {"news.own.org", "own.org"},
       true},
      {"a domain beside, under a public suffix", "_dmarc.a.co.uk", {"a.co.uk", "b.co.uk"}, false},
      {"a domain beside, with no record above",
       "_dmarc.a.none.org",
       {"a.none.org", "b.none.org"},
       false},
      {"the top-level domain", "_dmarc.news.example.com", {"news.example.com", "com"}, false},
      {"another domain", "_dmarc.news.example.com", {"news.example.com", "example.org"}, false},
      {"strict alignment, which nobody knows of",
       "_dmarc.strict.net",
       {"news.strict.net", "strict.net"},
       true},
      {"no pass",
       "_dmarc.news.example.com",
       {"news.example.com", "news.example.com", spf::ResultCode::fail},
       false},
      {"no identifier", "_dmarc.news.example.com", {.author = "news.example.com"}, false},
  };
  for (const auto& row : cases) {
    DYNAMIC_SECTION(row.title) {
      const auto resolver = resolver_with({{"example.com", "v=DMARC1; p=reject"},
                                           {"news.own.org", "v=DMARC1; p=reject"},
                                           {"strict.net", "v=DMARC1; p=reject; aspf=s"},
                                           {"co.uk", "v=DMARC1; p=none; psd=y"}});
      resolver->fail(std::string(row.broken), dns::Status::server_failure);
      const Result result = evaluate(resolver, row.message);
      CHECK(format_result_code(result.code) == "temperror");
      CHECK(result.likely_pass == row.expected);
    }
  }
}

TEST_CASE("a pass or a failure is no likely pass", "[dmarc]") {
  const Records records = {{"example.com", "v=DMARC1; p=reject"}};
  CHECK_FALSE(evaluate(records, {"example.com", "example.com"}).likely_pass);
  CHECK_FALSE(evaluate(records, {"example.com", "example.org"}).likely_pass);
  CHECK_FALSE(evaluate(Records{}, {"example.com", "example.com"}).likely_pass);
}

TEST_CASE("a message over its look-ups gets no policy", "[dmarc]") {
  const auto resolver = resolver_with({{"example.com", "v=DMARC1; p=reject"}});
  dns::Lookups::Options options;
  options.deadline = std::chrono::steady_clock::now() + std::chrono::seconds{5};
  options.limit = 0;
  Evaluation evaluation(dns::Lookups(resolver, options), std::make_shared<const Options>());
  mail::Author author;
  author.status = mail::AuthorStatus::single_domain;
  author.domains = {domain("example.com")};
  const Result result = evaluation.finish(author, {}, {});
  CHECK(result.code == ResultCode::temperror);
  CHECK(result.reason == "TXT look-up of _dmarc.example.com: look-up limit reached");
}

// RFC 9989 §5.3.1, §11.5: without one author domain there is no DMARC, and never a pass.
TEST_CASE("authors that are not one domain", "[dmarc]") {
  using enum mail::AuthorStatus;
  const auto [status, code] = GENERATE(table<mail::AuthorStatus, std::string_view>({
      {multiple_domains, "none"},  // RFC 5322 allows these two
      {no_author, "none"},
      {mailer_daemon, "none"},  // a delivery report, which has no author domain
      {no_from, "permerror"},
      {multiple_from, "permerror"},
      {unparsable, "permerror"},
      {unusable_domain, "permerror"},
  }));
  CAPTURE(static_cast<int>(status));
  const auto resolver = resolver_with({{"example.com", "v=DMARC1; p=reject"}});
  mail::Author author;
  author.status = status;
  author.reason = "not one author domain";
  author.domains = {domain("example.com")};
  spf::Result spf;
  spf.code = spf::ResultCode::pass;
  spf.domain = "example.com";
  Evaluation evaluation(test::lookups_on(resolver), std::make_shared<const Options>());
  const Result result = evaluation.finish(author, spf, {});
  CHECK(format_result_code(result.code) == code);
  CHECK(result.reason == "not one author domain");
  CHECK_FALSE(result.spf_aligned);
  CHECK_FALSE(result.author_domain);
  CHECK(resolver->asked().empty());
}

TEST_CASE("a reason names a limited number of signatures", "[dmarc]") {
  Message message{.author = "example.com"};
  for (int i = 0; i < 20; ++i) {
    message.dkim_domains.push_back("example.org");
  }
  const Result result = evaluate({{"example.com", "v=DMARC1; p=reject"}}, message);
  CHECK(result.reason.ends_with("and 15 more"));
}

TEST_CASE("answers from another thread give the same result", "[dmarc]") {
  const auto resolver = std::make_shared<FakeResolver>(std::chrono::milliseconds{5});
  resolver->add_txt("_dmarc.example.com", "v=DMARC1; p=reject; np=quarantine");
  const Result aligned = evaluate(resolver, {"news.example.com", "bounce.example.com"});
  CHECK(aligned.code == ResultCode::pass);
  const Result failed = evaluate(resolver, {.author = "news.example.com"});
  CHECK(failed.code == ResultCode::fail);
  CHECK(failed.policy == Policy::quarantine);
}

}  // namespace
}  // namespace sekisho::dmarc
