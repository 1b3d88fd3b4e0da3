// Sends the reports of a period: which are due, to whom, once.
#pragma once

#include "dmarc/options.hpp"
#include "dns/resolver.hpp"
#include "report/post/mailer.hpp"
#include "report/post/recipients.hpp"
#include "report/send/package.hpp"
#include "report/store/addressees.hpp"
#include "report/store/claims.hpp"
#include "report/store/store.hpp"

#include <chrono>
#include <cstdint>
#include <expected>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace sekisho::report {

/// What came of one report.
enum class Outcome : std::uint8_t {
  sent,         ///< To one address at least.
  prepared,     ///< It would have been sent: a dry run.
  sent_before,  ///< By this host or another, now or earlier.
  excluded,     ///< Its domain is one of options.exclude_domains.
  nobody,       ///< No address that may get it and would take it.
  too_large,
  deferred,     ///< To be tried again: see the reason.
  unreachable,  ///< The smarthost does not take mail at all; the run ends here.
};
[[nodiscard]] std::string_view format_outcome(Outcome outcome);

/// What came of one address of a report. In a dry run nothing was delivered.
struct Posted {
  std::string address;
  Delivery delivery;
};

struct Report {
  std::string policy_domain;
  Period period;
  Outcome outcome = Outcome::nobody;
  std::string reason;  ///< For people; may be empty.
  std::uint64_t messages = 0;
  std::uint64_t records = 0;  ///< 0 where it was not made.
  std::size_t octets = 0;     ///< Of the mail.
  Form form = Form::rfc9990;
  std::string report_id;
  std::string file_name;
  std::vector<Posted> posted;
  std::vector<Ignored> ignored;  ///< Addresses or URIs that did not get it, and why.
};

struct SenderServices {
  Store* store = nullptr;
  std::shared_ptr<dns::Resolver> resolver;
  dmarc::Options dmarc;
  Mailer* mailer = nullptr;  ///< Null: a dry run. Nothing is claimed, sent or kept.
  std::string host;          ///< Ours, for claims.
  std::function<std::chrono::sys_seconds()> clock;
};

/// What a caller may want to know while a run goes on. Each may be empty.
struct SenderEvents {
  /// A report is at hand: `records` of it have been read so far.
  std::function<void(const std::string& policy_domain, std::uint64_t records)> on_progress;
  std::function<void(const Package&)> on_package;  ///< It is ready to be sent.
  std::function<void(const Report&)> on_report;    ///< It is done with.
};

/// Which of a day's reports.
enum class Selection : std::uint8_t {
  all,
  failed,  ///< Those that were tried and did not go out.
};

/// The UTC day.
[[nodiscard]] Period period_of(std::chrono::sys_days day);

/// The last day whose reports may be made: it is over, and options.delay besides.
[[nodiscard]] std::chrono::sys_days last_complete_day(const SendOptions& options,
                                                      std::chrono::sys_seconds now);

/// Of one thread.
class Sender {
 public:
  Sender(SenderServices services, Reporter reporter, SenderEvents events);

  /// All reports of a day, or that about `domain` alone. False: the smarthost cannot be reached,
  /// and to go on would be of no use. The error is the store's.
  [[nodiscard]] std::expected<bool, StoreError> send(std::chrono::sys_days day,
                                                     Selection selection = Selection::all,
                                                     const std::string& domain = {});

 private:
  /// Why an attempt ends: the store has failed. Thrown within, never out of send().
  struct StoreFailure {
    StoreError error;
  };
  template <typename T>
  static T checked(std::expected<T, StoreError> result);

  [[nodiscard]] bool is_dry_run() const { return services_.mailer == nullptr; }
  [[nodiscard]] std::map<std::string, Claim> claims_within(const Period& period);
  [[nodiscard]] bool is_wanted(const std::string& domain, Selection selection,
                               const std::map<std::string, Claim>& claims) const;
  void report_on(const ReportedDomain& reported, Report& report);
  void attempt_report(const ReportedDomain& reported, Claim& claim, Report& report);
  [[nodiscard]] std::vector<Destination> destinations_for(const ReportedDomain& reported,
                                                          Report& report);
  [[nodiscard]] bool leaves_alone(const std::string& address, Report& report);
  [[nodiscard]] Form form_for(const mail::Domain& domain,
                              const std::vector<Destination>& destinations) const;
  void post(const Package& package, const std::vector<Destination>& destinations,
            const Claim& claim, Report& report);
  void deliver_to(const std::vector<Destination>& destinations, const std::string& mail,
                  Report& report);
  [[nodiscard]] Delivery deliver(const std::string& address, const std::string& mail);
  void note(const std::string& address, DeliveryStatus status, std::chrono::sys_days day);
  void finish(Claim& claim, const Report& report);

  SenderServices services_;
  Reporter reporter_;
  SenderEvents events_;
  Claims claims_;
  Addressees addressees_;
};

}  // namespace sekisho::report
