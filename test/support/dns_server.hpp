// A DNS server on loopback for tests that need real packets: UDP and TCP, answers from any
// Resolver (a ZoneFile, or a FakeResolver with its failures).
#pragma once

#include "dns/resolver.hpp"
#include "support/descriptor.hpp"

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <thread>

namespace sekisho::test {

/// Serves from construction on, on a port of 127.0.0.1 that the kernel chose. What the resolver
/// says becomes the response: `server_failure` SERVFAIL, `refused` REFUSED, `timeout` silence,
/// `malformed` a packet that is none. A response over 1232 octets is cut on UDP (RFC 6891).
class DnsServer {
 public:
  explicit DnsServer(std::shared_ptr<dns::Resolver> resolver);
  ~DnsServer();
  DnsServer(const DnsServer&) = delete;
  DnsServer& operator=(const DnsServer&) = delete;

  /// As the option dns.nameservers has it: `127.0.0.1:PORT`.
  [[nodiscard]] std::string address() const;
  /// Questions that came in so far.
  [[nodiscard]] std::size_t questions() const { return questions_; }

 private:
  void run();
  void serve_datagram();
  void serve_stream();
  /// The response to a packet; empty: none is to be sent.
  [[nodiscard]] std::string respond(std::string_view packet, std::size_t limit);

  std::shared_ptr<dns::Resolver> resolver_;
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
