#include "tools/report/read_report.hpp"

#include <algorithm>
#include <string_view>

#include <fmt/core.h>

namespace sekisho::tools {

namespace {

constexpr const char* good = "\033[32m";
constexpr const char* bad = "\033[31m";
constexpr const char* strong = "\033[1m";
constexpr std::size_t max_reporters = 5;

class Sheet {
 public:
  explicit Sheet(bool colour) : colour_(colour) {}

  void add(std::string_view text) { text_ += text; }

  /// Text that is padded to its column already.
  [[nodiscard]] std::string painted(const char* paint, std::string text) const {
    return colour_ ? paint + std::move(text) + "\033[0m" : std::move(text);
  }
  /// A number that is bad news unless it is nought.
  [[nodiscard]] std::string warned(std::uint64_t number, int width) const {
    std::string text = fmt::format("{:>{}}", number, width);
    return number == 0 ? text : painted(bad, std::move(text));
  }

  [[nodiscard]] std::string take() && { return std::move(text_); }

 private:
  bool colour_;
  std::string text_;
};

std::string plural(std::uint64_t count, std::string_view one, std::string_view many) {
  return fmt::format("{} {}", count, count == 1 ? one : many);
}

std::string reporters_text(const std::map<std::string, std::uint64_t>& reporters) {
  std::vector<std::pair<std::uint64_t, std::string>> sorted;
  for (const auto& [name, messages] : reporters) {
    sorted.emplace_back(messages, name);
  }
  std::ranges::sort(sorted, std::greater{}, &std::pair<std::uint64_t, std::string>::first);
  std::string text;
  for (std::size_t i = 0; i < std::min(sorted.size(), max_reporters); ++i) {
    text += fmt::format("{}{} ({})", i == 0 ? "" : ", ", sorted[i].second, sorted[i].first);
  }
  if (sorted.size() > max_reporters) {
    text += fmt::format(" and {} more", sorted.size() - max_reporters);
  }
  return text;
}

void add_source(Sheet& sheet, const FeedbackSource& source) {
  const report::analysis::MessageCounts& tally = source.tally;
  sheet.add(fmt::format("  {:>9} {:>9} {} {:>9} {:>9} {:>9} {} {}  {:<24} {}\n", tally.messages,
                        tally.pass, sheet.warned(tally.fail(), 9), tally.dkim_aligned,
                        tally.spf_aligned, tally.delivered, sheet.warned(tally.quarantined, 9),
                        sheet.warned(tally.rejected, 9), source.address.text(),
                        source.name.empty() ? "-" : source.name));
}

void add_sources(Sheet& sheet, const FeedbackDomain& domain, std::size_t max_sources) {
  sheet.add(fmt::format("\n  {:>9} {:>9} {:>9} {:>9} {:>9} {:>9} {:>9} {:>9}  {:<24} {}\n",
                        "messages", "pass", "fail", "dkim", "spf", "delivered", "quarant.",
                        "rejected", "source", "name"));
  const std::size_t all = domain.sources.size();
  const std::size_t shown = max_sources == 0 ? all : std::min(all, max_sources);
  std::ranges::for_each(domain.sources.begin(),
                        domain.sources.begin() + static_cast<std::ptrdiff_t>(shown),
                        [&](const FeedbackSource& source) { add_source(sheet, source); });
  report::analysis::MessageCounts rest;
  std::ranges::for_each(domain.sources.begin() + static_cast<std::ptrdiff_t>(shown),
                        domain.sources.end(),
                        [&](const FeedbackSource& source) { rest.add(source.tally); });
  if (shown < all) {
    sheet.add(fmt::format("  {:>9} {:>9} {} from {} (--sources 0 shows all)\n", rest.messages,
                          rest.pass, sheet.warned(rest.fail(), 9),
                          plural(all - shown, "more source", "more sources")));
  }
}

void add_other_sources(Sheet& sheet, const report::analysis::MessageCounts& others) {
  if (others.messages != 0) {
    sheet.add(fmt::format("  {:>9} {:>9} {} from sources beyond those told apart\n",
                          others.messages, others.pass, sheet.warned(others.fail(), 9)));
  }
}

void add_domain(Sheet& sheet, const FeedbackDomain& domain,
                const report::analysis::DomainSummary& summary, std::size_t max_sources) {
  const report::analysis::MessageCounts& total = domain.total;
  sheet.add(sheet.painted(strong, domain.name));
  if (summary.policy) {
    sheet.add("  " + format_published(*summary.policy));
  }
  sheet.add(fmt::format(
      "\n  {}, {} pass ({}), {} fail; {} delivered, {} quarantined, {} rejected",
      plural(total.messages, "message", "messages"), total.pass,
      sheet.painted(total.fail() == 0 ? good : bad, format_share(total.pass, total.messages)),
      total.fail(), total.delivered, total.quarantined, total.rejected));
  if (total.overridden != 0) {
    sheet.add(fmt::format(", {} with the policy overridden", total.overridden));
  }
  sheet.add("\n  reported by " + reporters_text(summary.reporters) + "\n");
  add_sources(sheet, domain, max_sources);
  add_other_sources(sheet, summary.other_sources);
  sheet.add("\n");
}

void add_tls(Sheet& sheet, const std::string& name, const report::analysis::TlsSummary& tls) {
  const std::uint64_t all = tls.successful + tls.failed;
  sheet.add(sheet.painted(strong, name) + "  TLS\n");
  sheet.add(fmt::format(
      "  {}, {} succeeded ({}), {} failed\n", plural(all, "session", "sessions"), tls.successful,
      sheet.painted(tls.failed == 0 ? good : bad, format_share(tls.successful, all)), tls.failed));
  for (const auto& [type, sessions] : tls.failures) {
    sheet.add(fmt::format("  {} {}\n", sheet.warned(sessions, 9), type));
  }
  sheet.add("  reported by " + reporters_text(tls.reporters) + "\n\n");
}

std::string counts_text(const std::map<std::string, std::uint64_t>& counts) {
  std::string text;
  for (const auto& [name, count] : counts) {
    text += fmt::format("{}{} ({})", text.empty() ? "" : ", ", name, count);
  }
  return text;
}

void add_failures(Sheet& sheet, const std::string& name,
                  const report::analysis::FailureSummary& failures) {
  sheet.add(sheet.painted(strong, name) + "  failure reports\n");
  sheet.add(fmt::format("  {}: {}\n", plural(failures.messages, "message", "messages"),
                        counts_text(failures.failed)));
  sheet.add("  from " + reporters_text(failures.sources) + "\n");
  sheet.add("  reported by " + reporters_text(failures.reporters) + "\n\n");
}

std::string or_dash(const std::string& text) {
  return text.empty() ? "-" : text;
}

void add_details(Sheet& sheet, const report::format::FeedbackReport& report) {
  const report::format::FeedbackReport::Personal& personal = report.personal;
  sheet.add(fmt::format("  {}  {}  {}  {}\n", or_dash(report.arrival_date),
                        report.source ? report.source->text() : "-", or_dash(report.auth_failure),
                        or_dash(report.delivery_result)));
  sheet.add(fmt::format("    from {}, by {}, to {}\n    {}  {}\n", or_dash(personal.from),
                        or_dash(personal.mail_from), or_dash(personal.to),
                        or_dash(personal.message_id), personal.subject));
}

void add_all_details(Sheet& sheet, const report::analysis::Summary& summary) {
  if (summary.failure_details().empty()) {
    return;
  }
  sheet.add("messages that failed: arrival, source, what failed, what was done\n");
  for (const report::format::FeedbackReport& report : summary.failure_details()) {
    add_details(sheet, report);
  }
  sheet.add("\n");
}

std::string feedback_counts(const report::analysis::Summary& summary) {
  std::string text;
  for (const auto& [type, count] : summary.feedback()) {
    const bool is_failure = type == report::format::FeedbackType::auth_failure;
    const std::string name =
        (is_failure ? "failure" : std::string(report::format::format_feedback_type(type))) +
        " report";
    text += ", " + plural(count, name, name + "s");
  }
  return text;
}

void add_end(Sheet& sheet, const Feedback& feedback) {
  std::string line = plural(feedback.summary.reports(), "report", "reports");
  if (feedback.summary.period()) {
    line += ", " + format_days(*feedback.summary.period());
  }
  line += feedback_counts(feedback.summary);
  if (feedback.duplicates != 0) {
    line += ", " + plural(feedback.duplicates, "duplicate", "duplicates") + " left out";
  }
  if (feedback.other_mails != 0) {
    line += ", " + plural(feedback.other_mails, "mail", "mails") + " without a report";
  }
  sheet.add(line + "\n");
  for (const auto& [note, reports] : feedback.notes.counts()) {
    sheet.add(fmt::format("note: {} ({})\n", note, plural(reports, "report", "reports")));
  }
}

}  // namespace

std::string format_feedback_text(const Feedback& feedback, const FeedbackTextOptions& options) {
  Sheet sheet(options.colour);
  for (const FeedbackDomain& domain : feedback.domains) {
    add_domain(sheet, domain, feedback.summary.domains().at(domain.name), options.max_sources);
  }
  for (const auto& [name, tls] : feedback.summary.tls()) {
    add_tls(sheet, name, tls);
  }
  for (const auto& [name, failures] : feedback.summary.failures()) {
    add_failures(sheet, name, failures);
  }
  if (options.personal) {
    add_all_details(sheet, feedback.summary);
  }
  add_end(sheet, feedback);
  return std::move(sheet).take();
}

}  // namespace sekisho::tools
