// A DNS server on loopback for tests that need real packets: UDP and TCP, answers from any
// Resolver (a ZoneFile, or a FakeResolver with its failures).
#pragma once

#include "dns/resolver.hpp"
#include "support/descriptor.hpp"

#include <atomic>
#include <chrono>
#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <string_view>
#include <thread>

#include <netinet/in.h>

namespace sekisho::test {

struct DnsServerOptions {
  std::string host = "127.0.0.1";      ///< An IPv4 address of this host.
  std::uint16_t port = 0;              ///< 0: the kernel chooses.
  std::chrono::milliseconds delay{0};  ///< Before each answer over UDP.
  std::uint16_t negative_ttl = 0;      ///< Seconds, of an SOA with negative answers; 0: none.
};

/// Serves from construction on. What the resolver
/// says becomes the response: `server_failure` SERVFAIL, `refused` REFUSED, `timeout` silence,
/// `malformed` a packet that is none. A response over 1232 octets is cut on UDP (RFC 6891).
class DnsServer {
 public:
  explicit DnsServer(std::shared_ptr<dns::Resolver> resolver, const DnsServerOptions& options = {});
  ~DnsServer();
  DnsServer(const DnsServer&) = delete;
  DnsServer& operator=(const DnsServer&) = delete;

  /// As the option dns.nameservers has it: `HOST:PORT`.
  [[nodiscard]] std::string address() const;
  /// Questions that came in so far.
  [[nodiscard]] std::size_t questions() const { return questions_; }

 private:
  struct Held {
    std::chrono::steady_clock::time_point due;
    sockaddr_in peer;
    std::string response;
  };
  void run();
  void serve_datagrams();
  /// How long until the next answer that is held is due, in milliseconds, at most `longest`.
  [[nodiscard]] int time_until_due(int longest) const;
  void send_what_is_due();
  void serve_stream();
  /// The response to a packet; empty: none is to be sent.
  [[nodiscard]] std::string respond(std::string_view packet, std::size_t limit);

  std::shared_ptr<dns::Resolver> resolver_;
  std::string host_;
  std::chrono::milliseconds delay_;
  std::uint16_t negative_ttl_;
  std::deque<Held> held_;  // by time, since all wait alike
  Descriptor datagrams_;
  Descriptor streams_;
  std::uint16_t port_ = 0;
  std::atomic<std::size_t> questions_ = 0;
  std::atomic<bool> stopping_ = false;
  std::thread thread_;
};

/// A server for the text of a master file. Throws where it cannot be read.
[[nodiscard]] std::unique_ptr<DnsServer> serve_zone(std::string_view zone);

}  // namespace sekisho::test
