#include "report/format/printable.hpp"
#include "tools/report/read_report.hpp"
#include "tools/report/read_style.hpp"

#include <algorithm>
#include <limits>
#include <span>
#include <string_view>

#include <fmt/core.h>

namespace sekisho::tools {

namespace {

// Whatever comes from a report, a mail or the name of a file.
std::string escaped(std::string_view text) {
  std::string safe;
  for (const char c : report::format::printable(text, std::numeric_limits<std::size_t>::max())) {
    switch (c) {
      case '&':
        safe += "&amp;";
        break;
      case '<':
        safe += "&lt;";
        break;
      case '>':
        safe += "&gt;";
        break;
      case '"':
        safe += "&quot;";
        break;
      case '\'':
        safe += "&#39;";
        break;
      default:
        safe += c;
    }
  }
  return safe;
}

std::string_view plural(std::uint64_t count, std::string_view one, std::string_view many) {
  return count == 1 ? one : many;
}

// 1234567 as 1 234 567, with narrow blanks that do not break.
std::string grouped(std::uint64_t number) {
  const std::string digits = std::to_string(number);
  std::string text;
  for (std::size_t i = 0; i < digits.size(); ++i) {
    text += i != 0 && (digits.size() - i) % 3 == 0 ? "&#8239;" : "";
    text += digits[i];
  }
  return text;
}

/// Messages by what they passed by: the four parts of every bar.
struct Parts {
  std::uint64_t both = 0;
  std::uint64_t dkim = 0;
  std::uint64_t spf = 0;
  std::uint64_t fail = 0;
};

std::uint64_t difference(std::uint64_t a, std::uint64_t b) {
  return a < b ? 0 : a - b;
}

Parts parts_of(const report::analysis::MessageCounts& tally) {
  const std::uint64_t dkim_only = difference(tally.pass, tally.spf_aligned);
  const std::uint64_t spf_only = difference(tally.pass, tally.dkim_aligned);
  return {.both = difference(difference(tally.pass, dkim_only), spf_only),
          .dkim = dkim_only,
          .spf = spf_only,
          .fail = tally.fail()};
}

double percent(std::uint64_t part, std::uint64_t whole) {
  return whole == 0 ? 0.0 : 100.0 * static_cast<double>(part) / static_cast<double>(whole);
}

struct Segment {
  const char* style;
  const char* label;
  std::uint64_t Parts::* part;
};

constexpr Segment segments[] = {
    {"both", "aligned by DKIM and SPF", &Parts::both},
    {"dkim", "by DKIM alone", &Parts::dkim},
    {"spf", "by SPF alone", &Parts::spf},
    {"fail", "not aligned: fails DMARC", &Parts::fail},
};

std::string bar(const report::analysis::MessageCounts& tally) {
  const Parts parts = parts_of(tally);
  std::string text =
      fmt::format("<div class=\"bar\" role=\"img\" aria-label=\"{} of messages pass\">",
                  format_share(tally.pass, tally.messages));
  for (const Segment& segment : segments) {
    if (const std::uint64_t part = parts.*segment.part; part != 0) {
      text += fmt::format("<span class=\"{}\" style=\"width:{:.3f}%\" title=\"{}: {}\"></span>",
                          segment.style, percent(part, tally.messages), segment.label, part);
    }
  }
  return text + "</div>";
}

std::string legend(const report::analysis::MessageCounts& tally) {
  const Parts parts = parts_of(tally);
  std::string text = "<ul class=\"legend\">";
  for (const Segment& segment : segments) {
    text += fmt::format("<li><i class=\"{}\"></i>{} {}</li>", segment.style,
                        grouped(parts.*segment.part), segment.label);
  }
  return text + "</ul>\n";
}

/// Some days of a timeline in one column.
struct Column {
  std::chrono::sys_days first;
  std::chrono::sys_days last;
  report::analysis::MessageCounts tally;
};

// A column a day, or more days to a column where they would be too many to see.
std::vector<Column> columns_of(
    const std::map<std::chrono::sys_days, report::analysis::MessageCounts>& days) {
  constexpr std::int64_t max_columns = 62;
  const std::chrono::sys_days begin = days.begin()->first;
  const std::int64_t span = (days.rbegin()->first - begin).count() + 1;
  const std::int64_t width = (span + max_columns - 1) / max_columns;
  std::vector<Column> columns(static_cast<std::size_t>((span + width - 1) / width));
  for (std::size_t i = 0; i < columns.size(); ++i) {
    columns[i].first = begin + std::chrono::days(width) * static_cast<std::int64_t>(i);
    columns[i].last = columns[i].first + std::chrono::days(width - 1);
  }
  for (const auto& [day, tally] : days) {
    columns[static_cast<std::size_t>((day - begin).count() / width)].tally.add(tally);
  }
  return columns;
}

// Coordinates: 100 high; a column 10 wide, 8 of them drawn.
std::string column_svg(const Column& column, std::size_t place, std::uint64_t highest) {
  const Parts parts = parts_of(column.tally);
  const std::string when = column.first == column.last
                               ? format_day(column.first)
                               : format_day(column.first) + " to " + format_day(column.last);
  std::string text =
      fmt::format("<g><title>{}: {} {}, {} fail</title>", when, column.tally.messages,
                  plural(column.tally.messages, "message", "messages"), column.tally.fail());
  double top = 100.0;
  for (const Segment& segment : segments) {
    const double height = percent(parts.*segment.part, highest);
    if (height > 0) {
      top -= height;
      text +=
          fmt::format("<rect class=\"{}\" x=\"{}\" y=\"{:.3f}\" width=\"8\" height=\"{:.3f}\"/>",
                      segment.style, place * 10 + 1, top, height);
    }
  }
  return text + "</g>\n";
}

std::string timeline(const std::map<std::chrono::sys_days, report::analysis::MessageCounts>& days) {
  if (days.empty()) {
    return "";
  }
  // A few days should not become a few walls.
  constexpr std::size_t min_columns = 14;
  const std::vector<Column> columns = columns_of(days);
  const std::uint64_t highest = std::ranges::max(columns, {}, [](const Column& c) {
                                  return c.tally.messages;
                                }).tally.messages;
  std::string text = fmt::format(
      "<h3>Messages over time</h3>\n<svg viewBox=\"0 0 {} 100\" preserveAspectRatio=\"none\" "
      "role=\"img\" aria-label=\"Messages over time, at most {} in a column\">\n",
      std::max(columns.size(), min_columns) * 10, highest);
  for (std::size_t i = 0; i < columns.size(); ++i) {
    text += columns[i].tally.messages == 0 ? "" : column_svg(columns[i], i, highest);
  }
  return text + fmt::format(
                    "</svg>\n<div class=\"axis\"><span>{}</span><span>highest: {}</span>"
                    "<span>{}</span></div>\n",
                    format_day(columns.front().first), grouped(highest),
                    format_day(days.rbegin()->first));
}

std::string warned_cell(std::uint64_t number) {
  return fmt::format("<td{}>{}</td>", number == 0 ? "" : " class=\"bad\"", grouped(number));
}

std::string source_row(const FeedbackSource& source) {
  const report::analysis::MessageCounts& tally = source.tally;
  return fmt::format(
      "<tr class=\"row\"><td><code>{}</code></td><td class=\"name\">{}</td><td>{}</td><td>{}</td>"
      "{}<td>{}</td><td>{}</td><td>{}</td>{}{}</tr>\n",
      escaped(source.address.text()),
      source.name.empty() ? "<span class=\"faint\">no confirmed name</span>" : escaped(source.name),
      bar(tally), grouped(tally.messages), warned_cell(tally.fail()), grouped(tally.dkim_aligned),
      grouped(tally.spf_aligned), grouped(tally.delivered), warned_cell(tally.quarantined),
      warned_cell(tally.rejected));
}

std::string sources_table(const FeedbackDomain& domain, std::size_t max_sources) {
  const std::size_t all = domain.sources.size();
  const std::size_t shown = max_sources == 0 ? all : std::min(all, max_sources);
  std::string text =
      "<h3>Sources</h3>\n<div class=\"scroll\"><table><thead><tr><th scope=\"col\">Address</th>"
      "<th scope=\"col\" style=\"text-align:left\">Name</th><th></th><th scope=\"col\">Messages"
      "</th><th scope=\"col\">Fail</th><th scope=\"col\">DKIM</th><th scope=\"col\">SPF</th>"
      "<th scope=\"col\">Delivered</th><th scope=\"col\">Quarantined</th>"
      "<th scope=\"col\">Rejected</th></tr></thead>\n<tbody>\n";
  for (const FeedbackSource& source : std::span(domain.sources).first(shown)) {
    text += source_row(source);
  }
  text += "</tbody></table></div>\n";
  if (shown < all) {
    text += fmt::format("<p class=\"faint\">{} more sources are not shown.</p>\n",
                        grouped(all - shown));
  }
  return text;
}

std::string reporters_list(const std::map<std::string, std::uint64_t>& reporters) {
  constexpr std::size_t max_reporters = 20;
  std::string text;
  std::size_t shown = 0;
  for (const auto& [name, messages] : reporters) {
    if (shown++ == max_reporters) {
      return text + " and others";
    }
    text += fmt::format("{}{} ({})", text.empty() ? "" : ", ", escaped(name), grouped(messages));
  }
  return text;
}

std::string domain_section(const FeedbackDomain& domain,
                           const report::analysis::DomainSummary& summary,
                           std::size_t max_sources) {
  std::string text = "<section>\n<div class=\"head\"><h2>" + escaped(domain.name) + "</h2>";
  if (summary.policy) {
    text += "<span class=\"policy\">" + escaped(format_published(*summary.policy)) + "</span>";
  }
  text += fmt::format(
      "</div>\n<p>{} {}, {} pass; {} delivered, {} quarantined, {} rejected</p>\n",
      grouped(domain.total.messages), plural(domain.total.messages, "message", "messages"),
      format_share(domain.total.pass, domain.total.messages), grouped(domain.total.delivered),
      grouped(domain.total.quarantined), grouped(domain.total.rejected));
  text += bar(domain.total) + "\n" + legend(domain.total) + timeline(summary.days) +
          sources_table(domain, max_sources);
  if (const std::uint64_t others = summary.other_sources.messages; others != 0) {
    text += fmt::format(
        "<p class=\"faint\">{} messages are from sources beyond those told apart.</p>\n",
        grouped(others));
  }
  return text + "<p class=\"faint\">Reported by " + reporters_list(summary.reporters) +
         "</p>\n</section>\n";
}

std::string tls_section(const std::string& name, const report::analysis::TlsSummary& tls) {
  const std::uint64_t all = tls.successful + tls.failed;
  std::string text = fmt::format(
      "<section>\n<div class=\"head\"><h2>{}</h2><span class=\"policy\">TLS</span></div>\n<p>{} "
      "sessions, {} succeeded</p>\n<div class=\"bar\"><span class=\"both\" style=\"width:{:.3f}%\">"
      "</span><span class=\"fail\" style=\"width:{:.3f}%\"></span></div>\n<ul class=\"legend\">",
      escaped(name), grouped(all), format_share(tls.successful, all), percent(tls.successful, all),
      percent(tls.failed, all));
  for (const auto& [type, sessions] : tls.failures) {
    text += fmt::format("<li><i class=\"fail\"></i>{} {}</li>", grouped(sessions), escaped(type));
  }
  return text + "</ul>\n<p class=\"faint\">Reported by " + reporters_list(tls.reporters) +
         "</p>\n</section>\n";
}

std::string failures_section(const std::string& name,
                             const report::analysis::FailureSummary& failures) {
  return fmt::format(
      "<section>\n<div class=\"head\"><h2>{}</h2><span class=\"policy\">failure reports</span>"
      "</div>\n<p>{} {}: {}</p>\n<p>From {}</p>\n<p class=\"faint\">Reported by {}</p>\n"
      "</section>\n",
      escaped(name), grouped(failures.messages), plural(failures.messages, "message", "messages"),
      reporters_list(failures.failed), reporters_list(failures.sources),
      reporters_list(failures.reporters));
}

std::string card(std::string_view value, std::string_view label) {
  return fmt::format("<li><b>{}</b>{}</li>\n", value, label);
}

std::string cards(const Feedback& feedback) {
  const report::analysis::MessageCounts& total = feedback.summary.total();
  std::size_t sources = 0;
  for (const FeedbackDomain& domain : feedback.domains) {
    sources += domain.sources.size();
  }
  return "<ul class=\"cards\">\n" + card(grouped(total.messages), "messages") +
         card(format_share(total.pass, total.messages), "pass DMARC") +
         card(grouped(total.fail()), "fail") + card(grouped(total.rejected), "rejected") +
         card(grouped(sources), "sources") + card(grouped(feedback.summary.reports()), "reports") +
         "</ul>\n";
}

std::string problems_section(const Feedback& feedback) {
  if (feedback.problems.empty() && feedback.notes.counts().empty()) {
    return "";
  }
  std::string text = "<section>\n<h2>What could not be read, and what was odd</h2>\n";
  for (const FeedbackProblem& problem : feedback.problems) {
    text += "<p><code>" + escaped(problem.file) + "</code>: " + escaped(problem.text) + "</p>\n";
  }
  for (const auto& [note, reports] : feedback.notes.counts()) {
    text += fmt::format("<p>{} (reports: {})</p>\n", escaped(note), grouped(reports));
  }
  return text + "</section>\n";
}

}  // namespace

std::string format_feedback_html(const Feedback& feedback, std::size_t max_sources) {
  const auto& period = feedback.summary.period();
  std::string text =
      "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
      "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
      "style-src 'unsafe-inline'\">\n<title>DMARC feedback</title>\n<style>" +
      std::string(feedback_style) + "</style>\n</head>\n<body>\n<h1>DMARC feedback</h1>\n";
  text +=
      "<p class=\"faint\">" + (period ? format_days(*period) : "no period given") + ", UTC</p>\n";
  text += cards(feedback);
  for (const FeedbackDomain& domain : feedback.domains) {
    text += domain_section(domain, feedback.summary.domains().at(domain.name), max_sources);
  }
  for (const auto& [name, tls] : feedback.summary.tls()) {
    text += tls_section(name, tls);
  }
  for (const auto& [name, failures] : feedback.summary.failures()) {
    text += failures_section(name, failures);
  }
  text += problems_section(feedback);
  return text +
         "<footer>Made by sekisho. What reports say is what their senders say: nobody vouches for "
         "it.</footer>\n</body>\n</html>\n";
}

}  // namespace sekisho::tools
