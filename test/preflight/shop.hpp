// A shop that sends mail, its zone, and messages of it with one defect each.
#pragma once

#include "dkim/signing_key.hpp"
#include "preflight/examination.hpp"
#include "support/fake_resolver.hpp"

#include <cstddef>
#include <memory>
#include <string>

namespace sekisho::test {

/// Personal mail of shop.example without any fault, lines ended by CRLF. At 2026-12-01 09:30 UTC.
extern const std::string clean_message;
/// A newsletter with one-click unsubscription, without any fault.
extern const std::string clean_newsletter;

/// `text` with its first `from` changed; it must be there. An empty `from` puts `to` on top.
[[nodiscard]] std::string changed(std::string text, const std::string& from, const std::string& to);

/// The records of shop.example: it sends from 203.0.113.5 and 2001:db8::5, mail.shop.example.
[[nodiscard]] std::shared_ptr<FakeResolver> shop_zone();

[[nodiscard]] const preflight::ReceiverRules& shop_rules();

/// How a message leaves the shop, and who judges it.
struct Departure {
  std::shared_ptr<FakeResolver> zone = shop_zone();
  preflight::Request request;
  bool is_signed = true;
  std::string signed_fields;            ///< With blanks between; empty: the signer's choice.
  std::string domain = "shop.example";  ///< d=
  bool is_simple = false;
  std::chrono::sys_seconds now;
  std::chrono::sys_seconds signed_at;
  std::size_t chunk = 0;  ///< Octets fed at a time; 0: all.

  Departure();
};

/// The report on `message`, signed first if the departure says so.
[[nodiscard]] preflight::Report examine(const std::string& message, const Departure& departure);

/// The ids of all findings, each once and in alphabetical order, with blanks between.
[[nodiscard]] std::string ids_of(const preflight::Report& report);
/// The same of one level.
[[nodiscard]] std::string ids_of(const preflight::Report& report, preflight::Level level);

}  // namespace sekisho::test
