// Sends mail by SMTP through one smarthost (RFC 5321, RFC 3207), with libcurl.
#pragma once

#include "report/mailer/mailer.hpp"
#include "report/mailer/smtp_options.hpp"

#include <memory>
#include <string>
#include <string_view>

namespace sekisho::report::mailer {

/// Not thread-safe. Keeps its session open from one mail to the next. If the smarthost refuses the
/// sender, the status is `unreachable`, since the recipient is not the cause.
class SmtpMailer final : public Mailer {
 public:
  explicit SmtpMailer(const SmtpOptions& options);
  ~SmtpMailer() override;

  [[nodiscard]] Delivery send(const std::string& sender, const std::string& recipient,
                              std::string_view mail) override;

 private:
  class Session;
  std::unique_ptr<Session> session_;
};

}  // namespace sekisho::report::mailer
