// What the server of the one-click URL says (RFC 8058). A URL is called only on demand: the call
// takes somebody off a list.
#pragma once

#include "dns/lookups.hpp"
#include "fetch/https.hpp"
#include "preflight/report.hpp"

#include <optional>
#include <string>

namespace sekisho::tools {

struct UnsubscribeAnswer {
  bool is_posted = false;      ///< The URL was called; else only the certificate was looked at.
  std::optional<long> status;  ///< Of HTTP.
  std::optional<fetch::Fault> fault;
  std::string detail;  ///< Of the fault; may hold text of the other side.
};

/// Verifies the certificate of the URL's host, and sends no request.
[[nodiscard]] UnsubscribeAnswer look_at_unsubscribe_host(const dns::Lookups& lookups,
                                                         const std::string& uri,
                                                         const fetch::Options& options);

/// Unsubscribes (RFC 8058 §3.2).
[[nodiscard]] UnsubscribeAnswer post_unsubscribe(const dns::Lookups& lookups,
                                                 const std::string& uri,
                                                 const fetch::Options& options);

/// Adds unsub.tls if the button of the mail program would fail. A host that cannot be reached from
/// here is a temporary error.
void add_unsubscribe_answer(const UnsubscribeAnswer& answer, preflight::Report& report);

}  // namespace sekisho::tools
