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

const std::string& org_name_of(const Reporter& reporter) {
  return reporter.options.org_name.empty() ? reporter.submitter.text() : reporter.options.org_name;
}

std::string words_for_people(const Reporter& reporter, const Package& package) {
  std::string text =
      "This is a DMARC aggregate report about mail from " + package.policy_domain +
      "\nand the domains below it, as " + org_name_of(reporter) + " received it on " +
      date_of(package.period.begin) + " (UTC):\n" + std::to_string(package.messages) +
      (package.messages == 1 ? " message" : " messages") +
      ". It is attached as compressed XML, and is sent since the\nDMARC record of " +
      package.policy_domain + " asks for it (rua=).\n\nContact: " + reporter.options.email + '\n';
  if (!reporter.options.extra_contact.empty()) {
    text += reporter.options.extra_contact + '\n';
  }
  return text;
}

}  // namespace

std::expected<Reporter, std::string> make_reporter(SendOptions options, std::string generator) {
  if (options.email.empty()) {
    return std::unexpected("report.email is not set: nobody would know whose reports these are");
  }
  const auto domain = mail::Domain::parse(options.email.substr(options.email.find('@') + 1));
  if (!recipients::is_plain_address(options.email) || !domain) {
    return std::unexpected("report.email is no address");
  }
  return Reporter{std::move(options), *domain, std::move(generator)};
}

bool has_domain_of(const std::vector<mail::Domain>& domains, const mail::Domain& domain) {
  return std::ranges::any_of(domains,
                             [&](const mail::Domain& listed) { return domain.is_within(listed); });
}

std::vector<std::string> record_errors(const store::ReportedDomain& reported,
                                       const std::vector<recipients::Ignored>& ignored) {
  constexpr std::size_t most = 10;
  constexpr std::size_t max_uri = 200;
  std::vector<std::string> errors = reported.policy.errors;
  for (const recipients::Ignored& uri : ignored) {
    if (!uri.temporary && errors.size() < most) {
      errors.push_back("rua=" + format::printable(uri.uri, max_uri) + ": " + uri.reason);
    }
  }
  return errors;
}

format::AggregateHeader header_of(const Reporter& reporter, const store::ReportedDomain& reported,
                                  const Report& report, const ReportNames& names) {
  format::AggregateHeader header;
  header.form = report.form;
  header.metadata.org_name = org_name_of(reporter);
  header.metadata.email = reporter.options.email;
  header.metadata.extra_contact_info = reporter.options.extra_contact;
  header.metadata.report_id = names.report_id;
  header.metadata.period = stated_period(report.period);
  header.metadata.errors = report.errors;
  header.metadata.generator = reporter.generator;
  header.policy = reported.policy;
  return header;
}

std::expected<Package, store::StoreError> pack(store::Store& store, const Reporter& reporter,
                                               const store::ReportedDomain& reported,
                                               const Report& report, const std::string& unique_id,
                                               const OnRecords& on_records) {
  constexpr std::uint64_t between_calls = 1'024;
  Package package;
  package.policy_domain = report.policy_domain;
  package.period = report.period;
  package.names =
      names_of(unique_id, reporter.submitter, package.policy_domain, package.period, report.form);
  mailer::GzipWriter gzip(reporter.options.max_size);
  format::AggregateWriter writer(header_of(reporter, reported, report, package.names),
                                 [&](std::string_view piece) { gzip.write(piece); });
  const auto read =
      store.records(package.policy_domain, package.period, [&](const format::Record& record) {
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

std::expected<std::string, std::string> compose_report(const Reporter& reporter,
                                                       const Package& package,
                                                       const std::vector<std::string>& to,
                                                       std::chrono::sys_seconds now) {
  return mailer::compose(
      {.from_name = org_name_of(reporter),
       .from = reporter.options.email,
       .to = to,
       .subject = package.names.subject,
       .message_id = package.names.message_id,
       .date = now,
       .structure = mailer::Structure::mixed,
       .parts = {
           {.type = "text/plain", .file_name = "", .content = words_for_people(reporter, package)},
           {.type = "application/gzip",
            .file_name = package.names.file_name,
            .content = package.xml_gz}}});
}

}  // namespace sekisho::report::aggregate_sender
