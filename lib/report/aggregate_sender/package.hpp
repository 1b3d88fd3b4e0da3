// Makes one report from the store: its compressed XML, and the mail that carries it.
#pragma once

#include "mail/domain.hpp"
#include "report/aggregate_sender/options.hpp"
#include "report/aggregate_sender/report_names.hpp"
#include "report/aggregate_sender/send_result.hpp"
#include "report/format/aggregate.hpp"
#include "report/format/period.hpp"
#include "report/recipients/recipients.hpp"
#include "report/store/store.hpp"

#include <cstdint>
#include <expected>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace sekisho::report::aggregate_sender {

/// What all reports of a run have in common.
struct ReportingOrganization {
  SendOptions options;
  mail::Domain submitter;  ///< The domain of options.email.
  std::string generator;   ///< Name and version of the program.
};

/// Returns an error if options.email is empty or not valid.
[[nodiscard]] std::expected<ReportingOrganization, std::string> make_reporting_organization(
    SendOptions options, std::string generator);

[[nodiscard]] bool has_domain_of(const std::vector<mail::Domain>& domains,
                                 const mail::Domain& domain);

/// Returns the errors of a record that requests reports (RFC 9990 §3.1.5), in a few words, without
/// temporary ones.
[[nodiscard]] std::vector<std::string> record_errors(
    const store::ReportedDomain& reported, const std::vector<recipients::IgnoredUri>& ignored);

/// Returns the header of the report. `result` has policy domain, period, form and errors.
[[nodiscard]] format::AggregateHeader header_of(const ReportingOrganization& organization,
                                                const store::ReportedDomain& reported,
                                                const SendResult& result, const ReportNames& names);

struct Package {
  std::string policy_domain;
  format::Period period;
  ReportNames names;
  std::string xml_gz;  ///< Empty if too large.
  bool too_large = false;
  std::uint64_t records = 0;
  std::uint64_t messages = 0;
};

/// Called repeatedly with the number of records so far.
using OnRecords = std::function<void(std::uint64_t records)>;

/// Reads the store and compresses the report: memory grows only with the compressed report, which
/// is limited by options.max_size.
[[nodiscard]] std::expected<Package, store::StoreError> pack(
    store::Store& store, const ReportingOrganization& organization,
    const store::ReportedDomain& reported, const SendResult& result, const std::string& unique_id,
    const OnRecords& on_records);

/// Returns the mail, with a text for people and the report (RFC 9990 §3.5.2).
[[nodiscard]] std::expected<std::string, std::string> compose_report(
    const ReportingOrganization& organization, const Package& package,
    const std::vector<std::string>& to, std::chrono::sys_seconds now);

}  // namespace sekisho::report::aggregate_sender
