// The smarthost that takes our mail, as the configuration says it: without libcurl, for those who
// only read options.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

namespace sekisho::report::mailer {

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

}  // namespace sekisho::report::mailer
