// HTTPS requests to hosts that somebody else names. This is the only place that makes them.
//
// The name is resolved once, and the connection goes to an address of that answer: a name that
// changes between two questions leads nowhere else. Addresses of this host and of private networks
// are refused, and so are other ports than 443, redirects unless the caller allows them, proxies of
// the environment, and whatever is too large or too slow.
#pragma once

#include "dns/ip_address.hpp"
#include "dns/lookups.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <expected>
#include <string>
#include <string_view>
#include <vector>

namespace sekisho::fetch {

struct Options {
  std::size_t max_octets = 65'536;  ///< Of the body.
  std::chrono::seconds timeout{60};
  std::chrono::seconds connect_timeout{10};
  unsigned redirects = 0;      ///< That are followed, each checked like the first request.
  bool allow_private = false;  ///< Addresses of this host and of private networks, too.
  std::string authorities;     ///< File of certificates to trust; empty: those of the system.
};

enum class Fault : std::uint8_t {
  invalid_url,      ///< Not https://NAME/..., another port, a user name, an address.
  lookup_failed,    ///< The DNS did not answer.
  no_address,       ///< The name does not exist or has no address.
  refused_address,  ///< Only addresses that may not be connected to.
  connect_failed,
  timeout,
  certificate,  ///< Not valid for the name.
  tls_failed,
  redirected,  ///< More often than allowed.
  too_large,
  protocol,  ///< No HTTP answer.
};
[[nodiscard]] std::string_view format_fault(Fault fault);
/// Returns true if the host may work and only could not be reached from here.
[[nodiscard]] bool is_unreachable(Fault fault);

struct Failure {
  Fault fault = Fault::invalid_url;
  std::string detail;  ///< For people; may hold text of the other side.
};

struct Response {
  long status = 0;
  std::string content_type;  ///< As sent, any octets.
  std::string body;
  dns::IpAddress address;  ///< Of the server.
};

/// A URL that may be fetched.
struct Target {
  std::string host;  ///< In A-labels, lower case.
  std::string path;  ///< With the query, from the slash on.
};
[[nodiscard]] std::expected<Target, Fault> parse_url(std::string_view url);

/// The addresses of a name that a connection may go to: global ones, or all if `allow_private`.
[[nodiscard]] std::expected<std::vector<dns::IpAddress>, Failure> permitted_addresses(
    const dns::Lookups& lookups, const std::string& host, bool allow_private);

// These wait: they are not to be called on the network's thread, nor while a message waits.

[[nodiscard]] std::expected<Response, Failure> get(const dns::Lookups& lookups,
                                                   std::string_view url, const Options& options);

/// Sends a form (application/x-www-form-urlencoded). Follows no redirect.
[[nodiscard]] std::expected<Response, Failure> post_form(const dns::Lookups& lookups,
                                                         std::string_view url,
                                                         const std::string& form,
                                                         const Options& options);

/// Connects and verifies the certificate, and sends no request.
[[nodiscard]] std::expected<void, Failure> shake_hands(const dns::Lookups& lookups,
                                                       std::string_view url,
                                                       const Options& options);

}  // namespace sekisho::fetch
