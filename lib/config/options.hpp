// Every option of Sekisho as one typed value. The rooms declare their own options and defaults;
// this puts them together.
#pragma once

#include "arc/validator.hpp"
#include "dkim/verifier.hpp"
#include "dmarc/evaluate.hpp"
#include "dns/stub_resolver.hpp"
#include "policy/decide.hpp"
#include "spf/check_host.hpp"

#include <chrono>
#include <cstddef>
#include <string>

namespace sekisho::config {

struct Limits {
  std::size_t header_octets = 1'048'576;  ///< Of the whole header section.
  std::size_t header_fields = 10'000;
  std::size_t addresses = 1'000;   ///< In a From field.
  std::size_t comment_depth = 50;  ///< In address fields.
  std::size_t lookups = 300;       ///< DNS questions a message may cause.
};

/// Section [arc].
struct Arc {
  arc::Options validate;
};

enum class LogTarget { standard_error, syslog };

struct Options {
  std::string
      socket;  ///< `unix:PATH`, `inet:PORT@HOST`, `inet6:PORT@HOST`, `fd:N`; the daemon needs it.
  std::string authserv_id;  ///< RFC 8601 §2.5; empty: the host's name.
  LogTarget log_target = LogTarget::standard_error;
  std::chrono::milliseconds message_timeout{
      8'000};  ///< For all look-ups of a message; below Sendmail's 10 s.
  std::chrono::milliseconds stop_timeout{30'000};  ///< For messages under way when told to stop.
  bool header_comments = false;                    ///< Comments in Authentication-Results.
  dns::Options dns;
  spf::Options spf;
  dkim::VerifyOptions dkim;
  Arc arc;
  dmarc::Options dmarc;
  policy::Options policy;
  Limits limits;
};

}  // namespace sekisho::config
