#include "tools/report/send_text.hpp"

#include "tools/report/read_report.hpp"

#include <algorithm>
#include <array>
#include <cstddef>

#include <fmt/core.h>
#include <nlohmann/json.hpp>

namespace sekisho::tools {

namespace {

using Json = nlohmann::ordered_json;
using report::aggregate_sender::SendOutcome;
using report::mailer::DeliveryStatus;

constexpr std::array outcomes = {SendOutcome::sent,        SendOutcome::prepared,
                                 SendOutcome::sent_before, SendOutcome::excluded,
                                 SendOutcome::nobody,      SendOutcome::too_large,
                                 SendOutcome::deferred,    SendOutcome::unreachable};

std::chrono::sys_days day_of(const report::aggregate_sender::SendResult& report) {
  return std::chrono::floor<std::chrono::days>(report.period.begin);
}

std::string plural(std::uint64_t count, std::string_view one) {
  return fmt::format("{} {}{}", count, one, count == 1 ? "" : "s");
}

std::string_view format_form(report::format::Form form) {
  switch (form) {
    case report::format::Form::rfc9990:
      return "rfc9990";
    case report::format::Form::rfc7489:
      return "rfc7489";
  }
  std::unreachable();
}

std::string recipients_of(const report::aggregate_sender::SendResult& report) {
  std::string list;
  for (const report::aggregate_sender::RecipientDelivery& posted : report.deliveries) {
    if (posted.delivery.status == DeliveryStatus::sent) {
      list += (list.empty() ? "" : ", ") + posted.address;
    }
  }
  return list;
}

std::ptrdiff_t count_of(const std::vector<report::aggregate_sender::SendResult>& reports,
                        SendOutcome outcome) {
  return std::ranges::count(reports, outcome, &report::aggregate_sender::SendResult::outcome);
}

Json report_json(const report::aggregate_sender::SendResult& report) {
  Json posted = Json::array();
  for (const report::aggregate_sender::RecipientDelivery& one : report.deliveries) {
    posted.push_back({{"address", one.address},
                      {"status", report.outcome == SendOutcome::prepared
                                     ? "prepared"
                                     : report::mailer::format_delivery_status(one.delivery.status)},
                      {"reply", one.delivery.reply}});
  }
  Json ignored = Json::array();
  for (const report::recipients::IgnoredUri& one : report.ignored) {
    ignored.push_back({{"uri", one.uri}, {"reason", one.reason}, {"temporary", one.temporary}});
  }
  return {{"domain", report.policy_domain},
          {"begin", report.period.begin.time_since_epoch().count()},
          {"end", report.period.end.time_since_epoch().count()},
          {"outcome", report::aggregate_sender::format_send_outcome(report.outcome)},
          {"reason", report.reason},
          {"messages", report.messages},
          {"records", report.records},
          {"octets", report.octets},
          {"form", format_form(report.form)},
          {"report_id", report.report_id},
          {"file_name", report.file_name},
          {"posted", std::move(posted)},
          {"ignored", std::move(ignored)}};
}

}  // namespace

std::string format_report_text(const report::aggregate_sender::SendResult& report) {
  std::string line = fmt::format(
      "{:<11}  {}  {:<28}  {}", report::aggregate_sender::format_send_outcome(report.outcome),
      format_day(day_of(report)), report.policy_domain, plural(report.messages, "message"));
  if (report.records != 0) {
    line += ", " + plural(report.records, "record");
  }
  if (report.octets != 0) {
    line += fmt::format(", {}", plural(report.octets, "octet"));
  }
  if (const std::string recipients = recipients_of(report); !recipients.empty()) {
    line += ", to " + recipients;
  }
  line += report.reason.empty() ? "\n" : ": " + report.reason + "\n";
  for (const report::aggregate_sender::RecipientDelivery& posted : report.deliveries) {
    if (posted.delivery.status != DeliveryStatus::sent) {
      line += fmt::format("             {} to {}: {}\n",
                          report::mailer::format_delivery_status(posted.delivery.status),
                          posted.address, posted.delivery.reply);
    }
  }
  for (const report::recipients::IgnoredUri& ignored : report.ignored) {
    line += fmt::format("             not to {}: {}\n", ignored.uri, ignored.reason);
  }
  return line;
}

std::string format_sent_text(const std::vector<report::aggregate_sender::SendResult>& reports,
                             bool dry_run) {
  std::string text;
  for (const report::aggregate_sender::SendResult& report : reports) {
    if (report.outcome != SendOutcome::sent_before) {
      text += format_report_text(report);
    }
  }
  std::string total;
  for (const SendOutcome outcome : outcomes) {
    if (const auto count = count_of(reports, outcome); count != 0) {
      total += fmt::format("{}{} {}", total.empty() ? "" : ", ", count,
                           report::aggregate_sender::format_send_outcome(outcome));
    }
  }
  text += reports.empty() ? "no reports are due" : plural(reports.size(), "report") + ": " + total;
  return text + (dry_run ? " (a dry run)\n" : "\n");
}

std::string format_sent_json(const std::vector<report::aggregate_sender::SendResult>& reports,
                             bool dry_run) {
  Json list = Json::array();
  for (const report::aggregate_sender::SendResult& report : reports) {
    list.push_back(report_json(report));
  }
  Json totals = Json::object();
  for (const SendOutcome outcome : outcomes) {
    totals[std::string(report::aggregate_sender::format_send_outcome(outcome))] =
        count_of(reports, outcome);
  }
  const Json object = {
      {"dry_run", dry_run}, {"totals", std::move(totals)}, {"reports", std::move(list)}};
  return object.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace sekisho::tools
