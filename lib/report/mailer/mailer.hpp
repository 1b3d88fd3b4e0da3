// Interface of whatever accepts our mail, and its dry run.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace sekisho::report::mailer {

enum class DeliveryStatus : std::uint8_t {
  sent,
  deferred,     ///< A 4xx reply, or none: may be tried again.
  refused,      ///< A 5xx reply to the address: it accepts no mail.
  rejected,     ///< A 5xx reply to this mail, for example for its size: another may be accepted.
  unreachable,  ///< No session with the smarthost: no other mail can be sent, either.
};
[[nodiscard]] std::string_view format_delivery_status(DeliveryStatus status);

struct Delivery {
  DeliveryStatus status = DeliveryStatus::sent;
  std::string reply;  ///< The last reply, or the error; printable.
};

class Mailer {
 public:
  Mailer() = default;
  Mailer(const Mailer&) = delete;
  Mailer& operator=(const Mailer&) = delete;
  virtual ~Mailer() = default;

  /// Returns true if send() only pretends: callers then change nothing that outlives the run.
  [[nodiscard]] virtual bool is_dry_run() const { return false; }

  /// Sends one mail, and waits for the reply. `sender` "" is the null sender. Both addresses are
  /// is_plain_address(); `mail` has CRLF.
  [[nodiscard]] virtual Delivery send(const std::string& sender, const std::string& recipient,
                                      std::string_view mail) = 0;
};

/// Sends nothing: each mail counts as sent.
class DryRunMailer final : public Mailer {
 public:
  [[nodiscard]] bool is_dry_run() const override { return true; }
  [[nodiscard]] Delivery send(const std::string& /*sender*/, const std::string& /*recipient*/,
                              std::string_view /*mail*/) override {
    return {};
  }
};

}  // namespace sekisho::report::mailer
