// Which broken signatures are counted, and for whom.
#include "milter/record/change_record.hpp"

#include "milter/verdict_on_envelope.hpp"

#include <functional>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

using namespace sekisho;

namespace {

dkim::Result broken(const std::string& domain, dkim::Fault fault, std::size_t added_lines = 0) {
  dkim::Result result;
  result.code = dkim::ResultCode::fail;
  result.fault = fault;
  result.domain = mail::Domain::parse(domain);
  result.added_lines = added_lines;
  return result;
}

checkpoint::Verdict failing_message() {
  checkpoint::Verdict verdict = milter::verdict_on_envelope();
  findings::Findings& found = verdict.findings;
  found.author.domains = {mail::Domain::parse("news.bank.co.uk").value()};
  found.iprev = iprev::Result{iprev::ResultCode::pass, "out7.relay.example", "", {}};
  found.dkim = {broken("bank.co.uk", dkim::Fault::body_hash_mismatch, 3)};
  return verdict;
}

std::string counted(const checkpoint::Verdict& verdict) {
  std::string text;
  for (const report::store::Tally& tally :
       milter::changes_of(verdict, std::chrono::sys_seconds{std::chrono::seconds{86'400 + 17}})) {
    CHECK(tally.kind == report::store::TallyKind::change);
    CHECK(tally.begin == std::chrono::sys_seconds{std::chrono::seconds{86'400}});
    CHECK(tally.messages == 1);
    text += tally.author + " " + tally.party + " " + tally.detail + ";";
  }
  return text;
}

}  // namespace

TEST_CASE("a signature that was broken on its way is counted by who forwarded it", "[milter]") {
  using dkim::Fault;
  struct Row {
    const char* name;
    std::function<void(checkpoint::Verdict&)> change;
    const char* counted;
  };
  const Row rows[] = {
      {"lines at the end", [](auto&) {}, "bank.co.uk host:relay.example body.tail;"},
      {"another body", [](auto& verdict) { verdict.findings.dkim[0].added_lines = 0; },
       "bank.co.uk host:relay.example body;"},
      {"a header field",
       [](auto& verdict) { verdict.findings.dkim[0].fault = Fault::signature_mismatch; },
       "bank.co.uk host:relay.example header;"},
      {"two signatures, broken alike and otherwise",
       [](auto& verdict) {
         verdict.findings.dkim.push_back(broken("bank.co.uk", Fault::body_hash_mismatch, 3));
         verdict.findings.dkim.push_back(broken("a.bank.co.uk", Fault::signature_mismatch));
       },
       "bank.co.uk host:relay.example body.tail;bank.co.uk host:relay.example header;"},
      {"a list", [](auto& verdict) { verdict.list_id = "members.list.example"; },
       "bank.co.uk list:members.list.example body.tail;"},
      {"a List-Id that is none", [](auto& verdict) { verdict.list_id = "a b"; },
       "bank.co.uk host:relay.example body.tail;"},
      {"a long List-Id", [](auto& verdict) { verdict.list_id = std::string(256, 'a'); },
       "bank.co.uk host:relay.example body.tail;"},
      {"a List-Id with controls", [](auto& verdict) { verdict.list_id = "a\x1b[31m"; },
       "bank.co.uk host:relay.example body.tail;"},
      {"a client without a confirmed name",
       [](auto& verdict) { verdict.findings.iprev->code = iprev::ResultCode::fail; },
       "bank.co.uk  body.tail;"},
      {"a client that was not looked at", [](auto& verdict) { verdict.findings.iprev.reset(); },
       "bank.co.uk  body.tail;"},
      {"another organization's signature",
       [](auto& verdict) {
         verdict.findings.dkim = {broken("list.example", Fault::body_hash_mismatch, 3)};
       },
       ""},
      {"a signature that passes", [](auto& verdict) { verdict.findings.dkim[0] = {}; }, ""},
      {"a key that is gone", [](auto& verdict) { verdict.findings.dkim[0].fault = Fault::no_key; },
       ""},
      {"no author", [](auto& verdict) { verdict.findings.author.domains.clear(); }, ""},
      {"mail of ours", [](auto& verdict) { verdict.findings.origin = findings::Origin::internal; },
       ""},
      {"a message that comes again",
       [](auto& verdict) { verdict.disposition.action = policy::Action::tempfail; }, ""},
  };
  for (const Row& row : rows) {
    DYNAMIC_SECTION(row.name) {
      checkpoint::Verdict verdict = failing_message();
      row.change(verdict);
      CHECK(counted(verdict) == row.counted);
    }
  }
}
