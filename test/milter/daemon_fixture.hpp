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
struct DaemonFixture {
  /// `top` and `tables`: further lines of the configuration.
  explicit DaemonFixture(const std::string& zone_text = zone(), const std::string& top = {},
                         const std::string& tables = {});
  /// Fails the running test where the daemon's log has a sanitizer's report.
  ~DaemonFixture();
  DaemonFixture(const DaemonFixture&) = delete;
  DaemonFixture& operator=(const DaemonFixture&) = delete;

  /// Names for plain(): example.org passes SPF from 192.0.2.1 and has p=reject.
  static std::string zone();

  std::unique_ptr<DnsServer> dns;
  DaemonProcess daemon;
};

/// From alice@example.org, not signed.
[[nodiscard]] Message plain();

/// The header section of plain() was said: the body may follow, or the end.
[[nodiscard]] MilterClient begin_message(const DaemonFixture& fixture);

/// A message of test/data: `name` without its suffix, read from NAME.eml as an MTA would give it.
[[nodiscard]] Message message_from(const std::string& name);
/// The zone that goes with it, NAME.zone.
[[nodiscard]] std::string zone_from(const std::string& name);

/// The Authentication-Results field that was inserted at the top, folds opened; empty: none was.
[[nodiscard]] std::string results_in(const Outcome& outcome);

/// Fails the running test unless the daemon lives and judges a message as it should.
void check_serves(const DaemonFixture& fixture);

}  // namespace sekisho::test
