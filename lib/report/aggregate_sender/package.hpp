// One report made from the store: its XML, compressed, and the mail that carries it.
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

/// What is the same in all of a run's reports.
struct ReportingOrganization {
  SendOptions options;
  mail::Domain submitter;  ///< The domain of options.email.
  std::string generator;   ///< Name and version of the program.
};

/// The error: there is no email, or it is none.
[[nodiscard]] std::expected<ReportingOrganization, std::string> make_reporting_organization(
    SendOptions options, std::string generator);

[[nodiscard]] bool has_domain_of(const std::vector<mail::Domain>& domains,
                                 const mail::Domain& domain);

/// What is wrong with a record that asks for reports there (RFC 9990 §3.1.5), in a few words: what
/// may be otherwise the next time is not among it.
[[nodiscard]] std::vector<std::string> record_errors(
    const store::ReportedDomain& reported, const std::vector<recipients::IgnoredUri>& ignored);

/// The report's header, ready to be written. Of `result`, policy domain, period, form and errors
/// are known.
[[nodiscard]] format::AggregateHeader header_of(const ReportingOrganization& organization,
                                                const store::ReportedDomain& reported,
                                                const SendResult& result, const ReportNames& names);

struct Package {
  std::string policy_domain;
  format::Period period;
  ReportNames names;
  std::string xml_gz;  ///< Empty where it is too large.
  bool too_large = false;
  std::uint64_t records = 0;
  std::uint64_t messages = 0;
};

/// Called with the records so far, now and then.
using OnRecords = std::function<void(std::uint64_t records)>;

/// Reads the store and compresses as it goes: memory grows with the compressed report alone, and
/// that is at most options.max_size.
[[nodiscard]] std::expected<Package, store::StoreError> pack(
    store::Store& store, const ReportingOrganization& organization,
    const store::ReportedDomain& reported, const SendResult& result, const std::string& unique_id,
    const OnRecords& on_records);

/// The mail with one part for people and one with the report (RFC 9990 §3.5.2).
[[nodiscard]] std::expected<std::string, std::string> compose_report(
    const ReportingOrganization& organization, const Package& package,
    const std::vector<std::string>& to, std::chrono::sys_seconds now);

}  // namespace sekisho::report::aggregate_sender
