#include "tools/check/advice.hpp"
#include "tools/check/report.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <string_view>

#include <fmt/core.h>

namespace sekisho::tools {

namespace {

class Page {
 public:
  explicit Page(bool colour) : colour_(colour) {}

  /// One finding: method, result and subject; below it, unless it is good, the reason and the
  /// advice as far as there are any.
  void finding(std::string_view method, std::string_view result, std::string_view subject,
               std::string_view reason, std::string_view advice = {}) {
    text_ += fmt::format("{:<12}  {}  {}\n", method, painted(result), subject);
    if (result != "pass" && result != "none") {
      below(reason);
      below(advice);
    }
  }

  void line(std::string_view name, std::string_view value) {
    text_ += fmt::format("{:<12}  {}\n", name, value);
  }
  void below(std::string_view text) {
    if (!text.empty()) {
      text_ += fmt::format("{:<24}  {}\n", "", text);
    }
  }
  void plain(std::string_view text) { text_ += text; }

  [[nodiscard]] std::string text() && { return std::move(text_); }

 private:
  [[nodiscard]] std::string painted(std::string_view result) const {
    const std::string padded = fmt::format("{:<10}", result);
    if (!colour_) {
      return padded;
    }
    const std::string_view good[] = {"pass", "accept"};
    const std::string_view bad[] = {"fail", "permerror", "reject", "policy"};
    const char* paint = std::ranges::count(good, result) > 0  ? "\033[32m"
                        : std::ranges::count(bad, result) > 0 ? "\033[31m"
                                                              : "\033[33m";
    return paint + padded + "\033[0m";
  }

  bool colour_;
  std::string text_;
};

std::string text_or(const std::optional<mail::Domain>& domain, const char* otherwise) {
  return domain ? domain->text() : otherwise;
}

void add_spf(Page& page, std::string_view method, const std::optional<spf::Result>& result) {
  if (!result) {
    return;
  }
  page.finding(method, spf::format_result_code(result->code), result->domain, result->reason,
               advice_for(*result));
  if (!result->explanation.empty()) {
    page.below("the domain explains: " + result->explanation);
  }
}

void add_dkim(Page& page, const findings::Findings& findings) {
  if (findings.dkim_checked && findings.dkim.empty()) {
    page.finding("dkim", "none", "not signed", "");
  }
  for (const dkim::Result& result : findings.dkim) {
    page.finding("dkim", dkim::format_result_code(result.code),
                 fmt::format("d={} s={} a={}", text_or(result.domain, "?"), result.selector,
                             result.algorithm),
                 result.reason, advice_for(result));
  }
}

void add_arc(Page& page, const findings::Findings& findings) {
  if (!findings.arc_checked || findings.arc.status == arc::ChainStatus::none) {
    return;
  }
  std::string chain;
  for (const arc::SealIdentity& sealer : findings.arc.sealers) {
    chain += (chain.empty() ? "sealed by " : ", ") + sealer.domain.text();
  }
  page.finding("arc", arc::format_chain_status(findings.arc.status), chain, findings.arc.reason);
}

void add_dmarc(Page& page, const std::optional<dmarc::Result>& result) {
  if (!result) {
    return;
  }
  std::string subject = "author domain " + text_or(result->author_domain, "unknown");
  if (result->record) {
    subject += fmt::format(", policy {} of {}", dmarc::format_policy(result->policy),
                           text_or(result->record_domain, "?"));
  }
  page.finding("dmarc", dmarc::format_result_code(result->code), subject, result->reason,
               advice_for(*result));
  if (result->code == dmarc::ResultCode::none) {
    page.below(result->reason);
  }
}

void add_disposition(Page& page, const policy::Disposition& disposition) {
  page.finding("disposition", policy::format_action(disposition.action), "", disposition.reason);
  const policy::Reply& reply = disposition.reply;
  std::string_view rest = reply.text;
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find('\n'), rest.size());
    page.below(fmt::format("{}{}{} {}", reply.code, end < rest.size() ? '-' : ' ', reply.enhanced,
                           rest.substr(0, end)));
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
}

}  // namespace

std::string format_text(const CheckReport& report, bool colour) {
  const findings::Findings& findings = report.findings;
  Page page(colour);
  if (findings.iprev) {
    page.finding("iprev", iprev::format_result_code(findings.iprev->code), findings.iprev->name,
                 findings.iprev->reason, advice_for(*findings.iprev));
  }
  add_spf(page, "spf helo", findings.spf_helo);
  add_spf(page, "spf mailfrom", findings.spf_mail_from);
  add_dkim(page, findings);
  add_arc(page, findings);
  add_dmarc(page, findings.dmarc);
  if (report.disposition) {
    add_disposition(page, *report.disposition);
  }
  for (const std::string& fault : findings.faults) {
    page.line("fault", fault);
  }
  for (const std::string& note : report.notes) {
    page.line("note", note);
  }
  page.plain("\nAuthentication-Results: " + report.authentication_results + "\n");
  return std::move(page).text();
}

}  // namespace sekisho::tools
