// What many reports say together: per domain and source, per day.
#pragma once

#include "dns/ip_address.hpp"
#include "report/aggregate_reader.hpp"
#include "report/tls_report.hpp"

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>

namespace sekisho::report {

/// Messages, counted by how they fared. Sums stop at the largest number that there is.
struct Tally {
  std::uint64_t messages = 0;
  std::uint64_t pass = 0;  ///< DMARC: aligned by DKIM or by SPF.
  std::uint64_t dkim_aligned = 0;
  std::uint64_t spf_aligned = 0;
  std::uint64_t delivered = 0;  ///< Disposition none or pass.
  std::uint64_t quarantined = 0;
  std::uint64_t rejected = 0;
  std::uint64_t overridden = 0;  ///< With a reason why the policy was not applied.

  void add(const Record& record);
  void add(const Tally& other);
  [[nodiscard]] std::uint64_t fail() const { return messages - pass; }

  bool operator==(const Tally&) const = default;
};

using Sources = std::map<dns::IpAddress, Tally>;

/// The records of one report, as long as it is not known whether it ends well.
class ReportTally {
 public:
  void add(const Record& record);

 private:
  friend class Summary;
  std::unordered_map<std::string, Sources> domains_;  // by header_from as the report has it
};

struct DomainSummary {
  Tally total;
  Sources sources;
  Tally other_sources;                          ///< Of those beyond Summary::max_sources, together.
  std::map<std::chrono::sys_days, Tally> days;  ///< By the middle of the reports' periods.
  std::map<std::string, std::uint64_t> reporters;  ///< Messages that each reported.
  std::optional<PolicyPublished> policy;           ///< That of the report whose period ends last.
  std::optional<std::chrono::sys_seconds> policy_time;
};

struct TlsSummary {
  std::uint64_t successful = 0;  ///< Sessions.
  std::uint64_t failed = 0;
  std::map<std::string, std::uint64_t> failures;   ///< Sessions by result type.
  std::map<std::string, std::uint64_t> reporters;  ///< Sessions that each reported.
};

class Summary {
 public:
  /// What stands for a domain that is none.
  static constexpr const char* no_domain = "(no domain)";
  /// Of names that reports choose: those beyond are counted under this one.
  static constexpr const char* others = "(others)";
  static constexpr std::size_t max_names = 1'000;
  /// Of all domains together: who makes up reports makes up sources, too.
  static constexpr std::size_t max_sources = 1'000'000;

  /// False: the report is one that was added before (RFC 9990 §3.5.4), and was not added again.
  bool add(const AggregateHeader& header, ReportTally tally);
  bool add(const TlsReport& report);

  [[nodiscard]] const std::map<std::string, DomainSummary>& domains() const { return domains_; }
  [[nodiscard]] const std::map<std::string, TlsSummary>& tls() const { return tls_; }
  [[nodiscard]] const Tally& total() const { return total_; }
  [[nodiscard]] std::uint64_t reports() const { return reports_; }
  [[nodiscard]] const std::optional<Period>& period() const { return period_; }

 private:
  bool is_new(std::string key);
  void merge(DomainSummary& domain, Sources sources);
  void widen(const std::optional<Period>& period);

  std::map<std::string, DomainSummary> domains_;
  std::map<std::string, TlsSummary> tls_;
  Tally total_;
  std::uint64_t reports_ = 0;
  std::size_t sources_ = 0;
  std::optional<Period> period_;
  std::set<std::string> known_;
};

/// For people: who sent a report.
[[nodiscard]] std::string reporter_of(const Metadata& metadata);

}  // namespace sekisho::report
