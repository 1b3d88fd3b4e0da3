#include "report/format/identity.hpp"

#include "mail/domain.hpp"
#include "report/format/printable.hpp"

#include <cstddef>
#include <string_view>

namespace sekisho::report::format {

namespace {

// Of an id: it is part of a key, in which PostgreSQL has room for 2704 octets.
constexpr std::size_t max_id = 1'000;

std::string id_of(const std::string& report_id, const std::string& digest) {
  return report_id.empty() ? digest : printable(report_id, max_id);
}

std::int64_t begin_of(const std::optional<Period>& period) {
  return period ? period->begin.time_since_epoch().count() : 0;
}

std::string name_of_reporter(std::string_view organization, std::string_view contact) {
  constexpr std::size_t max_name = 100;
  contact.remove_prefix(contact.rfind('@') + 1);  // npos + 1 is 0: all of it
  const std::string_view name = organization.empty() ? contact : organization;
  return name.empty() ? "(unnamed)" : printable(name, max_name);
}

}  // namespace

// Control characters are in no printable() text, so they keep the fields apart.
std::string ReportIdentity::key() const {
  return domain + '\x1f' + reporter + '\x1f' + id + '\x1f' + std::to_string(begin);
}

ReportIdentity identity_of(const AggregateHeader& header) {
  const auto domain = mail::Domain::parse(header.policy.domain);
  return {.domain = domain ? domain->text() : no_domain,
          .reporter = reporter_of(header.metadata),
          .id = id_of(header.metadata.report_id, header.digest),
          .begin = begin_of(header.metadata.period)};
}

ReportIdentity identity_of(const TlsReport& report) {
  return {.domain = "",
          .reporter = reporter_of(report),
          .id = id_of(report.report_id, report.digest),
          .begin = begin_of(report.period)};
}

std::string reporter_of(const Metadata& metadata) {
  return name_of_reporter(metadata.org_name, metadata.email);
}

std::string reporter_of(const TlsReport& report) {
  return name_of_reporter(report.organization_name, report.contact_info);
}

}  // namespace sekisho::report::format
