#include "tools/report/read_report.hpp"

#include <string>
#include <string_view>

#include <fmt/core.h>

namespace sekisho::tools {

namespace {

// Names of domains and hosts only: they have no quotation marks. A spreadsheet would take what
// begins with one of these for a formula.
std::string cell(std::string_view text) {
  const bool is_formula = !text.empty() && std::string_view("=+-@").contains(text[0]);
  return (is_formula ? "'" : "") + std::string(text);
}

std::string line_of(const std::string& domain, std::string_view source, std::string_view name,
                    const report::analysis::MessageCounts& tally) {
  return fmt::format("{},{},{},{},{},{},{},{},{},{},{},{}\r\n", cell(domain), source, cell(name),
                     tally.messages, tally.pass, tally.fail(), tally.dkim_aligned,
                     tally.spf_aligned, tally.delivered, tally.quarantined, tally.rejected,
                     tally.overridden);
}

}  // namespace

std::string format_feedback_csv(const Feedback& feedback) {
  std::string text =
      "domain,source,name,messages,pass,fail,dkim_aligned,spf_aligned,delivered,quarantined,"
      "rejected,overridden\r\n";
  for (const FeedbackDomain& domain : feedback.domains) {
    for (const FeedbackSource& source : domain.sources) {
      text += line_of(domain.name, source.address.text(), source.name, source.tally);
    }
    const report::analysis::MessageCounts& others =
        feedback.summary.domains().at(domain.name).other_sources;
    if (others.messages != 0) {
      text += line_of(domain.name, "others", "", others);
    }
  }
  return text;
}

}  // namespace sekisho::tools
