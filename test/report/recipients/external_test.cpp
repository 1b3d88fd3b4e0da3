#include "report/recipients/external.hpp"

#include "support/fake_resolver.hpp"

#include <memory>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

namespace sekisho::report::recipients {

namespace {

using test::FakeResolver;

mail::Domain domain(const std::string& text) {
  return mail::Domain::parse(text).value();
}

// example.com and example.net have records at their organizational domains.
std::shared_ptr<FakeResolver> world() {
  auto resolver = std::make_shared<FakeResolver>();
  resolver->add_txt("_dmarc.example.com", "v=DMARC1; p=none");
  resolver->add_txt("_dmarc.example.net", "v=DMARC1; p=none");
  return resolver;
}

constexpr auto blue = "blue.example.com";
constexpr auto red = "red.example.net";
constexpr auto authorization = "blue.example.com._report._dmarc.red.example.net";

Authorization verify(const std::shared_ptr<FakeResolver>& resolver,
                     AddressTag tag = AddressTag::rua, const dmarc::Options& options = {}) {
  return verify_external(test::lookups_on(resolver), options, domain(blue), domain(red), tag).get();
}

}  // namespace

TEST_CASE("the destination's record says whether it takes the reports", "[report_post]") {
  struct Case {
    std::string name;
    std::vector<std::string> records;
    AuthorizationStatus status;
    std::vector<std::string> uris;
  };
  // RFC 9990 §4, steps 6 to 9
  const Case cases[] = {
      {"the shortest", {"v=DMARC1"}, AuthorizationStatus::authorized, {}},
      {"with a semicolon", {"v=DMARC1;"}, AuthorizationStatus::authorized, {}},
      {"with tags of no interest", {"v=DMARC1; p=none; x=y"}, AuthorizationStatus::authorized, {}},
      {"nothing", {}, AuthorizationStatus::refused, {}},
      {"another record", {"v=spf1 -all"}, AuthorizationStatus::refused, {}},
      {"version not first", {"p=none; v=DMARC1"}, AuthorizationStatus::refused, {}},
      {"version in lower case", {"v=dmarc1"}, AuthorizationStatus::refused, {}},
      {"a tag twice", {"v=DMARC1; p=none; p=none"}, AuthorizationStatus::refused, {}},
      {"one of two is valid", {"v=spf1 -all", "v=DMARC1"}, AuthorizationStatus::authorized, {}},
      {"another address of the host",
       {"v=DMARC1; rua=mailto:other@red.example.net"},
       AuthorizationStatus::authorized,
       {"mailto:other@red.example.net"}},
      {"another address, of any case",
       {"v=DMARC1; rua=mailto:other@RED.example.NET"},
       AuthorizationStatus::authorized,
       {"mailto:other@RED.example.NET"}},
      {"another host",
       {"v=DMARC1; rua=mailto:x@green.example.net"},
       AuthorizationStatus::refused,
       {}},
      {"another host among others",
       {"v=DMARC1; rua=mailto:x@red.example.net,mailto:x@victim.example"},
       AuthorizationStatus::refused,
       {}},
      {"an address that is none", {"v=DMARC1; rua=nobody"}, AuthorizationStatus::authorized, {}},
  };
  for (const Case& row : cases) {
    DYNAMIC_SECTION(row.name) {
      const auto resolver = world();
      for (const std::string& record : row.records) {
        resolver->add_txt(authorization, record);
      }
      const Authorization verdict = verify(resolver);
      CHECK(verdict.status == row.status);
      CHECK(verdict.uris == row.uris);
      CHECK_FALSE(verdict.reason.empty());
    }
  }
}

TEST_CASE("each kind of report is overridden by its own tag", "[report_post]") {
  const auto resolver = world();
  resolver->add_txt(authorization, "v=DMARC1; ruf=mailto:f@red.example.net");
  CHECK(verify(resolver, AddressTag::rua).uris.empty());
  CHECK(verify(resolver, AddressTag::ruf).uris ==
        std::vector<std::string>{"mailto:f@red.example.net"});
}

TEST_CASE("a DNS that does not answer leaves the question open", "[report_post]") {
  const std::string name =
      GENERATE(as<std::string>{}, authorization, "_dmarc.example.com", "_dmarc.red.example.net");
  DYNAMIC_SECTION(name) {
    const auto resolver = world();
    resolver->fail(name, dns::Status::timeout);
    CHECK(verify(resolver).status == AuthorizationStatus::unknown);
  }
}

TEST_CASE("within one organization nothing is asked of the destination", "[report_post]") {
  const auto resolver = world();
  const auto lookups = test::lookups_on(resolver);
  const auto status = [&](const std::string& policy, const std::string& host) {
    return verify_external(lookups, {}, domain(policy), domain(host), AddressTag::rua).get().status;
  };
  CHECK(status("example.com", "example.com") == AuthorizationStatus::internal);
  CHECK(status("example.com", "reports.example.com") == AuthorizationStatus::internal);
  CHECK(status("blue.example.com", "red.example.com") == AuthorizationStatus::internal);
  CHECK(status("example.com", "notexample.com") == AuthorizationStatus::refused);
  CHECK(status("example.com", "example.com.evil.example") == AuthorizationStatus::refused);
}

TEST_CASE("the public suffix list draws the borders by option", "[report_post]") {
  const auto resolver = std::make_shared<FakeResolver>();
  const dmarc::Options options{.discovery = dmarc::Discovery::psl};
  const auto status = [&](const std::string& policy, const std::string& host) {
    return verify_external(test::lookups_on(resolver), options, domain(policy), domain(host),
                           AddressTag::rua)
        .get()
        .status;
  };
  CHECK(status("blue.example.co.uk", "red.example.co.uk") == AuthorizationStatus::internal);
  CHECK(status("blue.co.uk", "red.co.uk") == AuthorizationStatus::refused);
}

TEST_CASE("a name beyond the limits of the DNS is not asked for", "[report_post]") {
  std::string longest;  // RFC 9990 §4 step 4
  for (int i = 0; i < 5; ++i) {
    longest += std::string(40, 'a') + '.';
  }
  const mail::Domain policy = domain(longest + "example.com");
  const auto resolver = world();
  const Authorization verdict =
      verify_external(test::lookups_on(resolver), {}, policy,
                      domain("reports.of.others.example.net"), AddressTag::rua)
          .get();
  CHECK(verdict.status == AuthorizationStatus::refused);
  for (const dns::Question& question : resolver->asked()) {
    CHECK(question.name.size() <= 253);
  }
}

}  // namespace sekisho::report::recipients
