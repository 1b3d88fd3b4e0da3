// The options of the smarthost, without libcurl, for rooms that only read options.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

namespace sekisho::report::mailer {

enum class Tls : std::uint8_t {
  never,
  offered,   ///< STARTTLS if offered; the certificate is not checked.
  required,  ///< Requires STARTTLS and a certificate for the smarthost's name.
};

struct SmtpOptions {
  std::string smarthost = "localhost:25";  ///< is_smarthost()
  Tls tls = Tls::offered;
  std::string helo;  ///< Name in EHLO; empty: the host name.
  std::chrono::seconds connect_timeout{30};
  std::chrono::seconds timeout{300};  ///< For one whole mail.
};

/// Returns true for HOST, HOST:PORT, [ADDRESS] or [ADDRESS]:PORT; IPv4 with or without brackets.
/// The default port is 25.
[[nodiscard]] bool is_smarthost(std::string_view text);

}  // namespace sekisho::report::mailer
