// Sends the aggregate reports of a day: finds those that are due and their recipients, sends each
// once.
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

/// What a run uses. Store and mailer outlive the sender.
struct SenderServices {
  store::Store& store;
  std::shared_ptr<dns::Resolver> resolver;
  dmarc::Options dmarc;
  mailer::Mailer& mailer;  ///< If is_dry_run(), nothing is claimed, sent or stored.
  std::string host;        ///< Name of this host, for claims.
  std::function<std::chrono::sys_seconds()> clock;
};

/// Callbacks during a run. Each may be empty.
struct SenderEvents {
  /// A report is being made; `records` of it have been read so far.
  std::function<void(const std::string& policy_domain, std::uint64_t records)> on_progress;
  std::function<void(const Package&)> on_package;    ///< A report is ready to be sent.
  std::function<void(const SendResult&)> on_report;  ///< A report is finished.
};

/// Which reports of a day.
enum class Selection : std::uint8_t {
  all,
  unsent,  ///< Those not yet sent; the others are not passed to on_report.
  every,   ///< In a dry run: also makes those that were sent.
};

/// The UTC day.
[[nodiscard]] format::Period period_of(std::chrono::sys_days day);

/// Returns the last day whose reports may be made: options.delay has passed since its end.
[[nodiscard]] std::chrono::sys_days last_complete_day(const SendOptions& options,
                                                      std::chrono::sys_seconds now);

/// Not thread-safe.
class AggregateSender {
 public:
  AggregateSender(SenderServices services, ReportingOrganization organization, SenderEvents events);
  AggregateSender(const AggregateSender&) = delete;
  AggregateSender& operator=(const AggregateSender&) = delete;
  ~AggregateSender() = default;

  /// Returns the days before `last`, at most a week, that may have unsent reports: all days since
  /// the first run that sent reports. Empty if no report was ever sent.
  [[nodiscard]] std::expected<std::vector<std::chrono::sys_days>, store::StoreError>
  unfinished_days(std::chrono::sys_days last);

  /// Sends all reports of a day, or only the one about `domain`. Returns false if the smarthost
  /// cannot be reached: the run should end then. The error is the store's.
  [[nodiscard]] std::expected<bool, store::StoreError> send(std::chrono::sys_days day,
                                                            Selection selection = Selection::all,
                                                            const std::string& domain = {});

 private:
  using Done = std::expected<void, store::StoreError>;
  using Destinations = std::vector<recipients::Destination>;

  [[nodiscard]] bool is_dry_run() const { return services_.mailer.is_dry_run(); }
  [[nodiscard]] std::expected<std::map<std::string, store::SendClaim>, store::StoreError>
  claims_within(const format::Period& period);
  [[nodiscard]] Done send_report(const store::ReportedDomain& reported, SendResult& result);
  [[nodiscard]] Done send_claimed(const store::ReportedDomain& reported, store::SendClaim& claim,
                                  SendResult& result);
  [[nodiscard]] std::expected<Destinations, store::StoreError> destinations_for(
      const store::ReportedDomain& reported, SendResult& result);
  [[nodiscard]] format::Form form_for(const mail::Domain& domain,
                                      const Destinations& destinations) const;
  [[nodiscard]] std::expected<Package, store::StoreError> make_package(
      const store::ReportedDomain& reported, const std::string& report_id,
      const SendResult& result) const;
  [[nodiscard]] Done mail_package(const Package& package, const Destinations& destinations,
                                  const store::SendClaim& claim, SendResult& result);
  [[nodiscard]] Done finish(store::SendClaim& claim, const SendResult& result);
  void announce(const SendResult& result, Selection selection) const;

  SenderServices services_;
  ReportingOrganization organization_;
  SenderEvents events_;
  store::SendClaims claims_;
  store::RecipientState recipient_state_;
  RecipientSender recipient_sender_;  // has references to members above
};

}  // namespace sekisho::report::aggregate_sender
