// Who takes mail from us.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace sekisho::report::mailer {

enum class DeliveryStatus : std::uint8_t {
  sent,
  deferred,     ///< A reply of 4xx, or one that did not come: another time it may do.
  refused,      ///< A reply of 5xx to the address: it takes nothing.
  rejected,     ///< A reply of 5xx to the mail, for its size say: the next one may be taken.
  unreachable,  ///< No session with the smarthost: no other mail will get through, either.
};
[[nodiscard]] std::string_view format_delivery_status(DeliveryStatus status);

struct Delivery {
  DeliveryStatus status = DeliveryStatus::sent;
  std::string reply;  ///< The last reply, or what went wrong; printable.
};

class Mailer {
 public:
  Mailer() = default;
  Mailer(const Mailer&) = delete;
  Mailer& operator=(const Mailer&) = delete;
  virtual ~Mailer() = default;

  /// `sender` "": the null sender. Both addresses are is_plain_address(); `mail` has CRLF. Waits.
  [[nodiscard]] virtual Delivery deliver(const std::string& sender, const std::string& recipient,
                                         std::string_view mail) = 0;
};

}  // namespace sekisho::report::mailer
