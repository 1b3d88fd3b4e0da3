// What a finding shows: its evidence, and the record that it proposes.
#include "domain_check/corpus.hpp"

#include <algorithm>
#include <utility>

#include <catch2/catch.hpp>

namespace sekisho::domain_check {
namespace {

struct Case {
  std::vector<std::string> changes;
  std::string id;
  std::string evidence;
  std::string publish;
  std::string domain = "shop.example";
};

std::string dmarc(const std::string& tags) {
  return "+ _dmarc TXT \"v=DMARC1; " + tags + '"';
}

std::string record(const std::string& name, const std::string& text) {
  return name + ". 3600 IN TXT \"" + text + '"';
}

// "" for a line that is not there.
const std::vector<Case>& cases() {
  const std::string policy = "_dmarc.shop.example";
  static const std::vector<Case> all{
      {{"- @ TXT"},
       "spf.none",
       "no TXT record begins with v=spf1",
       record("shop.example", "v=spf1 mx -all")},
      {{"- @ TXT", "- @ MX"},
       "spf.none",
       "no TXT record begins with v=spf1",
       record("shop.example", "v=spf1 -all")},
      {{"- _dmarc"},
       "dmarc.none",
       "no DMARC record at _dmarc.shop.example nor at a name above",
       record(policy, "v=DMARC1; p=none; rua=mailto:dmarc@shop.example")},
      {{dmarc("p=none")}, "dmarc.many", "2 DMARC records", ""},
      {{"- _dmarc", dmarc("p=reject; sp=none")},
       "dmarc.sp-weaker",
       "sp=none, but p=reject",
       record(policy, "v=DMARC1; p=reject; sp=reject")},
      {{"- _dmarc", dmarc("p=quarantine; sp=reject; np=none; adkim=s")},
       "dmarc.np",
       "np=none, which is weaker than sp or p",
       record(policy, "v=DMARC1; p=quarantine; np=reject; sp=reject; adkim=s")},
      {{"- _dmarc", dmarc("p=reject; t=y; aspf=s")},
       "dmarc.testing",
       "t=y",
       record(policy, "v=DMARC1; p=reject; aspf=s")},
      {{"- _dmarc", dmarc("p=reject; adkim=x")}, "dmarc.syntax", "adkim=x", ""},
      {{"- _dmarc", dmarc("p=reject; 1=x")}, "dmarc.syntax", "\"1=x\" is no tag", ""},
      {{"- _dmarc", dmarc("p=reject; p=none")}, "dmarc.duplicate-tag", "p= occurs twice", ""},
      {{"- _dmarc", dmarc("p=reject; v=DMARC1")}, "dmarc.duplicate-tag", "v= occurs twice", ""},
      {{"- _dmarc", dmarc("p=reject; ri=60")}, "dmarc.removed", "ri=60", ""},
      {{"- _dmarc", dmarc("p=reject; rua=mailto:a@shop.example!1m")},
       "dmarc.removed",
       "a size limit in rua",
       ""},
      {{"- _dmarc", dmarc("p=reject; ruf=a")}, "dmarc.rua-syntax", "ruf=a is no valid URI", ""},
      {{"- mx2 A", "+ mx2 CNAME mx1"}, "mx.cname", "an alias of mx1.shop.example", ""},
      {{"- @ MX"}, "mx.none", "no MX record", ""},
      {{"- mx2 A"}, "mx.no-address", "neither A nor AAAA", ""},
      {{"+ mx2 A 10.0.0.1"}, "mx.private", "mx2.shop.example has the address 10.0.0.1", ""},
      {{"- _mta-sts"},
       "sts.record",
       "no record with v=STSv1",
       record("_mta-sts.shop.example", "v=STSv1; id=1")},
      {{"- _smtp._tls"},
       "tlsrpt.record",
       "no record with v=TLSRPTv1",
       record("_smtp._tls.shop.example", "v=TLSRPTv1; rua=mailto:tlsrpt@shop.example")},
      {{"- _smtp._tls", "+ _smtp._tls TXT \"v=TLSRPTv1; rua=ftp://shop.example/\""},
       "tlsrpt.record",
       "ftp://shop.example/ is no valid mailto: or https: URI",
       ""},
      {{"- @ CAA"},
       "caa.none",
       "no CAA record",
       "shop.example. 3600 IN CAA 0 issue \"ca.example\""},
      {{"+ *._domainkey TXT \"x\""},
       "wildcard.txt",
       "a wildcard answers for nx-REST._domainkey.shop.example",
       ""},
      {{"+ @ SPF \"v=spf1 -all\""}, "spf.type99", "a record of type SPF", ""},
      {{"- shop.example._report"},
       "dmarc.rua-agree",
       "*",
       record("shop.example._report._dmarc.reports.example", "v=DMARC1;")},
      {{"- 2026a._domainkey"}, "dkim.missing", "no such name", ""},
      {{"+ 2026a._domainkey TXT \"v=DKIM1; p=\""}, "dkim.many", "2 TXT records", ""},
  };
  return all;
}

// The label of a name that nobody uses is a hash: its letters do not matter here.
std::string without_hash(std::string text) {
  const std::size_t begin = text.find("nx-");
  const std::size_t end = begin == std::string::npos ? begin : text.find('.', begin);
  return end == std::string::npos ? text : text.replace(begin, end - begin, "nx-REST");
}

TEST_CASE("a finding shows what was seen, and a record to publish", "[domain_check]") {
  Options options;
  options.selectors = {"2026a"};
  for (const Case& each : cases()) {
    DYNAMIC_SECTION(each.id << ": " << each.evidence) {
      const Report report = checked(changed_zone(each.changes), each.domain, options);
      const auto& findings = report.outcomes.findings();
      const auto found = std::ranges::find_if(
          findings, [&](const Finding& f) { return info_of(f.check).id == each.id; });
      REQUIRE(found != findings.end());
      CHECK((each.evidence == "*" || without_hash(found->evidence) == each.evidence));
      CHECK(found->publish == each.publish);
      CHECK(found->remedy == info_of(found->check).remedy);
    }
  }
}

TEST_CASE("the strength of a key is told with its size", "[domain_check]") {
  const std::pair<std::string, std::string> cases[] = {
      {"a key of 1024 bits", "1024 bits, 2048 are advised"},
      {"a key of 512 bits", "512 bits, 1024 are the least"}};
  for (const auto& [what, evidence] : cases) {
    const std::vector<Row> rows = corpus();
    const auto row = std::ranges::find(rows, what, &Row::what);
    REQUIRE(row != rows.end());
    const Report report = checked(changed_zone(row->changes), row->domain, row->options);
    REQUIRE(report.outcomes.findings().size() == 1);
    CHECK(report.outcomes.findings().front().evidence == evidence);
    const bool is_weak = what.contains("1024");
    CHECK((report.outcomes.findings().front().level == Level::warning) == is_weak);
  }
}

}  // namespace
}  // namespace sekisho::domain_check
