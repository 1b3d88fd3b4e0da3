// A daemon with its DNS, and messages to send through it.
#pragma once

#include "milter/daemon_process.hpp"
#include "milter/milter_client.hpp"
#include "support/dns_server.hpp"

#include <memory>
#include <string>
#include <string_view>

namespace sekisho::test {

/// sekishod as `mx.example.net`, which asks a DNS server of its own.
struct Gate {
  /// `top` and `tables`: further lines of the configuration.
  explicit Gate(const std::string& zone_text = zone(), const std::string& top = {},
                const std::string& tables = {});
  /// Fails the running test where the daemon's log has a sanitizer's report.
  ~Gate();
  Gate(const Gate&) = delete;
  Gate& operator=(const Gate&) = delete;

  /// Names for plain(): example.org passes SPF from 192.0.2.1 and has p=reject.
  static std::string zone();

  std::unique_ptr<DnsServer> dns;
  DaemonProcess daemon;
};

/// From alice@example.org, not signed.
[[nodiscard]] Message plain();

/// The header section of plain() was said: the body may follow, or the end.
[[nodiscard]] MilterClient begin_message(const Gate& gate);

/// A message of test/data: `name` without its suffix, read from NAME.eml as an MTA would give it.
[[nodiscard]] Message message_from(const std::string& name);
/// The zone that goes with it, NAME.zone.
[[nodiscard]] std::string zone_from(const std::string& name);

/// The Authentication-Results field that was inserted at the top, folds opened; empty: none was.
[[nodiscard]] std::string results_in(const Outcome& outcome);

/// Fails the running test unless the daemon lives and judges a message as it should.
void check_serves(const Gate& gate);

}  // namespace sekisho::test
