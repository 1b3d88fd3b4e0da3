// Takes a report's mail to its addresses, each within what is good for it.
#pragma once

#include "report/post/destination.hpp"
#include "report/post/mailer.hpp"
#include "report/send/options.hpp"
#include "report/send/outcome.hpp"
#include "report/store/addressees.hpp"

#include <chrono>
#include <functional>
#include <string>
#include <vector>

namespace sekisho::report {

/// Throws StoreFailure. What it is made of outlives it.
class Courier {
 public:
  /// `mailer` null: a dry run.
  Courier(Addressees& addressees, Mailer* mailer, const SendOptions& options,
          const std::function<std::chrono::sys_seconds()>& clock)
      : addressees_(addressees), mailer_(mailer), options_(options), clock_(clock) {}

  /// Takes those away that refused what was sent before, as long as they are to be left alone.
  void leave_alone(std::vector<Destination>& destinations, Report& report);

  /// To each address by itself. What came of it is in report.posted, and in report.ignored where
  /// the mail is too large for an address.
  void deliver(const std::vector<Destination>& destinations, const std::string& mail,
               Report& report);

 private:
  [[nodiscard]] bool is_left_alone(const std::string& address, Report& report);
  [[nodiscard]] Delivery deliver_to(const std::string& address, const std::string& mail);
  void note(const std::string& address, DeliveryStatus status, std::chrono::sys_days day);
  void note_refusal(const std::string& address);

  Addressees& addressees_;
  Mailer* mailer_;
  const SendOptions& options_;
  const std::function<std::chrono::sys_seconds()>& clock_;
};

}  // namespace sekisho::report
