// The limits of the checks, at the last value that is in order and the first that is not.
#include "dmarc/record.hpp"
#include "domain_check/corpus.hpp"

#include <algorithm>

#include <catch2/catch.hpp>

namespace sekisho::domain_check {
namespace {

using Ids = std::vector<std::string>;

std::string txt(const std::string& name, const std::string& text) {
  std::string line = "+ " + name + " TXT";
  for (std::size_t at = 0; at < text.size(); at += 250) {
    line += " \"" + text.substr(at, 250) + '"';
  }
  return line;
}

Ids found(const std::vector<std::string>& changes, const Options& options = {},
          const std::string& domain = "shop.example") {
  return ids_of(checked(changed_zone(changes), domain, options));
}

std::string repeated(std::size_t count, const std::string& text) {
  std::string all;
  for (std::size_t i = 0; i < count; ++i) {
    all += text;
  }
  return all;
}

TEST_CASE("all tags of a DMARC record are read, up to the limit of a record", "[domain_check]") {
  // What stands behind the limit is not read: neither as a second p= nor as a fault.
  const auto with_tags_before_second_p = [](std::size_t count) {
    std::string tags = "p=reject";
    for (std::size_t i = 1; i < count; ++i) {
      tags += "; " + std::string(i / 26 + 1, static_cast<char>('a' + i % 26)) + "zz=1";
    }
    return found({"- _dmarc", txt("_dmarc", "v=DMARC1; " + tags + "; p=none")});
  };
  const std::size_t most = dmarc::max_record_tags;
  const auto has = [](const Ids& ids) {
    return std::ranges::count(ids, "dmarc.duplicate-tag") == 1;
  };
  CHECK(has(with_tags_before_second_p(most - 1)));
  CHECK_FALSE(has(with_tags_before_second_p(most)));
}

TEST_CASE("after two tags of a name, a DMARC record is not read further", "[domain_check]") {
  CHECK(found({"- _dmarc", txt("_dmarc", "v=DMARC1; p=reject; p=none; adkim=x; rua=; pct=1")}) ==
        Ids{"dmarc.duplicate-tag"});
  CHECK(found({"- _dmarc", txt("_dmarc", "v=DMARC1;; p=reject; x; adkim=x; pct=1")}) ==
        Ids{"dmarc.removed", "dmarc.syntax"});
}

TEST_CASE("a domain is parked only if all of its mail is refused", "[domain_check]") {
  Options options;
  options.parked = true;
  const auto parked = [&](const std::string& policy) {
    return found({"+ p.example. TXT \"v=spf1 -all\"", "+ p.example. MX 0 .",
                  "+ *._domainkey.p.example. TXT \"v=DKIM1; p=\"",
                  "+ _dmarc.p.example. TXT \"v=DMARC1; " + policy + '"'},
                 options, "p.example");
  };
  const Ids refused{"parked.dmarc"};
  CHECK(parked("p=reject; sp=reject; np=reject").empty());
  CHECK(parked("p=reject; pct=100").empty());
  CHECK(parked("p=reject; pct=99") == refused);
  CHECK(parked("p=reject; sp=quarantine") == refused);
  CHECK(parked("p=reject; np=quarantine") == refused);
  CHECK(parked("p=reject; t=y") == refused);
  CHECK(parked("p=quarantine") == refused);
}

TEST_CASE("what stands before v=spf1", "[domain_check]") {
  const auto found_for = [](const std::string& text) {
    return found({"- @ TXT", "+ @ TXT \"" + text + '"'});
  };
  const Ids none{"spf.none"};
  const Ids both{"spf.leading-space", "spf.none"};
  CHECK(found_for(" v=spf1 -all") == both);
  CHECK(found_for("\\239\\187\\191v=spf1 -all") == both);
  CHECK(found_for("'v=spf1 -all'") == both);
  CHECK(found_for("  ") == none);
  CHECK(found_for(" v=spf2 -all") == none);
  CHECK(found_for("x v=spf1 -all") == none);
}

TEST_CASE("limits of SPF", "[domain_check]") {
  const auto spf = [](const std::string& terms, std::vector<std::string> more = {}) {
    more.insert(more.begin(), {"- @ TXT", txt("@", "v=spf1 " + terms + " -all")});
    return found(more);
  };
  const std::string one = "include:_spf.mailer.example ";
  CHECK(spf(repeated(8, one)).empty());
  CHECK(spf(repeated(9, one)) == Ids{"spf.lookups"});
  CHECK(spf("ip4:198.18.0.0/16").empty());
  CHECK(spf("ip4:198.18.0.0/16 ip4:192.0.2.1") == Ids{"spf.breadth"});
  CHECK(spf("a:n1.shop.example a:n2.shop.example").empty());
  CHECK(spf("a:n1.shop.example a:n2.shop.example a:n3.shop.example") == Ids{"spf.void"});

  // Header 12, question 18, record 12, its text and the length octets of its strings: 512 in all.
  const auto sized = [&](std::size_t octets) {
    const std::string text = "v=spf1 ip4:192.0.2.1 -all";
    std::string filler;
    while (filler.size() + 13 + 12 + text.size() + 2 < octets) {
      filler = std::string(octets - 12 - 18 - 12 - text.size() - 1 - 12 - 2, 'x');
      break;
    }
    return found({"- @ TXT", txt("@", text), txt("@", filler)});
  };
  CHECK(sized(512).empty());
  CHECK(sized(513) == Ids{"spf.size"});
}

TEST_CASE("the explanation of an SPF record", "[domain_check]") {
  const auto explained = [](const std::vector<std::string>& texts) {
    std::vector<std::string> changes{"- @ TXT", "+ @ TXT \"v=spf1 mx -all exp=why.shop.example\""};
    for (const std::string& text : texts) {
      changes.push_back(txt("why", text));
    }
    return found(changes);
  };
  const Ids fault{"spf.exp"};
  CHECK(explained({"See %{d}"}).empty());
  CHECK(explained({}) == fault);
  CHECK(explained({"a", "b"}) == fault);
  CHECK(explained({"%{x}"}) == fault);
}

TEST_CASE("the id of an MTA-STS record", "[domain_check]") {
  const auto with_fields = [](const std::string& fields) {
    return found({"- _mta-sts", txt("_mta-sts", "v=STSv1" + fields)});
  };
  const Ids fault{"sts.record"};
  CHECK(with_fields("; id=" + std::string(32, '7')).empty());
  CHECK(with_fields("; id=" + std::string(33, '7')) == fault);
  CHECK(with_fields("; id=") == fault);
  CHECK(with_fields("; id=a-b") == fault);
  CHECK(with_fields("; =a; id=1") == fault);
  CHECK(with_fields("; id=1" + repeated(99, "; x=1")).empty());
  CHECK(with_fields("; id=1" + repeated(100, "; x=1")) == fault);
}

TEST_CASE("the scheme of a TLS report address", "[domain_check]") {
  const auto with_uri = [](const std::string& uri) {
    return found({"- _smtp._tls", txt("_smtp._tls", "v=TLSRPTv1; rua=" + uri)});
  };
  CHECK(with_uri("mailto:a@shop.example").empty());
  CHECK(with_uri("https://shop.example/tls").empty());
  CHECK(with_uri("mailto:a@shop.example,https://shop.example/tls").empty());
  CHECK(with_uri("ftp://shop.example/tls") == Ids{"tlsrpt.record"});
}

TEST_CASE("of two mail hosts with one preference, the first by name comes first",
          "[domain_check]") {
  const Report report =
      checked(changed_zone({"- @ MX", "+ @ MX 5 mx2", "+ @ MX 5 mx1"}), "shop.example");
  REQUIRE(report.mx.hosts.size() == 2);
  CHECK(report.mx.hosts[0].name == "mx1.shop.example");
  CHECK(report.mx.hosts[1].name == "mx2.shop.example");
}

TEST_CASE("what a check without connections leaves open", "[domain_check]") {
  const auto open = [](const std::vector<std::string>& changes) {
    std::vector<std::string> ids;
    const Report report = checked(changed_zone(changes), "shop.example");
    for (const Unknown& unknown : report.outcomes.unknowns()) {
      const std::string id(info_of(unknown.check).id);
      if (id.starts_with("sts.")) {
        ids.push_back(id + ' ' + unknown.name);
      }
    }
    return ids;
  };
  CHECK(open({}) == Ids{"sts.fetch mta-sts.shop.example", "sts.policy mta-sts.shop.example",
                        "sts.mx shop.example"});
  CHECK(open({"- _mta-sts"}) == Ids{"sts.none-removal shop.example"});
}

TEST_CASE("a mail host that is no alias is in order", "[domain_check]") {
  const Report report = checked(base_zone(), "shop.example");
  std::size_t in_order = 0;
  for (const Good& good : report.outcomes.goods()) {
    in_order += good.check == Check::mx_cname ? 1 : 0;
  }
  CHECK(in_order == 2);
}

TEST_CASE("eight addresses of a mail host are looked at", "[domain_check]") {
  std::vector<std::string> changes;
  for (int i = 10; i < 20; ++i) {
    changes.push_back("+ mx2 A 192.0.2." + std::to_string(i));
  }
  const Report report = checked(changed_zone(changes), "shop.example");
  REQUIRE(report.mx.hosts.size() == 2);
  CHECK(report.mx.hosts[1].addresses.size() == max_host_addresses);
}

}  // namespace
}  // namespace sekisho::domain_check
