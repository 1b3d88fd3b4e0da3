// Mail out by SMTP, through one smarthost (RFC 5321, RFC 3207), by libcurl.
#pragma once

#include "report/post/mailer.hpp"

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace sekisho::report {

enum class Tls : std::uint8_t {
  never,
  offered,   ///< STARTTLS where it is offered; the certificate is not looked at.
  required,  ///< No mail without STARTTLS and a certificate for the smarthost's name.
};

struct SmtpOptions {
  std::string smarthost = "localhost:25";  ///< is_smarthost()
  Tls tls = Tls::offered;
  std::string helo;  ///< Our name in EHLO; empty: the host's.
  std::chrono::seconds connect_timeout{30};
  std::chrono::seconds timeout{300};  ///< For one mail as a whole.
};

/// HOST, HOST:PORT, [ADDRESS] or [ADDRESS]:PORT; IPv4 with or without brackets. The port is 25
/// where there is none.
[[nodiscard]] bool is_smarthost(std::string_view text);

/// Not thread-safe. Keeps its session open from one mail to the next. A sender whom the smarthost
/// does not take is `unreachable`: it is not the recipient's doing.
class SmtpMailer final : public Mailer {
 public:
  explicit SmtpMailer(const SmtpOptions& options);
  ~SmtpMailer() override;

  [[nodiscard]] Delivery deliver(const std::string& sender, const std::string& recipient,
                                 std::string_view mail) override;

 private:
  class Session;
  std::unique_ptr<Session> session_;
};

}  // namespace sekisho::report
