#include "domain_check/name_servers.hpp"

#include "dns/zone_file.hpp"
#include "support/fake_resolver.hpp"

#include <map>
#include <memory>
#include <set>

#include <catch2/catch.hpp>

namespace sekisho::domain_check {
namespace {

// A server of a zone: what a zone file holds, with the AA bit.
class ZoneServer final : public dns::Resolver {
 public:
  ZoneServer(const std::string& zone, std::optional<dns::Status> failure, bool is_authoritative)
      : zone_(*dns::ZoneFile::parse(zone, "zone")),
        failure_(failure),
        is_authoritative_(is_authoritative) {}
  dns::Pending<dns::Answer> lookup(dns::Question question, dns::Deadline deadline) override {
    dns::Answer answer = failure_ ? dns::Answer::failed(*failure_)
                                  : zone_->lookup(std::move(question), deadline).get();
    answer.authoritative = is_authoritative_;
    return dns::Pending<dns::Answer>::ready(answer);
  }

 private:
  std::unique_ptr<dns::ZoneFile> zone_;
  std::optional<dns::Status> failure_;
  bool is_authoritative_;
};

const std::string zone =
    "$ORIGIN shop.example.\n@ SOA ns1 host 1 2 3 4 5\n@ NS ns1\n@ NS ns2\n@ NS ns3\n"
    "ns1 A 198.16.0.1\nns2 A 198.16.0.2\nns3 A 198.16.0.3\n@ MX 10 mx\n@ TXT \"v=spf1 -all\"\n";

struct Setting {
  std::string zone = shop();
  std::optional<dns::Status> failure;
  bool is_authoritative = true;
  static std::string shop() { return domain_check::zone; }
};

Outcomes outcomes_with(const std::map<std::string, Setting>& settings,
                       const std::string& seen_zone = zone) {
  Options options;
  options.open_server = [&](const dns::IpAddress& address) {
    const auto known = settings.find(address.text());
    const Setting setting = known == settings.end() ? Setting{} : known->second;
    return std::make_shared<ZoneServer>(setting.zone, setting.failure, setting.is_authoritative);
  };
  const dns::Lookups lookups = test::lookups_on(*dns::ZoneFile::parse(seen_zone, "zone"));
  Examination examination{lookups, options, mail::Domain::parse("shop.example").value(), {}};
  check_name_servers(examination);
  return examination.outcomes;
}

std::string found(const Outcomes& outcomes) {
  std::string text;
  for (const Finding& finding : outcomes.findings()) {
    text += std::string(info_of(finding.check).id) + ' ' + finding.name + '\n';
  }
  return text;
}

TEST_CASE("servers that agree give no finding", "[domain_check]") {
  const Outcomes outcomes = outcomes_with({});
  CHECK(found(outcomes).empty());
  CHECK(outcomes.unknowns().empty());
}

TEST_CASE("a server with other TLSA records of a mail host is named", "[domain_check]") {
  Setting with;
  with.zone += "_25._tcp.mx TLSA 3 1 1 " + std::string(64, 'a') + '\n';
  const Outcomes outcomes = outcomes_with({{"198.16.0.3", with}});
  CHECK(found(outcomes) == "dane.some-servers TLSA _25._tcp.mx.shop.example\n");
  CHECK(outcomes.findings().front().servers ==
        std::vector<std::string>{"ns3.shop.example [198.16.0.3]"});
}

TEST_CASE("a server with other records is named", "[domain_check]") {
  Setting old;
  old.zone.replace(old.zone.find("-all"), 4, "~all");
  const Outcomes outcomes = outcomes_with({{"198.16.0.3", old}});
  CHECK(found(outcomes) == "ns.differ TXT shop.example\n");
  CHECK(outcomes.findings().front().evidence == "1 of 3 servers answer otherwise");
  CHECK(outcomes.findings().front().servers ==
        std::vector<std::string>{"ns3.shop.example [198.16.0.3]"});
}

TEST_CASE("a server that does not serve the zone is lame, one that is silent is unknown",
          "[domain_check]") {
  Setting not_its_own;
  not_its_own.is_authoritative = false;
  CHECK(found(outcomes_with({{"198.16.0.2", not_its_own}})) ==
        "domain.lame ns2.shop.example [198.16.0.2]\n");
  Setting refusing;
  refusing.failure = dns::Status::refused;
  CHECK(found(outcomes_with({{"198.16.0.2", refusing}})) ==
        "domain.lame ns2.shop.example [198.16.0.2]\n");
  for (const dns::Status status : {dns::Status::timeout, dns::Status::server_failure}) {
    Setting silent;
    silent.failure = status;
    const Outcomes outcomes = outcomes_with({{"198.16.0.1", silent}, {"198.16.0.2", silent}});
    CHECK(found(outcomes).empty());
    CHECK(outcomes.unknowns().size() == 2);
  }
}

TEST_CASE("the servers of a top-level domain are not asked", "[domain_check]") {
  std::string below = "$ORIGIN example.\n@ NS ns\nns A 198.16.0.9\nshop TXT \"v=spf1 -all\"\n";
  const Outcomes outcomes = outcomes_with({}, below);
  CHECK(outcomes.findings().empty());
  CHECK(outcomes.goods().empty());
  CHECK(outcomes.unknowns().empty());
}

TEST_CASE("servers with private addresses are not asked", "[domain_check]") {
  std::string hostile = zone;
  hostile.replace(hostile.find("198.16.0.1"), 10, "127.0.0.1");
  hostile.replace(hostile.find("198.16.0.2"), 10, "169.254.169.254");
  std::set<std::string> opened;
  Options options;
  options.open_server = [&](const dns::IpAddress& address) {
    opened.insert(address.text());
    return std::make_shared<ZoneServer>(zone, std::nullopt, true);
  };
  const dns::Lookups lookups = test::lookups_on(*dns::ZoneFile::parse(hostile, "zone"));
  Examination examination{lookups, options, mail::Domain::parse("shop.example").value(), {}};
  check_name_servers(examination);
  CHECK(opened == std::set<std::string>{"198.16.0.3"});
}

TEST_CASE("of ten thousand servers a few are asked", "[domain_check]") {
  std::string many = "$ORIGIN shop.example.\n";
  for (int i = 0; i < 10'000; ++i) {
    many += "@ NS n" + std::to_string(i) + "\n";
  }
  std::size_t opened = 0;
  Options options;
  options.open_server = [&](const dns::IpAddress&) {
    ++opened;
    return std::make_shared<ZoneServer>(zone, std::nullopt, true);
  };
  const dns::Lookups lookups =
      test::lookups_on(*dns::ZoneFile::parse(many + "* A 198.16.0.9\n", "z"));
  Examination examination{lookups, options, mail::Domain::parse("shop.example").value(), {}};
  check_name_servers(examination);
  CHECK(opened <= max_name_servers);
}

}  // namespace
}  // namespace sekisho::domain_check
