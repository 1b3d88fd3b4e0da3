#include "preflight/recipients.hpp"
#include "tools/preflight/shown_report.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include <fmt/core.h>

namespace sekisho::tools {

namespace {

using preflight::Level;

std::string painted(Level level, bool colour) {
  const std::string padded = fmt::format("{:<8}", preflight::format_level(level));
  if (!colour) {
    return padded;
  }
  const char* paint = level == Level::error     ? "\033[31m"
                      : level == Level::warning ? "\033[33m"
                                                : "\033[36m";
  return paint + padded + "\033[0m";
}

std::string counted(std::size_t count, std::string_view what) {
  return fmt::format("{} {}{}", count, what, count == 1 ? "" : "s");
}

std::size_t count_level(const preflight::Report& report, Level level) {
  return static_cast<std::size_t>(
      std::ranges::count(report.findings, level, &preflight::Finding::level));
}

std::string counts(const preflight::Report& report) {
  const std::size_t errors = count_level(report, Level::error);
  const std::size_t warnings = count_level(report, Level::warning);
  const std::size_t advice = count_level(report, Level::advice);
  std::string text = counted(errors, "error") + ", " + counted(warnings, "warning");
  return advice > 0 ? text + fmt::format(", {} advice", advice) : text;
}

std::string addressees(const std::vector<std::string>& recipients) {
  std::vector<std::string> told;
  for (const mail::Domain& domain : preflight::recipient_domains(recipients)) {
    if (std::ranges::find(told, domain.text()) == told.end()) {
      told.push_back(domain.text());
    }
  }
  std::string text;
  for (const std::string& domain : told) {
    text += (text.empty() ? " to " : ", ") + domain;
  }
  return text;
}

std::string codes_of(const preflight::ReceiverReply& reply) {
  std::string text = reply.code + (reply.enhanced.empty() ? "" : " " + reply.enhanced);
  if (text.empty()) {
    text = "no code";
  }
  if (reply.bulk_only) {
    text += " for bulk senders";
  }
  if (reply.temporary) {
    text += ", temporary";
  } else if (reply.temporary_first) {
    text += ", after temporary refusals";
  }
  return text;
}

void add_line(std::string& page, std::string_view name, std::string_view text) {
  page += fmt::format("{:8} {:<17} {}\n", "", name, text);
}

void add_receivers(std::string& page, const preflight::Finding& finding) {
  std::string_view told;
  for (const preflight::ReceiverReply& reply : finding.receivers) {
    if (reply.receiver == told) {
      continue;  // the first rule of a receiver counts
    }
    told = reply.receiver;
    add_line(page, reply.receiver,
             fmt::format("{}: {}{}", codes_of(reply), reply.text, reply.verified ? "" : " (?)"));
  }
}

std::string where_of(const preflight::Place& where) {
  if (where.line > 0) {
    return fmt::format("line {}{}{}: ", where.line, where.field.empty() ? "" : ", ", where.field);
  }
  return where.field.empty() ? "" : where.field + ": ";
}

void add_finding(std::string& page, const preflight::Finding& finding, bool colour) {
  page += fmt::format("{} {:<17} {}{}\n", painted(finding.level, colour),
                      preflight::format_id(finding.id), where_of(finding.where), finding.evidence);
  add_receivers(page, finding);
  add_line(
      page, "do",
      fmt::format("{} ({})", preflight::remedy_of(finding.id), preflight::source_of(finding.id)));
  if (!finding.publish.empty()) {
    add_line(page, "publish", finding.publish);
  }
}

void add_replies(std::string& page, const ShownPreflight& shown) {
  std::string uncertain;
  bool has_doubt = false;
  page += "\nwould be answered\n";
  for (const preflight::ReceiverVerdict& verdict : shown.report.replies) {
    if (!verdict.reply) {
      uncertain += (uncertain.empty() ? "" : ", ") + verdict.receiver;
      continue;
    }
    has_doubt = has_doubt || !verdict.reply->verified;
    page += fmt::format("  {:<10} {}{}\n", verdict.receiver, codes_of(*verdict.reply),
                        verdict.reply->verified ? "" : " (?)");
  }
  if (!uncertain.empty()) {
    page += fmt::format("  nothing certain by {}\n", uncertain);
  }
  page += fmt::format("receivers' rules of {}{}\n", shown.report.rules_date,
                      has_doubt ? "; (?): not verified at the receiver's own text" : "");
}

std::string with_commas(std::uint64_t number) {
  std::string text = std::to_string(number);
  for (std::size_t at = text.size(); at > 3; at -= 3) {
    text.insert(at - 3, 1, ',');
  }
  return text;
}

void add_volumes(std::string& page, const preflight::Report& report) {
  for (const preflight::Volume& volume : report.volumes) {
    page += fmt::format("sent to {} in 24 h by {}: {} of {}\n", volume.receiver, volume.author,
                        with_commas(volume.messages), with_commas(volume.limit));
  }
}

}  // namespace

std::string format_preflight_text(const ShownPreflight& shown, bool colour) {
  const preflight::Report& report = shown.report;
  std::string page =
      fmt::format("{}: {} mail of {}{}: {}\n", shown.message, preflight::format_kind(report.kind),
                  report.author ? report.author->text() : "an unknown author",
                  addressees(shown.recipients), counts(report));
  if (!report.findings.empty()) {
    page += '\n';
  }
  for (const preflight::Finding& finding : report.findings) {
    add_finding(page, finding, colour);
  }
  if (report.has_temporary_errors) {
    page += "\nthe DNS did not answer every question; some checks were not made\n";
  }
  if (!report.replies.empty()) {
    add_replies(page, shown);
  }
  add_volumes(page, report);
  if (shown.domain) {
    page += '\n' + format_domain_text(*shown.domain, checks_of_sending(), colour);
  }
  return page;
}

}  // namespace sekisho::tools
