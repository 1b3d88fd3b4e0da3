#include "test/tools/setup_facts.hpp"
#include "tools/setup/records.hpp"

#include <algorithm>
#include <functional>
#include <string>

#include <catch2/catch.hpp>

using namespace sekisho;
using namespace sekisho::tools::setup;
using Catch::Contains;

namespace {

PublishedText found(std::vector<std::string> records) {
  return {dns::Status::found, std::move(records)};
}

Record record_of(RecordKind kind, const Facts& facts, const RecordChoices& choices = {}) {
  const auto records = records_for(facts.domains[0], facts, choices);
  const auto record = std::ranges::find(records, kind, &Record::kind);
  REQUIRE(record != records.end());
  return *record;
}

}  // namespace

TEST_CASE("SPF names the host", "[setup]") {
  struct Row {
    const char* what;
    std::function<void(Facts&)> change;
    const char* text;
    RecordState state;
    const char* remark;
  };
  const auto row = GENERATE(values<Row>({
      {"by its name", [](Facts&) {}, "v=spf1 a:mx.example.org ~all", RecordState::missing, ""},
      {"and the MX", [](Facts& facts) { facts.domains[0].has_mail_exchanger = true; },
       "v=spf1 mx a:mx.example.org ~all", RecordState::missing, ""},
      {"by its address, if the name does not lead to it",
       [](Facts& facts) { facts.addresses = {public_address(iprev::ResultCode::fail)}; },
       "v=spf1 ip4:192.0.2.10 ~all", RecordState::missing, ""},
      {"without an address", [](Facts& facts) { facts.addresses.clear(); },
       "v=spf1 a:mx.example.org ~all", RecordState::missing, ""},
      {"no answer", [](Facts& facts) { facts.domains[0].spf.status = dns::Status::server_failure; },
       "v=spf1 a:mx.example.org ~all", RecordState::unknown, ""},
      {"a record that permits it",
       [](Facts& facts) {
         facts.domains[0].spf = found({"v=spf1 mx -all"});
         facts.domains[0].spf_result = spf::ResultCode::pass;
       },
       "v=spf1 mx -all", RecordState::published, ""},
      {"one that does not",
       [](Facts& facts) {
         facts.domains[0].spf = found({"v=spf1 -all"});
         facts.domains[0].spf_result = spf::ResultCode::fail;
       },
       "v=spf1 -all", RecordState::differs, "add a:mx.example.org after v=spf1"},
      {"two", [](Facts& facts) { facts.domains[0].spf = found({"v=spf1 a", "v=spf1 b"}); },
       "v=spf1 a", RecordState::differs, "there are 2 SPF records"},
  }));
  CAPTURE(row.what);
  Facts facts = host_facts();
  row.change(facts);
  const Record record = record_of(RecordKind::spf, facts);
  CHECK(record.text == row.text);
  CHECK(record.state == row.state);
  CHECK_THAT(record.remark, Contains(row.remark));
}

TEST_CASE("DMARC and TLS-RPT name an address", "[setup]") {
  Facts facts = host_facts();
  CHECK(record_of(RecordKind::dmarc, facts).text ==
        "v=DMARC1; p=none; rua=mailto:postmaster@example.org");
  const RecordChoices choices{"reports@example.com", true};
  CHECK(record_of(RecordKind::dmarc, facts, choices).text ==
        "v=DMARC1; p=none; rua=mailto:reports@example.com");
  const Record tls = record_of(RecordKind::tls_reporting, facts, choices);
  CHECK(tls.name == "_smtp._tls.example.org");
  CHECK(tls.text == "v=TLSRPTv1; rua=mailto:reports@example.com");
  facts.domains[0].dmarc = found({"v=DMARC1; p=reject"});
  CHECK(record_of(RecordKind::dmarc, facts).state == RecordState::published);
}

TEST_CASE("records are shown in the forms of providers", "[setup]") {
  Facts facts = host_facts();
  facts.domains[0].keys = {
      key_facts(crypto::KeyType::rsa, true),
      key_facts(crypto::KeyType::ed25519, true, keys::PublicationState::published)};
  const auto records = records_for(facts.domains[0], facts, {});
  const std::string text = format_records("example.org", records);
  CHECK_THAT(text, Contains("example.org. IN TXT \"v=spf1 a:mx.example.org ~all\"\n"));
  CHECK_THAT(text, Contains("r._domainkey.example.org\n  v=DKIM1; k=rsa; p="));
  CHECK_THAT(text, !Contains("e._domainkey"));  // is published
  CHECK(format_records("example.org", {}).empty());
}
