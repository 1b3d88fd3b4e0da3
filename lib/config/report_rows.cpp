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
struct Words<report::Tls> {
  static constexpr std::array<Word<report::Tls>, 3> all{{{"never", report::Tls::never},
                                                         {"offered", report::Tls::offered},
                                                         {"required", report::Tls::required}}};
};
template <>
struct Words<report::Form> {
  static constexpr std::array<Word<report::Form>, 2> all{
      {{"rfc9990", report::Form::rfc9990}, {"rfc7489", report::Form::rfc7489}}};
};

namespace {

std::optional<std::string> check_address(const std::string& text) {
  if (text.empty() || report::is_plain_address(text)) {
    return std::nullopt;
  }
  return "an address such as dmarc@example.org";
}

std::optional<std::string> check_addresses(const std::vector<std::string>& list) {
  if (std::ranges::all_of(list, report::is_plain_address)) {
    return std::nullopt;
  }
  return "addresses such as dmarc@example.org";
}

std::optional<std::string> check_smarthost(const std::string& text) {
  return report::is_smarthost(text)
             ? std::nullopt
             : std::optional<std::string>("HOST, HOST:PORT or [ADDRESS]:PORT");
}

}  // namespace

void add_report_rows(std::vector<Option>& table) {
  using std::chrono::hours;
  using std::chrono::milliseconds;
  table.push_back(row(
      "report.email", [](auto& o) -> auto& { return o.report.email; },
      "Address that reports come from and that answers questions about them; empty: none are sent.",
      Check<std::string>(check_address)));
  table.push_back(row(
      "report.org_name", [](auto& o) -> auto& { return o.report.org_name; },
      "Who reports; empty: the domain of report.email."));
  table.push_back(row(
      "report.extra_contact", [](auto& o) -> auto& { return o.report.extra_contact; },
      "Another way to reach who reports, a URL say."));
  table.push_back(row(
      "report.sender", [](auto& o) -> auto& { return o.report.sender; },
      "Sender of the envelope; empty: the null sender.", Check<std::string>(check_address)));
  table.push_back(row(
      "report.smarthost", [](auto& o) -> auto& { return o.report.smtp.smarthost; },
      "Mail server that takes the reports: HOST, HOST:PORT or [ADDRESS]:PORT.",
      Check<std::string>(check_smarthost)));
  table.push_back(row(
      "report.tls", [](auto& o) -> auto& { return o.report.smtp.tls; },
      "STARTTLS to the smarthost; where it is required, the certificate has to be right."));
  table.push_back(row(
      "report.form", [](auto& o) -> auto& { return o.report.form; },
      "The specification that reports follow."));
  table.push_back(row(
      "report.rfc7489_domains", [](auto& o) -> auto& { return o.report.rfc7489_domains; },
      "Domains, and those below, whose reports keep the form of RFC 7489."));
  table.push_back(row(
      "report.own_addresses", [](auto& o) -> auto& { return o.report.own_addresses; },
      "Where others' reports arrive, besides report.email: mail to these alone is not reported.",
      Check<std::vector<std::string>>(check_addresses)));
  table.push_back(row(
      "report.exclude_domains", [](auto& o) -> auto& { return o.report.exclude_domains; },
      "Domains, and those below, that get no reports."));
  table.push_back(row(
      "report.max_size", [](auto& o) -> auto& { return o.report.max_size; },
      "Octets of a mail with a report.", counts(10'000, 1'000'000'000)));
  table.push_back(row(
      "report.per_addressee_per_day",
      [](auto& o) -> auto& { return o.report.per_addressee_per_day; },
      "Reports to one address in a day.", counts(1, std::numeric_limits<std::int32_t>::max())));
  table.push_back(row(
      "report.delay", [](auto& o) -> auto& { return o.report.delay; },
      "How long after a day's end its reports may be made.",
      between<milliseconds>(milliseconds{0}, hours{24})));
}

}  // namespace sekisho::config
