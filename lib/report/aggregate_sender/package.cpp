#include "report/aggregate_sender/package.hpp"

#include "report/format/aggregate_writer.hpp"
#include "report/format/printable.hpp"
#include "report/mailer/gzip.hpp"
#include "report/mailer/mail_draft.hpp"
#include "report/recipients/destination.hpp"

#include <algorithm>
#include <utility>

namespace sekisho::report::aggregate_sender {

namespace {

std::string date_of(std::chrono::sys_seconds time) {
  const std::chrono::year_month_day date{std::chrono::floor<std::chrono::days>(time)};
  const auto two_digits = [](unsigned value) {
    return (value < 10 ? "-0" : "-") + std::to_string(value);
  };
  return std::to_string(static_cast<int>(date.year())) +
         two_digits(static_cast<unsigned>(date.month())) +
         two_digits(static_cast<unsigned>(date.day()));
}

const std::string& org_name_of(const ReportingOrganization& organization) {
  return organization.options.org_name.empty() ? organization.submitter.text()
                                               : organization.options.org_name;
}

std::string words_for_people(const ReportingOrganization& organization, const Package& package) {
  std::string text = "This is a DMARC aggregate report about mail from " + package.policy_domain +
                     "\nand the domains below it, as " + org_name_of(organization) +
                     " received it on " + date_of(package.period.begin) + " (UTC):\n" +
                     std::to_string(package.messages) +
                     (package.messages == 1 ? " message" : " messages") +
                     ". It is attached as compressed XML, and is sent since the\nDMARC record of " +
                     package.policy_domain +
                     " asks for it (rua=).\n\nContact: " + organization.options.email + '\n';
  if (!organization.options.extra_contact.empty()) {
    text += organization.options.extra_contact + '\n';
  }
  return text;
}

}  // namespace

std::expected<ReportingOrganization, std::string> make_reporting_organization(
    SendOptions options, std::string generator) {
  if (options.email.empty()) {
    return std::unexpected("report.email is not set: nobody would know whose reports these are");
  }
  const auto domain = mail::Domain::parse(options.email.substr(options.email.find('@') + 1));
  if (!recipients::is_plain_address(options.email) || !domain) {
    return std::unexpected("report.email is no address");
  }
  return ReportingOrganization{std::move(options), *domain, std::move(generator)};
}

bool has_domain_of(const std::vector<mail::Domain>& domains, const mail::Domain& domain) {
  return std::ranges::any_of(domains,
                             [&](const mail::Domain& listed) { return domain.is_within(listed); });
}

std::vector<std::string> record_errors(const store::ReportedDomain& reported,
                                       const std::vector<recipients::IgnoredUri>& ignored) {
  constexpr std::size_t most = 10;
  constexpr std::size_t max_uri = 200;
  std::vector<std::string> errors = reported.policy.errors;
  for (const recipients::IgnoredUri& uri : ignored) {
    if (!uri.temporary && errors.size() < most) {
      errors.push_back("rua=" + format::printable(uri.uri, max_uri) + ": " + uri.reason);
    }
  }
  return errors;
}

format::AggregateHeader header_of(const ReportingOrganization& organization,
                                  const store::ReportedDomain& reported, const SendResult& result,
                                  const ReportNames& names) {
  format::AggregateHeader header;
  header.form = result.form;
  header.metadata.org_name = org_name_of(organization);
  header.metadata.email = organization.options.email;
  header.metadata.extra_contact_info = organization.options.extra_contact;
  header.metadata.report_id = names.report_id;
  header.metadata.period = stated_period(result.period);
  header.metadata.errors = result.errors;
  header.metadata.generator = organization.generator;
  header.policy = reported.policy;
  return header;
}

std::expected<Package, store::StoreError> pack(store::Store& store,
                                               const ReportingOrganization& organization,
                                               const store::ReportedDomain& reported,
                                               const SendResult& result,
                                               const std::string& unique_id,
                                               const OnRecords& on_records) {
  constexpr std::uint64_t between_calls = 1'024;
  Package package;
  package.policy_domain = result.policy_domain;
  package.period = result.period;
  package.names = names_of(unique_id, organization.submitter, package.policy_domain, package.period,
                           result.form);
  mailer::GzipWriter gzip(organization.options.max_size);
  format::AggregateWriter writer(header_of(organization, reported, result, package.names),
                                 [&](std::string_view piece) { gzip.write(piece); });
  const auto read = store.records(package.policy_domain, package.period,
                                  [&](const format::AggregateRecord& record) {
                                    package.messages += record.count;
                                    if (++package.records % between_calls == 0 && on_records) {
                                      on_records(package.records);
                                    }
                                    if (!gzip.is_over_limit()) {
                                      writer.record(record);
                                    }
                                  });
  if (!read) {
    return std::unexpected(read.error());
  }
  writer.finish();
  package.xml_gz = gzip.finish();
  package.too_large = gzip.is_over_limit();
  return package;
}

std::expected<std::string, std::string> compose_report(const ReportingOrganization& organization,
                                                       const Package& package,
                                                       const std::vector<std::string>& to,
                                                       std::chrono::sys_seconds now) {
  return mailer::compose({.from_name = org_name_of(organization),
                          .from = organization.options.email,
                          .to = to,
                          .subject = package.names.subject,
                          .message_id = package.names.message_id,
                          .date = now,
                          .structure = mailer::Structure::mixed,
                          .parts = {{.type = "text/plain",
                                     .file_name = "",
                                     .content = words_for_people(organization, package)},
                                    {.type = "application/gzip",
                                     .file_name = package.names.file_name,
                                     .content = package.xml_gz}}});
}

}  // namespace sekisho::report::aggregate_sender
