// Takes a report's mail to its addresses, each within what is good for it.
#pragma once

#include "report/aggregate_sender/options.hpp"
#include "report/aggregate_sender/send_result.hpp"
#include "report/mailer/mailer.hpp"
#include "report/recipients/destination.hpp"
#include "report/store/recipient_state.hpp"
#include "report/store/send_claims.hpp"

#include <chrono>
#include <functional>
#include <string>
#include <vector>

namespace sekisho::report::aggregate_sender {

/// Throws StoreFailure. What it is made of outlives it.
class Courier {
 public:
  /// `mailer` null: a dry run.
  Courier(store::Claims& claims, store::Addressees& addressees, mailer::Mailer* mailer,
          const SendOptions& options, const std::function<std::chrono::sys_seconds()>& clock)
      : claims_(claims),
        addressees_(addressees),
        mailer_(mailer),
        options_(options),
        clock_(clock) {}

  /// Takes those away that an earlier try of this report is done with, and those that refused what
  /// was sent before, as long as they are to be left alone.
  void choose(std::vector<recipients::Destination>& destinations, Report& report);

  /// To each address by itself, and what came of it is kept at once: a run that is cut short has at
  /// most one address get the report twice. The outcome is in report.posted, and in report.ignored
  /// where the mail is too large for an address. False: the claim is not ours any more, and what
  /// is left is for another run.
  [[nodiscard]] bool deliver(const std::vector<recipients::Destination>& destinations,
                             const std::string& mail, const store::Claim& claim, Report& report);

 private:
  [[nodiscard]] bool is_left_alone(const std::string& address, Report& report);
  [[nodiscard]] mailer::Delivery deliver_to(const std::string& address, const std::string& mail,
                                            const store::Claim& claim);
  void note(const std::string& address, mailer::DeliveryStatus status, std::chrono::sys_days day);
  void note_refusal(const std::string& address);

  store::Claims& claims_;
  store::Addressees& addressees_;
  mailer::Mailer* mailer_;
  const SendOptions& options_;
  const std::function<std::chrono::sys_seconds()>& clock_;
};

}  // namespace sekisho::report::aggregate_sender
