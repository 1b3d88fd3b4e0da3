#include "tools/preflight/shown_report.hpp"

#include <nlohmann/json.hpp>

namespace sekisho::tools {

namespace {

using Json = nlohmann::ordered_json;

Json text_or_null(const std::string& text) {
  return text.empty() ? Json(nullptr) : Json(text);
}

Json reply_json(const preflight::ReceiverReply& reply) {
  return {{"code", text_or_null(reply.code)},
          {"enhanced", text_or_null(reply.enhanced)},
          {"temporary", reply.temporary},
          {"temporary_first", reply.temporary_first},
          {"bulk_only", reply.bulk_only},
          {"text", reply.text},
          {"since", text_or_null(reply.since)},
          {"source", reply.source},
          {"date", reply.date},
          {"verified", reply.verified}};
}

// Of several rules of one receiver about one finding, the first counts.
Json receivers_json(const preflight::Finding& finding) {
  Json receivers = Json::object();
  for (const preflight::ReceiverReply& reply : finding.receivers) {
    if (!receivers.contains(reply.receiver)) {
      receivers[reply.receiver] = reply_json(reply);
    }
  }
  return receivers;
}

Json finding_json(const preflight::Finding& finding) {
  return {{"id", preflight::format_id(finding.id)},
          {"level", preflight::format_level(finding.level)},
          {"where",
           {{"field", text_or_null(finding.where.field)},
            {"line", finding.where.line == 0 ? Json(nullptr) : Json(finding.where.line)},
            {"offset", finding.where.line == 0 ? Json(nullptr) : Json(finding.where.offset)}}},
          {"evidence", finding.evidence},
          {"source", preflight::source_of(finding.id)},
          {"remedy", preflight::remedy_of(finding.id)},
          {"publish", text_or_null(finding.publish)},
          {"receivers", receivers_json(finding)}};
}

// As `sekisho domain check --format json` has it.
Json domain_json(const ShownPreflight& shown) {
  return shown.domain ? Json::parse(format_domains_json({*shown.domain}, checks_of_sending()))
                      : Json(nullptr);
}

Json unsubscribe_json(const ShownPreflight& shown) {
  if (!shown.unsubscribe) {
    return nullptr;
  }
  const UnsubscribeAnswer& answer = *shown.unsubscribe;
  return {{"uri", shown.report.unsubscribe_uri},
          {"posted", answer.is_posted},
          {"status", answer.status ? Json(*answer.status) : Json(nullptr)},
          {"fault", answer.fault ? Json(fetch::format_fault(*answer.fault)) : Json(nullptr)}};
}

Json bulk_json(const preflight::Report& report) {
  Json receivers = Json::object();
  for (const preflight::Volume& volume : report.volumes) {
    receivers[volume.receiver] = {
        {"author", volume.author}, {"count", volume.messages}, {"limit", volume.limit}};
  }
  return receivers;
}

}  // namespace

std::string format_preflight_json(const ShownPreflight& shown) {
  const preflight::Report& report = shown.report;
  Json findings = Json::array();
  for (const preflight::Finding& finding : report.findings) {
    findings.push_back(finding_json(finding));
  }
  Json replies = Json::object();
  for (const preflight::ReceiverVerdict& verdict : report.replies) {
    replies[verdict.receiver] = verdict.reply ? reply_json(*verdict.reply) : Json(nullptr);
  }
  const Json object = {{"message",
                        {{"kind", preflight::format_kind(report.kind)},
                         {"author", report.author ? Json(report.author->text()) : Json(nullptr)},
                         {"envelope",
                          {{"sender", report.sender ? Json(*report.sender) : Json(nullptr)},
                           {"recipients", shown.recipients}}},
                         {"signed_here", shown.is_signed_here}}},
                       {"findings", findings},
                       {"replies", replies},
                       {"bulk", bulk_json(report)},
                       {"domain", domain_json(shown)},
                       {"unsubscribe", unsubscribe_json(shown)},
                       {"temporary_errors", report.has_temporary_errors},
                       {"rules_date", report.rules_date}};
  // US-ASCII alone, since terminals obey some of what a message can hold beyond it.
  return object.dump(2, ' ', /*ensure_ascii=*/true, Json::error_handler_t::replace) + "\n";
}

}  // namespace sekisho::tools
