// A TCP connection with a deadline, which becomes TLS on demand.
#pragma once

#include "c_ptr.hpp"
#include "dns/ip_address.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <expected>
#include <string>
#include <string_view>

#include <openssl/ssl.h>

namespace sekisho::smtp_probe {

using TlsContext = CPtr<SSL_CTX, &SSL_CTX_free>;
using Tls = CPtr<SSL, &SSL_free>;
using Deadline = std::chrono::steady_clock::time_point;

/// A line of more octets ends the connection, and so do more lines in a reply.
inline constexpr std::size_t max_line = 2'048;
inline constexpr std::size_t max_lines = 100;

/// An SMTP reply: its code, and its lines without the code.
struct Reply {
  int code = 0;
  std::string text;  ///< Lines joined with LF; any octets.
};

class Connection {
 public:
  /// The error is for people.
  [[nodiscard]] static std::expected<Connection, std::string> open(const dns::IpAddress& address,
                                                                   std::uint16_t port,
                                                                   Deadline deadline);
  Connection(Connection&& other) noexcept;
  Connection& operator=(Connection&&) = delete;
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;
  ~Connection();

  [[nodiscard]] std::expected<Reply, std::string> read_reply();
  [[nodiscard]] std::expected<Reply, std::string> command(std::string_view line);
  /// Makes the handshake. What came before it unencrypted is dropped (RFC 3207 §4.2).
  [[nodiscard]] std::expected<void, std::string> start_tls(Tls tls);
  /// Null before start_tls().
  [[nodiscard]] SSL* tls() const { return tls_.get(); }

 private:
  Connection(int socket, Deadline deadline) : socket_(socket), deadline_(deadline) {}
  [[nodiscard]] std::expected<std::string, std::string> read_line();
  [[nodiscard]] std::expected<void, std::string> write(std::string_view data);
  /// Waits until the socket can be read or written; false at the deadline.
  [[nodiscard]] bool wait(short events) const;
  /// After an SSL function that did not succeed: waits, or says why it cannot go on.
  [[nodiscard]] std::expected<void, std::string> wait_for_tls(int result) const;

  int socket_ = -1;
  Deadline deadline_;
  Tls tls_;
  std::string buffer_;
};

}  // namespace sekisho::smtp_probe
