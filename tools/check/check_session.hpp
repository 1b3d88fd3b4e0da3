// The options that say who sent a message and how it is verified, and the session that they make.
#pragma once

#include "checkpoint/services.hpp"
#include "checkpoint/session.hpp"
#include "tools/cli/command_line.hpp"
#include "tools/cli/dns_options.hpp"
#include "tools/cli/refusal.hpp"

#include <cstdint>
#include <expected>
#include <memory>
#include <optional>
#include <string>

namespace sekisho::tools {

struct SessionArguments {
  std::string config;
  std::string ip;
  std::string helo;
  std::string mail_from;
  std::string tls;  ///< A version as Postfix and Sendmail write it; empty: not encrypted.
  DnsArguments dns;
  double dns_timeout = 0;  ///< Seconds; 0: as configured.
  std::optional<std::int64_t> now;
  std::string authserv_id;
  std::string spf_engine;
  bool explain = false;  ///< Keep every look-up, with its times.
};

void add_session_options(Command& command, SessionArguments& arguments);

/// A session in which MAIL was said.
struct CheckSession {
  std::shared_ptr<const checkpoint::Services> services;
  checkpoint::Session session;
};
[[nodiscard]] std::expected<CheckSession, Refusal> open_check_session(
    const SessionArguments& arguments);

}  // namespace sekisho::tools
