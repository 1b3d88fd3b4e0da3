#include "tools/check/report.hpp"

#include <algorithm>
#include <chrono>
#include <string>

#include <nlohmann/json.hpp>

namespace sekisho::tools {

namespace {

using Json = nlohmann::ordered_json;

Json name_or_null(const std::optional<mail::Domain>& domain) {
  return domain ? Json(domain->text()) : Json(nullptr);
}

Json spf_json(const std::optional<spf::Result>& result) {
  const spf::Result shown = result.value_or(spf::Result{.reason = "not checked"});
  return {{"result", spf::format_result_code(shown.code)},
          {"domain", shown.domain},
          {"mechanism", shown.mechanism},
          {"explanation", shown.explanation},
          {"reason", shown.reason}};
}

Json dkim_json(const std::vector<dkim::Result>& results) {
  Json list = Json::array();
  for (const dkim::Result& result : results) {
    list.push_back({{"result", dkim::format_result_code(result.code)},
                    {"domain", name_or_null(result.domain)},
                    {"selector", result.selector},
                    {"algorithm", result.algorithm},
                    {"auid", result.auid},
                    {"key_bits", result.key_bits},
                    {"testing", result.testing},
                    {"reason", result.reason}});
  }
  return list;
}

Json arc_json(const arc::ChainResult& result) {
  Json chain = Json::array();
  for (const arc::SealIdentity& sealer : result.sealers) {
    chain.push_back(sealer.domain.text());
  }
  return {{"result", arc::format_chain_status(result.status)},
          {"chain", std::move(chain)},
          {"sets", result.sets},
          {"oldest_pass", result.oldest_pass},
          {"reason", result.reason}};
}

Json override_json(const std::optional<findings::Override>& override) {
  return override ? Json{{"type", dmarc::format_override_type(override->type)},
                         {"comment", override->comment}}
                  : Json(nullptr);
}

Json dmarc_json(const std::optional<dmarc::Result>& result,
                const std::optional<findings::Override>& override) {
  const dmarc::Result shown = result.value_or(dmarc::Result{.reason = "not checked"});
  return {{"result", dmarc::format_result_code(shown.code)},
          {"policy", shown.record ? Json(dmarc::format_policy(shown.policy)) : Json(nullptr)},
          {"published_policy",
           shown.record ? Json(dmarc::format_policy(shown.published_policy)) : Json(nullptr)},
          {"domain", name_or_null(shown.author_domain)},
          {"record_domain", name_or_null(shown.record_domain)},
          {"organizational_domain", name_or_null(shown.organizational_domain)},
          {"aligned", {{"spf", shown.spf_aligned}, {"dkim", shown.dkim_aligned}}},
          {"override", override_json(override)},
          {"reason", shown.reason}};
}

Json iprev_json(const std::optional<iprev::Result>& result) {
  if (!result) {
    return {{"result", "none"}, {"name", ""}, {"reason", "not checked"}};
  }
  return {{"result", iprev::format_result_code(result->code)},
          {"name", result->name},
          {"reason", result->reason}};
}

Json path_json(const std::vector<policy::Step>& path) {
  Json list = Json::array();
  for (const policy::Step& step : path) {
    list.push_back({{"decided", step.decided}, {"found", step.found}, {"section", step.section}});
  }
  return list;
}

Json lookups_json(const std::vector<checkpoint::ExplainedLookup>& lookups) {
  Json list = Json::array();
  for (const auto& [mechanism, record] : lookups) {
    const std::chrono::duration<double, std::milli> taken = record.end - record.begin;
    list.push_back({{"mechanism", mechanism},
                    {"type", dns::format_type(record.question.type)},
                    {"name", record.question.name},
                    {"status", dns::format_status(record.status)},
                    {"ms", taken.count()}});
  }
  return list;
}

Json disposition_json(const std::optional<policy::Disposition>& disposition) {
  if (!disposition) {
    return nullptr;
  }
  const policy::Reply& reply = disposition->reply;
  const std::string code = reply.enhanced.empty() ? reply.code : reply.code + " " + reply.enhanced;
  return {{"action", policy::format_action(disposition->action)},
          {"code", code},
          {"text", reply.text},
          {"reason", disposition->reason},
          {"withheld", disposition->withheld ? Json(policy::format_action(*disposition->withheld))
                                             : Json(nullptr)},
          {"path", path_json(disposition->path)}};
}

std::string unfolded(std::string value) {
  std::ranges::replace(value, '\t', ' ');
  std::erase(value, '\n');
  return value;
}

}  // namespace

std::string format_json(const CheckReport& report) {
  const findings::Findings& findings = report.findings;
  const Json object = {
      {"spf",
       {{"helo", spf_json(findings.spf_helo)}, {"mailfrom", spf_json(findings.spf_mail_from)}}},
      {"dkim", dkim_json(findings.dkim)},
      {"arc", arc_json(findings.arc)},
      {"dmarc", dmarc_json(findings.dmarc, report.disposition ? report.disposition->overrides.dmarc
                                                              : std::nullopt)},
      {"iprev", iprev_json(findings.iprev)},
      {"tls", tls::format_version(findings.client.tls.version)},
      {"disposition", disposition_json(report.disposition)},
      {"authentication_results", unfolded(report.authentication_results)},
      {"lookups", lookups_json(report.lookups)},
      {"faults", findings.faults},
      {"notes", report.notes}};
  // US-ASCII alone, since terminals obey some of what a message can hold beyond it.
  return object.dump(2, ' ', /*ensure_ascii=*/true, Json::error_handler_t::replace) + "\n";
}

}  // namespace sekisho::tools
