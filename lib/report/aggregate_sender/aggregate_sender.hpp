// Sends the reports of a period: which are due, to whom, once.
#pragma once

#include "dmarc/options.hpp"
#include "dns/resolver.hpp"
#include "report/aggregate_sender/package.hpp"
#include "report/aggregate_sender/recipient_sender.hpp"
#include "report/aggregate_sender/send_result.hpp"
#include "report/mailer/mailer.hpp"
#include "report/store/recipient_state.hpp"
#include "report/store/send_claims.hpp"
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

namespace sekisho::report::aggregate_sender {

struct SenderServices {
  store::Store* store = nullptr;
  std::shared_ptr<dns::Resolver> resolver;
  dmarc::Options dmarc;
  mailer::Mailer* mailer = nullptr;  ///< Null: a dry run. Nothing is claimed, sent or kept.
  std::string host;                  ///< Ours, for claims.
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
  unsent,  ///< Those that are still to go out; of the others nothing is told.
  every,   ///< In a dry run: those that were sent are made, too.
};

/// The UTC day.
[[nodiscard]] format::Period period_of(std::chrono::sys_days day);

/// The last day whose reports may be made: it is over, and options.delay besides.
[[nodiscard]] std::chrono::sys_days last_complete_day(const SendOptions& options,
                                                      std::chrono::sys_seconds now);

/// Of one thread.
class Sender {
 public:
  Sender(SenderServices services, Reporter reporter, SenderEvents events);
  Sender(const Sender&) = delete;
  Sender& operator=(const Sender&) = delete;
  ~Sender() = default;

  /// Days before `last`, a week of them at most, of which something may be left: all from the first
  /// on at whose reports anybody was. None where no report was ever sent.
  [[nodiscard]] std::expected<std::vector<std::chrono::sys_days>, store::StoreError>
  unfinished_days(std::chrono::sys_days last);

  /// All reports of a day, or that about `domain` alone. False: the smarthost cannot be reached,
  /// and to go on would be of no use. The error is the store's.
  [[nodiscard]] std::expected<bool, store::StoreError> send(std::chrono::sys_days day,
                                                            Selection selection = Selection::all,
                                                            const std::string& domain = {});

 private:
  [[nodiscard]] bool is_dry_run() const { return services_.mailer == nullptr; }
  [[nodiscard]] std::map<std::string, store::Claim> claims_within(const format::Period& period);
  void report_on(const store::ReportedDomain& reported, Report& report);
  void attempt_report(const store::ReportedDomain& reported, store::Claim& claim, Report& report);
  [[nodiscard]] std::vector<recipients::Destination> destinations_for(
      const store::ReportedDomain& reported, Report& report);
  [[nodiscard]] format::Form form_for(
      const mail::Domain& domain, const std::vector<recipients::Destination>& destinations) const;
  void post(const Package& package, const std::vector<recipients::Destination>& destinations,
            const store::Claim& claim, Report& report);
  void finish(store::Claim& claim, const Report& report);

  SenderServices services_;
  Reporter reporter_;
  SenderEvents events_;
  store::Claims claims_;
  store::Addressees addressees_;
  Courier courier_;  // knows those above
};

}  // namespace sekisho::report::aggregate_sender
