// Section [report].
#include "config/option_row.hpp"
#include "report/recipients/destination.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <limits>
#include <string>
#include <vector>

namespace sekisho::config {

template <>
struct Words<report::mailer::Tls> {
  static constexpr std::array<Word<report::mailer::Tls>, 3> all{
      {{"never", report::mailer::Tls::never},
       {"offered", report::mailer::Tls::offered},
       {"required", report::mailer::Tls::required}}};
};
template <>
struct Words<report::format::Form> {
  static constexpr std::array<Word<report::format::Form>, 2> all{
      {{"rfc9990", report::format::Form::rfc9990}, {"rfc7489", report::format::Form::rfc7489}}};
};

namespace {

std::optional<std::string> check_address(const std::string& text) {
  if (text.empty() || report::recipients::is_plain_address(text)) {
    return std::nullopt;
  }
  return "an address such as dmarc@example.org";
}

std::optional<std::string> check_addresses(const std::vector<std::string>& list) {
  if (std::ranges::all_of(list, report::recipients::is_plain_address)) {
    return std::nullopt;
  }
  return "addresses such as dmarc@example.org";
}

std::optional<std::string> check_smarthost(const std::string& text) {
  return report::mailer::is_smarthost(text)
             ? std::nullopt
             : std::optional<std::string>("HOST, HOST:PORT or [ADDRESS]:PORT");
}

}  // namespace

void add_report_rows(std::vector<Option>& table) {
  using std::chrono::hours;
  using std::chrono::milliseconds;
  table.push_back(row(
      "report.email", [](auto& o) -> auto& { return o.report.email; },
      "Sender address of reports, and contact for questions; empty: no reports are sent.",
      Check<std::string>(check_address)));
  table.push_back(row(
      "report.org_name", [](auto& o) -> auto& { return o.report.org_name; },
      "Name of the reporting organization; empty: the domain of report.email."));
  table.push_back(row(
      "report.extra_contact", [](auto& o) -> auto& { return o.report.extra_contact; },
      "Additional contact information, such as a URL."));
  table.push_back(row(
      "report.sender", [](auto& o) -> auto& { return o.report.sender; },
      "Envelope sender of reports; empty: the null sender.", Check<std::string>(check_address)));
  table.push_back(row(
      "report.smarthost", [](auto& o) -> auto& { return o.report.smtp.smarthost; },
      "Mail server to which reports are submitted: HOST, HOST:PORT or [ADDRESS]:PORT.",
      Check<std::string>(check_smarthost)));
  table.push_back(row(
      "report.tls", [](auto& o) -> auto& { return o.report.smtp.tls; },
      "Use of STARTTLS to the smarthost; \"required\" also verifies the certificate."));
  table.push_back(
      row("report.form", [](auto& o) -> auto& { return o.report.form; }, "Format of the reports."));
  table.push_back(row(
      "report.rfc7489_domains", [](auto& o) -> auto& { return o.report.rfc7489_domains; },
      "Domains, with their subdomains, whose reports have the format of RFC 7489."));
  table.push_back(row(
      "report.own_addresses", [](auto& o) -> auto& { return o.report.own_addresses; },
      "Addresses that receive reports, besides report.email; mail addressed only to these is not "
      "reported.",
      Check<std::vector<std::string>>(check_addresses)));
  table.push_back(row(
      "report.exclude_domains", [](auto& o) -> auto& { return o.report.exclude_domains; },
      "Domains, with their subdomains, that get no reports."));
  table.push_back(row(
      "report.max_size", [](auto& o) -> auto& { return o.report.max_size; },
      "Maximum size of a mail with a report, in octets.", counts(10'000, 1'000'000'000)));
  table.push_back(row(
      "report.per_addressee_per_day",
      [](auto& o) -> auto& { return o.report.per_addressee_per_day; },
      "Maximum number of reports to one address per day.",
      counts(1, std::numeric_limits<std::int32_t>::max())));
  table.push_back(row(
      "report.delay", [](auto& o) -> auto& { return o.report.delay; },
      "Minimum time between the end of a day and its reports.",
      between<milliseconds>(milliseconds{0}, hours{24})));
}

}  // namespace sekisho::config
