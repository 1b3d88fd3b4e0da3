#include "report/recipients/recipients.hpp"

#include "support/fake_resolver.hpp"

#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <catch2/catch.hpp>

namespace sekisho::report::recipients {

namespace {

using test::FakeResolver;

/// A cache in memory that knows no time.
class KeptVerdicts final : public AuthorizationCache {
 public:
  std::optional<Authorization> find(const mail::Domain& policy_domain, const mail::Domain& host,
                                    AddressTag /*tag*/) override {
    const auto kept = verdicts.find({policy_domain.text(), host.text()});
    return kept == verdicts.end() ? std::nullopt : std::optional(kept->second);
  }
  void keep(const mail::Domain& policy_domain, const mail::Domain& host, AddressTag /*tag*/,
            const Authorization& verdict) override {
    verdicts[{policy_domain.text(), host.text()}] = verdict;
  }

  std::map<std::pair<std::string, std::string>, Authorization> verdicts;
};

Recipients find(const std::shared_ptr<FakeResolver>& resolver, const std::vector<std::string>& uris,
                AuthorizationCache* cache = nullptr) {
  return find_recipients(test::lookups_on(resolver), {}, mail::Domain::parse("example.com").value(),
                         uris, AddressTag::rua, cache);
}

std::vector<std::string> addresses(const Recipients& recipients) {
  std::vector<std::string> list;
  for (const Destination& destination : recipients.destinations) {
    list.push_back(destination.address);
  }
  return list;
}

using Addresses = std::vector<std::string>;

}  // namespace

TEST_CASE("every valid address gets the report, in the order published", "[report_post]") {
  const auto resolver = std::make_shared<FakeResolver>();
  resolver->add_txt("example.com._report._dmarc.reader.example", "v=DMARC1");
  resolver->fail("example.com._report._dmarc.silent.example", dns::Status::server_failure);
  const Recipients recipients =
      find(resolver, {"https://example.com/dmarc", "mailto:b@reader.example!1m",
                      "mailto:a@example.com", "mailto:A@EXAMPLE.com", "mailto:a@EXAMPLE.com",
                      "mailto:victim@stranger.example", "mailto:c@silent.example"});
  CHECK(addresses(recipients) == Addresses{"b@reader.example", "a@example.com", "A@example.com"});
  CHECK(recipients.destinations[0].max_octets == 1'048'576);
  REQUIRE(recipients.ignored.size() == 3);
  CHECK(recipients.ignored[0].uri == "https://example.com/dmarc");
  CHECK(recipients.ignored[1].uri == "mailto:victim@stranger.example");
  CHECK_FALSE(recipients.ignored[1].temporary);
  CHECK(recipients.ignored[2].uri == "mailto:c@silent.example");
  CHECK(recipients.ignored[2].temporary);
}

TEST_CASE("only so many hosts are asked whether they agree", "[report_post]") {
  const auto resolver = std::make_shared<FakeResolver>();
  std::vector<std::string> uris;
  for (std::size_t i = 0; i < 3 * max_recipients; ++i) {
    const std::string host = "h" + std::to_string(i) + ".example";
    resolver->add_txt("example.com._report._dmarc." + host, "v=DMARC1");
    uris.push_back("mailto:r@" + host);
  }
  const Recipients recipients = find(resolver, uris);
  CHECK(recipients.destinations.size() == max_recipients);
  REQUIRE(recipients.ignored.size() == 2 * max_recipients);
  CHECK(recipients.ignored[0].uri == "mailto:r@h10.example");
  const auto asked = resolver->asked();
  CHECK(std::ranges::none_of(
      asked, [](const auto& question) { return question.name.contains("h10.example"); }));
}

TEST_CASE("an authorized host may name other addresses of its own", "[report_post]") {
  const auto resolver = std::make_shared<FakeResolver>();
  resolver->add_txt("example.com._report._dmarc.reader.example",
                    "v=DMARC1; rua=mailto:new@reader.example,https://reader.example/,mailto:new@"
                    "reader.example");
  const Recipients recipients =
      find(resolver, {"mailto:old@reader.example", "mailto:older@reader.example"});
  CHECK(addresses(recipients) == Addresses{"new@reader.example"});
}

TEST_CASE("a domain has a limit of addresses", "[report_post]") {
  std::vector<std::string> uris;
  for (std::size_t i = 0; i < max_recipients + 3; ++i) {
    uris.push_back("mailto:r" + std::to_string(i) + "@example.com");
  }
  const Recipients recipients = find(std::make_shared<FakeResolver>(), uris);
  CHECK(recipients.destinations.size() == max_recipients);
  CHECK(recipients.ignored.size() == 3);
}

TEST_CASE("what the DNS said is kept, and its silence is not", "[report_post]") {
  const auto resolver = std::make_shared<FakeResolver>();
  resolver->add_txt("example.com._report._dmarc.reader.example", "v=DMARC1");
  resolver->fail("example.com._report._dmarc.silent.example", dns::Status::timeout);
  KeptVerdicts cache;
  const std::vector<std::string> uris{"mailto:a@reader.example", "mailto:b@silent.example",
                                      "mailto:c@stranger.example"};
  const Recipients first = find(resolver, uris, &cache);
  CHECK(cache.verdicts.size() == 2);
  const auto silent = std::make_shared<FakeResolver>();
  const Recipients second = find(silent, {uris[0], uris[2]}, &cache);
  CHECK(addresses(second) == addresses(first));
  CHECK(silent->asked().empty());
}

}  // namespace sekisho::report::recipients
