#include "tools/domain/report.hpp"

#include <nlohmann/json.hpp>

namespace sekisho::tools {

namespace {

using Json = nlohmann::ordered_json;
using namespace domain_check;

Json finding_json(const Finding& finding) {
  const CheckInfo& info = info_of(finding.check);
  Json json = {{"id", info.id},
               {"level", format_level(finding.level)},
               {"name", finding.name},
               {"evidence", finding.evidence},
               {"source", info.source},
               {"effect", info.effect},
               {"remedy", finding.remedy},
               {"publish", finding.publish.empty() ? Json(nullptr) : Json(finding.publish)},
               {"servers", finding.servers}};
  if (finding.position) {
    json["position"] = *finding.position;
  }
  return json;
}

Json unknown_json(const Unknown& unknown) {
  return {{"id", info_of(unknown.check).id},
          {"name", unknown.name},
          {"tried", unknown.tried},
          {"answer", unknown.answer}};
}

Json forgery_json(const Forgery& forgery) {
  return {{"outcome", format_forgery_outcome(forgery.outcome)},
          {"why", forgery.why},
          {"mail_from", forgery.mail_from}};
}

Json forger_json(const std::vector<ForgerRow>& rows) {
  Json list = Json::array();
  for (const ForgerRow& row : rows) {
    list.push_back({{"author", format_forged_author(row.author)},
                    {"name", row.name},
                    {"way", format_forgers_way(row.way)},
                    {"client", row.client.text()},
                    {"rfc9989", forgery_json(row.rfc9989)},
                    {"rfc7489", forgery_json(row.rfc7489)}});
  }
  return list;
}

Json effect_json(const std::optional<MailEffect>& effect) {
  if (!effect) {
    return nullptr;
  }
  Json changes = Json::array();
  for (const ChangedMail& changed : effect->changes) {
    Json sources = Json::array();
    for (const auto& [source, messages] : changed.sources) {
      sources.push_back({{"source", source.text()}, {"messages", messages}});
    }
    changes.push_back({{"change", format_mail_change(changed.change)},
                       {"messages", changed.messages},
                       {"sources", std::move(sources)}});
  }
  return {{"days", effect->window.count()},
          {"messages", effect->messages},
          {"unknown", effect->unknown},
          {"changes", std::move(changes)}};
}

Json node_json(const SpfNode& node) {
  return {{"name", node.name},
          {"term", node.term},
          {"depth", node.depth},
          {"status", format_spf_node_status(node.status)},
          {"record", node.record.empty() ? Json(nullptr) : Json(node.record)},
          {"lookups", node.lookup_terms.size()},
          {"void", node.void_terms.size()},
          {"ipv4", node.passing.ipv4_addresses()},
          {"ipv6_64", node.passing.ipv6_networks()},
          {"terms", node.lookup_terms}};
}

Json spf_json(const std::optional<SpfTree>& tree) {
  if (!tree) {
    return nullptr;
  }
  const bool is_counted = !tree->has(SpfNodeStatus::loop);
  const SpfNode& root = tree->root();
  Json nodes = Json::array();
  for (const SpfNode& node : tree->nodes) {
    nodes.push_back(node_json(node));
  }
  return {{"record", root.record.empty() ? Json(nullptr) : Json(root.record)},
          {"tree", std::move(nodes)},
          {"lookups", is_counted ? Json(tree->lookups()) : Json(nullptr)},
          {"void", is_counted ? Json(tree->voids()) : Json(nullptr)},
          {"ipv4_addresses", root.passing.ipv4_addresses()},
          {"ipv6_networks", root.passing.ipv6_networks()},
          {"passes_all", root.passes_all}};
}

Json dkim_json(const std::vector<KeyFound>& keys) {
  Json list = Json::array();
  for (const KeyFound& key : keys) {
    list.push_back({{"selector", key.selector},
                    {"name", key.name},
                    {"state", format_key_state(key.state)},
                    {"guessed", key.is_guessed},
                    {"algorithm", key.algorithm.empty() ? Json(nullptr) : Json(key.algorithm)},
                    {"bits", key.bits},
                    {"record", key.record.empty() ? Json(nullptr) : Json(key.record)}});
  }
  return list;
}

Json effective_json(const dmarc::Record& record) {
  const dmarc::Policy sp = record.subdomain_policy.value_or(record.policy);
  return {{"p", dmarc::format_policy(record.policy)},
          {"sp", dmarc::format_policy(sp)},
          {"np", dmarc::format_policy(record.nonexistent_policy.value_or(sp))}};
}

Json dmarc_json(const std::optional<DmarcFound>& found) {
  if (!found) {
    return nullptr;
  }
  Json walk = Json::array();
  for (const WalkStep& step : found->walk) {
    walk.push_back({{"name", step.name}, {"answer", step.answer}, {"records", step.records}});
  }
  return {{"record", found->record ? Json(found->record->text) : Json(nullptr)},
          {"found_at", found->found_at ? Json(found->found_at->text()) : Json(nullptr)},
          {"walk", std::move(walk)},
          {"organizational_domain", found->organizational_domain.text()},
          {"psl_organizational_domain", found->psl_organizational_domain.text()},
          {"effective", found->record ? effective_json(*found->record) : Json(nullptr)}};
}

Json mx_json(const MailHosts& hosts) {
  Json list = Json::array();
  for (const MailHost& host : hosts.hosts) {
    Json addresses = Json::array();
    for (const HostAddress& address : host.addresses) {
      addresses.push_back({{"address", address.address.text()},
                           {"name", address.name.empty() ? Json(nullptr) : Json(address.name)}});
    }
    list.push_back({{"preference", host.preference},
                    {"host", host.name},
                    {"addresses", std::move(addresses)}});
  }
  return list;
}

Json txt_json(const std::optional<TxtRecord>& record) {
  return record && record->record ? Json{{"name", record->name}, {"record", *record->record}}
                                  : Json(nullptr);
}

Json sts_json(const Report& report) {
  Json json = txt_json(report.sts);
  if (json.is_null() || !report.tls) {
    return json;
  }
  const auto& policy = report.tls->policy;
  json["policy"] = policy ? Json{{"mode", mta_sts::format_mode(policy->mode)},
                                 {"max_age", policy->max_age},
                                 {"mx", policy->patterns}}
                          : Json(nullptr);
  return json;
}

Json session_json(const smtp_probe::Result& result) {
  const bool has_tls = result.fault == smtp_probe::Fault::none;
  return {{"address", result.address.text()},
          {"starttls", has_tls},
          {"fault", has_tls ? Json(nullptr) : Json(smtp_probe::format_fault(result.fault))},
          {"version", result.version},
          {"cipher", result.cipher},
          {"trusted", result.is_trusted},
          {"matches_dane", result.matches_dane},
          {"not_after", result.chain.empty()
                            ? Json(nullptr)
                            : Json(result.chain.front().not_after().time_since_epoch().count())}};
}

Json dane_json(const std::optional<TlsFound>& found) {
  if (!found) {
    return nullptr;
  }
  Json hosts = Json::array();
  for (const HostTls& host : found->hosts) {
    Json associations = Json::array();
    for (const dns::CertificateAssociation& record : host.associations) {
      associations.push_back({{"record", dane::format_record(record)},
                              {"usable", dane::usability_of(record) == dane::Unusable::none}});
    }
    Json addresses = Json::array();
    for (const smtp_probe::Result& result : host.addresses) {
      addresses.push_back(session_json(result));
    }
    hosts.push_back({{"name", host.name},
                     {"secure",
                      {{"mx", host.is_mx_secure},
                       {"address", host.is_address_secure},
                       {"tlsa", host.is_tlsa_secure}}},
                     {"tlsa", std::move(associations)},
                     {"addresses", std::move(addresses)}});
  }
  return hosts;
}

Json run_json(const DomainRun& run, const Selection& selection) {
  const Report& report = run.report;
  const Selected selected = select(report, selection);
  Json findings = Json::array();
  for (const Finding& finding : selected.findings) {
    findings.push_back(finding_json(finding));
  }
  Json unknowns = Json::array();
  for (const Unknown& unknown : selected.unknowns) {
    unknowns.push_back(unknown_json(unknown));
  }
  return {{"domain", report.domain.text()},
          {"time", run.time.time_since_epoch().count()},
          {"lookups", {{"count", run.questions}, {"ms", run.duration.count()}}},
          {"forger", forger_json(report.forger)},
          {"spf", spf_json(report.spf)},
          {"dkim", dkim_json(report.dkim)},
          {"dmarc", dmarc_json(report.dmarc)},
          {"mx", mx_json(report.mx)},
          {"mta_sts", sts_json(report)},
          {"tls_rpt", txt_json(report.tls_report)},
          {"dane", dane_json(report.tls)},
          {"dnssec", nullptr},
          {"bimi", txt_json(report.bimi)},
          {"effect", effect_json(run.effect)},
          {"findings", std::move(findings)},
          {"unknown", std::move(unknowns)}};
}

}  // namespace

std::string format_domains_json(const std::vector<DomainRun>& runs, const Selection& selection) {
  Json list = Json::array();
  for (const DomainRun& run : runs) {
    list.push_back(run_json(run, selection));
  }
  const Json& shown = list.size() == 1 ? list.front() : list;
  // US-ASCII alone, since terminals obey some of what a record can hold beyond it.
  return shown.dump(2, ' ', /*ensure_ascii=*/true, Json::error_handler_t::replace) + "\n";
}

}  // namespace sekisho::tools
