#include "dmarc/message.hpp"

#include <catch2/catch.hpp>

namespace sekisho::dmarc {
namespace {

Options psl_options() {
  Options options;
  options.discovery = Discovery::psl;
  options.public_suffix_list = SEKISHO_TEST_DATA "/dmarc/public_suffixes.dat";
  REQUIRE(load_public_suffixes(options));
  return options;
}

// RFC 7489 §3.2.
TEST_CASE("organizational domains by the public suffix list", "[dmarc]") {
  const auto [name, expected] = GENERATE(table<std::string_view, std::string_view>({
      {"example.com", "example.com"},
      {"a.b.example.com", "example.com"},
      {"a.b.co.example", "b.co.example"},
      {"a.b.c.wild.example", "b.c.wild.example"},
      {"a.free.wild.example", "free.wild.example"},
      {"a.b.hosting.com", "b.hosting.com"},
      {"hosting.com", "hosting.com"},  // a public suffix is its own
      {"com", "com"},
      {"a.b.unlisted", "b.unlisted"},  // the rule "*"
  }));
  CAPTURE(name);
  CHECK(psl_options().suffixes->organizational_domain(domain(name)).text() == expected);
}

TEST_CASE("a list that is not there is told", "[dmarc]") {
  Options options;
  options.public_suffix_list = "/nowhere/list.dat";
  CHECK(load_public_suffixes(options));  // of no interest to tree walks
  options.discovery = Discovery::psl;
  const auto loaded = load_public_suffixes(options);
  REQUIRE_FALSE(loaded);
  CHECK(loaded.error() ==
        "/nowhere/list.dat: cannot be read as a public suffix list: No such file or directory");
}

TEST_CASE("without a loaded list there is libpsl's own", "[dmarc]") {
  Options options;
  options.discovery = Discovery::psl;
  const Result result = evaluate(resolver_with({{"example.co.uk", "v=DMARC1; p=reject"}}),
                                 {.author = "a.example.co.uk"}, options);
  CHECK(text_of(result.organizational_domain) == "example.co.uk");
}

// RFC 7489 §6.6.3.
TEST_CASE("policy discovery by the public suffix list", "[dmarc]") {
  struct Case {
    std::string_view title;
    std::string author;
    Records records;
    std::string_view code;
    std::string_view record_domain;
    std::string_view policy;
  };
  const Case cases[] = {
      {"the author domain's own",
       "mail.example.com",
       {{"mail.example.com", "v=DMARC1; p=quarantine"}, {"example.com", "v=DMARC1; p=reject"}},
       "fail",
       "mail.example.com",
       "quarantine"},
      {"the organizational domain's",
       "a.b.example.com",
       {{"b.example.com", "v=DMARC1; p=none"}, {"example.com", "v=DMARC1; p=reject"}},
       "fail",
       "example.com",
       "reject"},
      {"sp for every subdomain, np for none",
       "a.example.com",
       {{"example.com", "v=DMARC1; p=reject; sp=quarantine; np=none"}},
       "fail",
       "example.com",
       "quarantine"},
      {"t=y is no tag of RFC 7489",
       "example.com",
       {{"example.com", "v=DMARC1; p=reject; t=y; psd=y"}},
       "fail",
       "example.com",
       "reject"},
      {"several records end the search: step 5",
       "mail.example.com",
       {{"mail.example.com", "v=DMARC1; p=none"},
        {"mail.example.com", "v=DMARC1; p=none"},
        {"example.com", "v=DMARC1; p=reject"}},
       "none",
       "-",
       "none"},
      {"the public suffix is not asked",
       "example.com",
       {{"com", "v=DMARC1; p=reject"}},
       "none",
       "-",
       "none"},
      {"no valid policy, no address: step 6",
       "mail.example.com",
       {{"example.com", "v=DMARC1; sp=reject"}},
       "none",
       "-",
       "none"},
  };
  for (const auto& row : cases) {
    DYNAMIC_SECTION(row.title) {
      const Result result =
          evaluate(resolver_with(row.records), {.author = row.author}, psl_options());
      CHECK(format_result_code(result.code) == row.code);
      CHECK(text_of(result.record_domain) == row.record_domain);
      CHECK(format_policy(result.policy) == row.policy);
      CHECK(result.discovery == DiscoveryMethod::psl);
    }
  }
}

TEST_CASE("alignment by the public suffix list", "[dmarc]") {
  const auto [author, signer, aligned] = GENERATE(table<std::string, std::string, bool>({
      {"a.example.com", "b.example.com", true},
      {"a.hosting.com", "b.hosting.com", false},
      {"a.hosting.com", "hosting.com", false},
      {"a.b.co.example", "b.co.example", true},
      {"a.strict.com", "strict.com", false},
      {"strict.com", "strict.com", true},
  }));
  CAPTURE(author, signer);
  const auto resolver = resolver_with({{"example.com", "v=DMARC1; p=reject"},
                                       {"a.hosting.com", "v=DMARC1; p=reject"},
                                       {"b.co.example", "v=DMARC1; p=reject"},
                                       {"strict.com", "v=DMARC1; p=reject; adkim=s"}});
  const Result result =
      evaluate(resolver, {.author = author, .dkim_domains = {signer}}, psl_options());
  CHECK(result.dkim_aligned == aligned);
  CHECK(result.code == (aligned ? ResultCode::pass : ResultCode::fail));
  CHECK(resolver->asked().size() <= 2);
}

// RFC 7489 §6.6.4.
TEST_CASE("pct= spares messages by the caller's draw", "[dmarc]") {
  const auto [record, draw, policy, sampled_out] =
      GENERATE(table<std::string, unsigned, std::string_view, bool>({
          {"v=DMARC1; p=reject", 99, "reject", false},
          {"v=DMARC1; p=reject; pct=25", 24, "reject", false},
          {"v=DMARC1; p=reject; pct=25", 25, "quarantine", true},
          {"v=DMARC1; p=quarantine; pct=25", 25, "none", true},
          {"v=DMARC1; p=none; pct=25", 25, "none", true},
          {"v=DMARC1; p=reject; pct=0", 0, "quarantine", true},
      }));
  CAPTURE(record, draw);
  const Result result = evaluate(resolver_with({{"example.com", record}}), {}, psl_options(), draw);
  CHECK(format_policy(result.policy) == policy);
  CHECK(result.sampled_out == sampled_out);
}

}  // namespace
}  // namespace sekisho::dmarc
