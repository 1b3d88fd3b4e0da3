// What TLSA records and the signatures of a zone say, before any host is connected to.
#include "dns/zone_file.hpp"
#include "domain_check/connections.hpp"
#include "domain_check/corpus.hpp"
#include "support/fake_resolver.hpp"

#include <algorithm>
#include <memory>
#include <set>
#include <utility>

#include <catch2/catch.hpp>

namespace sekisho::domain_check {
namespace {

using enum dns::RecordType;

// A zone file whose answers are signed, but for those of some questions; some are not answered.
class SignedZone final : public dns::Resolver {
 public:
  std::set<dns::Question> unsigned_questions;
  std::set<dns::Question> unanswered;
  std::chrono::seconds ttl{3'600};

  explicit SignedZone(const std::string& zone)
      : zone_(dns::ZoneFile::parse("$ORIGIN a.example.\n" + zone, "zone").value()) {}

  [[nodiscard]] dns::Pending<dns::Answer> lookup(dns::Question question,
                                                 dns::Deadline deadline) override {
    if (unanswered.contains(question)) {
      return dns::Pending<dns::Answer>::ready(dns::Answer::failed(dns::Status::timeout));
    }
    dns::Answer answer = zone_->lookup(question, deadline).get();
    answer.authentic = !unsigned_questions.contains(question);
    answer.ttl = ttl;
    return dns::Pending<dns::Answer>::ready(std::move(answer));
  }

 private:
  std::unique_ptr<dns::ZoneFile> zone_;
};

std::string associated(const std::string& fields, const std::string& name = "_25._tcp.mx1") {
  return name + " TLSA " + fields + ' ' + std::string(64, 'a') + '\n';
}

struct Case {
  const char* what;
  std::string records;
  std::set<dns::Question> unsigned_questions;
  std::vector<std::string> ids;
  bool is_mx_secure = true;
  bool is_address_secure = true;
  bool is_tlsa_secure = true;
  const char* base = "mx1.a.example";
  std::size_t associations = 1;
};

TlsFound examined(const std::shared_ptr<SignedZone>& zone, Outcomes& outcomes,
                  bool is_trusted = true) {
  const dns::Lookups lookups = test::lookups_on(zone);
  Options options;
  options.connections = Connections{};
  options.connections->is_resolver_trusted = is_trusted;
  Examination examination{lookups, options, mail::Domain::parse("a.example").value(), {}};
  MailHosts hosts;
  hosts.status = dns::Status::found;
  // Not public, so that nothing is connected to.
  hosts.hosts = {{1, "mx1.a.example", {{dns::IpAddress::parse("192.0.2.1").value(), ""}}}};
  TlsFound found = check_connections(examination, hosts, {"_mta-sts.a.example"});
  outcomes = examination.outcomes;
  return found;
}

std::vector<std::string> ids_in(const Outcomes& outcomes) {
  Report report{.domain = mail::Domain::parse("a.example").value()};
  report.outcomes = outcomes;
  return ids_of(report);
}

const std::string base_records = "@ MX 1 mx1\nmx1 A 192.0.2.1\n";

TEST_CASE("TLSA records count where all that leads to them is signed (RFC 7672 §2.2)",
          "[domain_check]") {
  const std::string host = "mx1.a.example";
  const std::string tlsa_name = "_25._tcp.mx1.a.example";
  const std::string alias = "@ MX 1 mx1\nmx1 CNAME real\nreal A 192.0.2.1\n";
  const Case cases[] = {
      {"all is signed", base_records + associated("3 1 1"), {}, {}},
      {"no TLSA records", base_records, {}, {"dane.none"}, true, true, true, "mx1.a.example", 0},
      {"the TLSA records are not",
       base_records + associated("3 1 1"),
       {{tlsa_name, dns::RecordType::tlsa}},
       {"dane.insecure-zone"},
       true,
       true,
       false},
      {"the IPv4 addresses are not",
       base_records + associated("3 1 1"),
       {{host, a}, {host, cname}},
       {"dane.insecure-zone"},
       true,
       false,
       true},
      {"the IPv6 addresses are not",
       base_records + associated("3 1 1"),
       {{host, aaaa}, {host, cname}},
       {"dane.insecure-zone"},
       true,
       false,
       true},
      {"the MX records are not",
       base_records + associated("3 1 1"),
       {{"a.example", mx}},
       {"dane.insecure-mx", "dnssec.unsigned"},
       false,
       true,
       true},
      {"the one record is of the whole certificate",
       base_records + associated("3 0 1"),
       {},
       {"dane.rollover"}},
      {"two records of certificates",
       base_records + associated("3 0 1") + "_25._tcp.mx1 TLSA 3 0 1 " + std::string(64, 'b') +
           "\n",
       {},
       {},
       true,
       true,
       true,
       "mx1.a.example",
       2},
      {"the one record is of an authority", base_records + associated("2 0 1"), {}, {}},
      {"a usage for the web", base_records + associated("1 1 1"), {}, {"dane.unusable"}},
      {"the end of a signed alias comes first",
       alias + associated("3 1 1", "_25._tcp.real"),
       {},
       {},
       true,
       true,
       true,
       "real.a.example"},
      {"else the alias", alias + associated("3 1 1"), {}, {}},
      {"an alias that is not signed ends the chain",
       alias + associated("3 1 1"),
       {{host, cname}},
       {}},
      {"an alias that is signed itself", alias + associated("3 1 1"), {{host, a}}, {}, true, false},
  };
  for (const Case& each : cases) {
    DYNAMIC_SECTION(each.what) {
      const auto zone = std::make_shared<SignedZone>(each.records);
      zone->unsigned_questions = each.unsigned_questions;
      Outcomes outcomes;
      const TlsFound found = examined(zone, outcomes);
      CHECK(ids_in(outcomes) == each.ids);
      REQUIRE(found.hosts.size() == 1);
      const HostTls& tls = found.hosts.front();
      CHECK(tls.is_mx_secure == each.is_mx_secure);
      CHECK(tls.is_address_secure == each.is_address_secure);
      CHECK(tls.is_tlsa_secure == each.is_tlsa_secure);
      CHECK(tls.tlsa_base == each.base);
      CHECK(tls.associations.size() == each.associations);
      CHECK(tls.ttl == std::chrono::hours(1));
    }
  }
}

TEST_CASE("two addresses of each family are connected to", "[domain_check]") {
  const auto zone = std::make_shared<SignedZone>(base_records);
  const dns::Lookups lookups = test::lookups_on(zone);
  Options options;
  options.connections = Connections{};
  Examination examination{lookups, options, mail::Domain::parse("a.example").value(), {}};
  MailHosts hosts;
  hosts.status = dns::Status::found;
  hosts.hosts = {{1, "mx1.a.example", {}}};
  for (const char* const address :
       {"192.0.2.1", "192.0.2.2", "192.0.2.3", "2001:db8::1", "2001:db8::2", "2001:db8::3"}) {
    hosts.hosts.front().addresses.push_back({dns::IpAddress::parse(address).value(), ""});
  }
  static_cast<void>(check_connections(examination, hosts, {"_mta-sts.a.example"}));
  std::string tried;
  for (const Unknown& unknown : examination.outcomes.unknowns()) {
    tried += unknown.check == Check::tls_none ? unknown.tried + '\n' : "";
  }
  CHECK(tried ==
        "SMTP mx1.a.example [192.0.2.1]\nSMTP mx1.a.example [192.0.2.2]\n"
        "SMTP mx1.a.example [2001:db8::1]\nSMTP mx1.a.example [2001:db8::2]\n");
}

TEST_CASE("TLSA records may be kept for a day", "[domain_check]") {
  for (const auto& [seconds, ids] : {std::pair(86'400, std::vector<std::string>{}),
                                     std::pair(86'401, std::vector<std::string>{"dane.ttl"})}) {
    const auto zone = std::make_shared<SignedZone>(base_records + associated("3 1 1"));
    zone->ttl = std::chrono::seconds(seconds);
    Outcomes outcomes;
    static_cast<void>(examined(zone, outcomes));
    CHECK(ids_in(outcomes) == ids);
    for (const Finding& finding : outcomes.findings()) {
      CHECK(finding.evidence == "a TTL of 86401 seconds");
    }
  }
}

TEST_CASE("what is not answered, or not by a validating resolver, is unknown", "[domain_check]") {
  const auto unknown = [](const Outcomes& outcomes) {
    std::set<std::string> ids;
    for (const Unknown& each : outcomes.unknowns()) {
      ids.emplace(info_of(each.check).id);
    }
    return ids;
  };
  using Ids = std::set<std::string>;
  Outcomes outcomes;
  SECTION("the TLSA records are not answered") {
    const auto zone = std::make_shared<SignedZone>(base_records);
    zone->unanswered = {{"_25._tcp.mx1.a.example", dns::RecordType::tlsa}};
    static_cast<void>(examined(zone, outcomes));
    CHECK(outcomes.findings().empty());
    CHECK(unknown(outcomes) == Ids{"dane.lookup-fails", "tls.none"});
  }
  SECTION("the resolver is not trusted") {
    static_cast<void>(examined(std::make_shared<SignedZone>(base_records + associated("3 1 1")),
                               outcomes, false));
    CHECK(outcomes.findings().empty());
    CHECK(unknown(outcomes) == Ids{"dane.insecure-zone", "dnssec.unsigned", "tls.none"});
  }
  SECTION("it is said to be trusted, and signs nothing") {
    const auto zone = std::make_shared<SignedZone>(base_records + associated("3 1 1"));
    zone->unsigned_questions = {{"a.example", mx}, {"", soa}};
    static_cast<void>(examined(zone, outcomes));
    CHECK(ids_in(outcomes) == std::vector<std::string>{"dnssec.resolver-does-not-validate"});
    CHECK(unknown(outcomes) == Ids{"dane.insecure-zone", "dnssec.unsigned", "tls.none"});
  }
}

}  // namespace
}  // namespace sekisho::domain_check
