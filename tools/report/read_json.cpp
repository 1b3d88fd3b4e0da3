#include "tools/report/read_report.hpp"

#include <string>

#include <nlohmann/json.hpp>

namespace sekisho::tools {

namespace {

using Json = nlohmann::ordered_json;

void add_tally(Json& object, const report::analysis::MessageCounts& tally) {
  object["messages"] = tally.messages;
  object["pass"] = tally.pass;
  object["fail"] = tally.fail();
  object["dkim_aligned"] = tally.dkim_aligned;
  object["spf_aligned"] = tally.spf_aligned;
  object["delivered"] = tally.delivered;
  object["quarantined"] = tally.quarantined;
  object["rejected"] = tally.rejected;
  object["overridden"] = tally.overridden;
}

Json policy_json(const std::optional<report::format::PolicyPublished>& policy) {
  if (!policy) {
    return nullptr;
  }
  const auto word = [](const std::optional<dmarc::Policy>& value) {
    return value ? Json(dmarc::format_policy(*value)) : Json(nullptr);
  };
  return {{"domain", policy->domain},
          {"p", word(policy->policy)},
          {"sp", word(policy->subdomain_policy)},
          {"np", word(policy->nonexistent_policy)},
          {"testing", policy->testing.value_or(false)},
          {"percent", policy->percent.value_or(100)}};
}

Json days_json(const std::map<std::chrono::sys_days, report::analysis::MessageCounts>& days) {
  Json list = Json::array();
  for (const auto& [day, tally] : days) {
    Json object = {{"date", format_day(day)}};
    add_tally(object, tally);
    list.push_back(std::move(object));
  }
  return list;
}

Json sources_json(const std::vector<FeedbackSource>& sources) {
  Json list = Json::array();
  for (const FeedbackSource& source : sources) {
    Json object = {{"address", source.address.text()}, {"name", source.name}};
    add_tally(object, source.tally);
    list.push_back(std::move(object));
  }
  return list;
}

Json domain_json(const FeedbackDomain& domain, const report::analysis::DomainSummary& summary) {
  Json object = {{"domain", domain.name}, {"policy", policy_json(summary.policy)}};
  add_tally(object, domain.total);
  object["reporters"] = summary.reporters;
  object["days"] = days_json(summary.days);
  object["sources"] = sources_json(domain.sources);
  if (summary.other_sources.messages != 0) {
    add_tally(object["other_sources"], summary.other_sources);
  }
  return object;
}

Json tls_json(const report::analysis::Summary& summary) {
  Json list = Json::array();
  for (const auto& [name, tls] : summary.tls()) {
    list.push_back({{"domain", name},
                    {"successful", tls.successful},
                    {"failed", tls.failed},
                    {"failures", tls.failures},
                    {"reporters", tls.reporters}});
  }
  return list;
}

Json detail_json(const report::format::FeedbackReport& report) {
  return {{"domain", report.author_domain},
          {"source", report.source ? Json(report.source->text()) : Json(nullptr)},
          {"failed", report.auth_failure},
          {"alignment", report.identity_alignment},
          {"delivery_result", report.delivery_result},
          {"arrival_date", report.arrival_date},
          {"reporter", report.reporter},
          {"from", report.personal.from},
          {"to", report.personal.to},
          {"mail_from", report.personal.mail_from},
          {"subject", report.personal.subject},
          {"message_id", report.personal.message_id}};
}

Json failures_json(const report::analysis::Summary& summary) {
  Json list = Json::array();
  for (const auto& [name, failures] : summary.failures()) {
    list.push_back({{"domain", name},
                    {"messages", failures.messages},
                    {"failed", failures.failed},
                    {"sources", failures.sources},
                    {"reporters", failures.reporters}});
  }
  return list;
}

Json feedback_counts_json(const report::analysis::Summary& summary) {
  Json counts = Json::object();
  for (const auto& [type, count] : summary.feedback()) {
    if (type != report::format::FeedbackType::auth_failure) {
      counts[std::string(report::format::format_feedback_type(type))] = count;
    }
  }
  return counts;
}

Json period_json(const std::optional<report::format::Period>& period) {
  if (!period) {
    return nullptr;
  }
  return {{"begin", period->begin.time_since_epoch().count()},
          {"end", period->end.time_since_epoch().count()}};
}

}  // namespace

std::string format_feedback_json(const Feedback& feedback, bool personal) {
  Json object = {{"reports", feedback.summary.reports()},
                 {"duplicates", feedback.duplicates},
                 {"failure_reports", feedback.summary.failure_reports()},
                 {"other_feedback", feedback_counts_json(feedback.summary)},
                 {"other_mails", feedback.other_mails},
                 {"period", period_json(feedback.summary.period())}};
  add_tally(object, feedback.summary.total());
  Json domains = Json::array();
  for (const FeedbackDomain& domain : feedback.domains) {
    domains.push_back(domain_json(domain, feedback.summary.domains().at(domain.name)));
  }
  object["domains"] = std::move(domains);
  object["tls"] = tls_json(feedback.summary);
  object["failures"] = failures_json(feedback.summary);
  if (personal) {
    Json& details = object["failed_messages"] = Json::array();
    for (const report::format::FeedbackReport& report : feedback.summary.failure_details()) {
      details.push_back(detail_json(report));
    }
  }
  object["notes"] = feedback.notes.counts();
  Json problems = Json::array();
  for (const FeedbackProblem& problem : feedback.problems) {
    problems.push_back({{"file", problem.file}, {"problem", problem.text}});
  }
  object["problems"] = std::move(problems);
  // File names need not be UTF-8.
  return object.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace sekisho::tools
