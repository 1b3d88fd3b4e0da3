#include "tools/setup/json.hpp"

#include "tools/key/record.hpp"
#include "tools/setup/changes.hpp"
#include "tools/setup/other_milters.hpp"

#include <string_view>
#include <utility>

#include <nlohmann/json.hpp>

namespace sekisho::tools::setup {

namespace {

using Json = nlohmann::ordered_json;

std::string_view format_mail_server(MailServer server) {
  switch (server) {
    case MailServer::none:
      return "none";
    case MailServer::postfix:
      return "postfix";
    case MailServer::sendmail:
      return "sendmail";
    case MailServer::other:
      return "other";
  }
  std::unreachable();
}

std::string version_of(const Facts& facts) {
  if (facts.postfix) {
    return facts.postfix->version;
  }
  return facts.sendmail ? facts.sendmail->version : "";
}

Json describe_host(const Facts& facts) {
  Json addresses = Json::array();
  for (const AddressFacts& address : facts.addresses) {
    addresses.push_back({{"address", address.address.text()},
                         {"public", address.is_public},
                         {"name", address.name.name},
                         {"iprev", iprev::format_result_code(address.name.code)}});
  }
  Json others = Json::array();
  for (const OtherMilter& other : facts.others) {
    others.push_back({{"program", format_other_program(other.program)}, {"milter", other.name}});
  }
  return {{"mail_server", format_mail_server(facts.mail_server)},
          {"version", version_of(facts)},
          {"host_name", facts.host_name},
          {"chrooted", facts.postfix && facts.postfix->wiring.is_smtpd_chrooted},
          {"name_servers", facts.resolver.servers},
          {"validates", facts.resolver.validation == Validation::validates},
          {"addresses", std::move(addresses)},
          {"other_milters", std::move(others)}};
}

Json describe_step(const Step& step, const Facts& facts) {
  Json changes = Json::array();
  for (const Change& change : step.changes) {
    changes.push_back(describe_change(change, facts));
  }
  return {{"topic", format_topic(step.topic)},
          {"state", format_step_state(step)},
          {"text", step.text},
          {"changes", std::move(changes)}};
}

Json describe_planned_record(const std::string& domain, const Record& record) {
  return {{"domain", domain},
          {"kind", format_record_kind(record.kind)},
          {"state", format_record_state(record.state)},
          {"name", record.name},
          {"text", record.text},
          {"quoted", format_quoted_strings(record.text)},
          {"zone", format_zone_record(record.name, record.text)},
          {"remark", record.remark}};
}

}  // namespace

std::string format_json(const Plan& plan, const Facts& facts) {
  Json steps = Json::array();
  for (const Step& step : plan.steps) {
    steps.push_back(describe_step(step, facts));
  }
  Json records = Json::array();
  for (const PlannedRecords& one : plan.records) {
    for (const Record& record : one.records) {
      records.push_back(describe_planned_record(one.domain, record));
    }
  }
  const Json document{
      {"host", describe_host(facts)}, {"steps", std::move(steps)}, {"records", std::move(records)}};
  return document.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace sekisho::tools::setup
