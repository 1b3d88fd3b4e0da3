// Sums up many reports by domain and source, and by day.
#pragma once

#include "dns/ip_address.hpp"
#include "report/format/aggregate_reader.hpp"
#include "report/format/feedback_report.hpp"
#include "report/format/identity.hpp"
#include "report/format/tls_report.hpp"

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

namespace sekisho::report::analysis {

/// Messages, counted by result. Sums saturate.
struct MessageCounts {
  std::uint64_t messages = 0;
  std::uint64_t pass = 0;  ///< DMARC: aligned by DKIM or by SPF.
  std::uint64_t dkim_aligned = 0;
  std::uint64_t spf_aligned = 0;
  std::uint64_t delivered = 0;  ///< Disposition none or pass.
  std::uint64_t quarantined = 0;
  std::uint64_t rejected = 0;
  std::uint64_t overridden = 0;  ///< With a reason why the policy was not applied.

  void add(const format::AggregateRecord& record);
  void add(const MessageCounts& other);
  [[nodiscard]] std::uint64_t fail() const { return messages - pass; }

  bool operator==(const MessageCounts&) const = default;
};

using Sources = std::map<dns::IpAddress, MessageCounts>;

/// Collects the records of one report until it is known to be valid.
class ReportCounts {
 public:
  /// Memory limit of one report: further sources are counted together.
  static constexpr std::size_t max_sources = 100'000;

  void add(const format::AggregateRecord& record);

 private:
  friend class Summary;
  struct Domain {
    Sources sources;
    MessageCounts others;
  };
  std::unordered_map<std::string, Domain> domains_;  // by header_from as the report has it
  std::size_t sources_ = 0;
};

struct DomainSummary {
  MessageCounts total;
  Sources sources;
  /// Sources beyond Summary::max_sources and ReportCounts::max_sources, counted together.
  MessageCounts other_sources;
  std::map<std::chrono::sys_days, MessageCounts> days;  ///< By the middle of each period.
  std::map<std::string, std::uint64_t> reporters;       ///< Messages that each reported.
  std::optional<format::PolicyPublished> policy;        ///< From the report that ends last.
  std::optional<std::chrono::sys_seconds> policy_time;
};

struct TlsSummary {
  std::uint64_t successful = 0;  ///< Sessions.
  std::uint64_t failed = 0;
  std::map<std::string, std::uint64_t> failures;   ///< Sessions by result type.
  std::map<std::string, std::uint64_t> reporters;  ///< Sessions that each reported.
};

/// Failure reports about one author domain, counted by reported messages.
struct FailureSummary {
  std::uint64_t messages = 0;
  std::map<std::string, std::uint64_t> failed;     ///< By what failed: dmarc, spf, bodyhash, ...
  std::map<std::string, std::uint64_t> sources;    ///< By address.
  std::map<std::string, std::uint64_t> reporters;  ///< By who reported.
};

class Summary {
 public:
  /// Limit of names chosen by reporters: further ones are counted under `others`.
  static constexpr const char* others = "(others)";
  static constexpr std::size_t max_names = 1'000;
  /// Limit for all domains together, since forged reports can contain any number of sources.
  static constexpr std::size_t max_sources = 1'000'000;
  static constexpr std::size_t max_shown_failures = 10'000;

  /// Return false if the report was added before (RFC 9990 §3.5.4); it is not added again.
  bool add(const format::AggregateHeader& header, ReportCounts tally);
  bool add(const format::TlsReport& report);
  bool add(const format::FeedbackReport& report);

  [[nodiscard]] const std::map<std::string, DomainSummary>& domains() const { return domains_; }
  [[nodiscard]] const std::map<std::string, TlsSummary>& tls() const { return tls_; }
  [[nodiscard]] const std::map<std::string, FailureSummary>& failures() const { return failures_; }
  /// Reports about single messages, each once.
  [[nodiscard]] const std::map<format::FeedbackType, std::uint64_t>& feedback() const {
    return feedback_;
  }
  [[nodiscard]] std::uint64_t failure_reports() const;
  /// The failure reports themselves, the first max_shown_failures of them.
  [[nodiscard]] const std::vector<format::FeedbackReport>& failure_details() const {
    return details_;
  }
  [[nodiscard]] const MessageCounts& total() const { return total_; }
  /// Aggregate reports and TLS reports.
  [[nodiscard]] std::uint64_t reports() const { return reports_; }
  [[nodiscard]] const std::optional<format::Period>& period() const { return period_; }

 private:
  bool is_new(std::string key);
  void merge(DomainSummary& domain, ReportCounts::Domain counted);
  void widen(const std::optional<format::Period>& period);

  std::map<std::string, DomainSummary> domains_;
  std::map<std::string, TlsSummary> tls_;
  std::map<std::string, FailureSummary> failures_;
  std::map<format::FeedbackType, std::uint64_t> feedback_;
  std::vector<format::FeedbackReport> details_;
  MessageCounts total_;
  std::uint64_t reports_ = 0;
  std::size_t sources_ = 0;
  std::optional<format::Period> period_;
  std::set<std::string> known_;
};

}  // namespace sekisho::report::analysis
