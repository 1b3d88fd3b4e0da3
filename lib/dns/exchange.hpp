// One question put to one server: over UDP, and over TCP where the answer was cut.
#pragma once

#include "dns/transport.hpp"

#include <cstdint>
#include <expected>
#include <functional>
#include <memory>
#include <span>
#include <system_error>
#include <vector>

#include <asio/ip/tcp.hpp>
#include <asio/ip/udp.hpp>
#include <asio/steady_timer.hpp>

namespace sekisho::dns {

/// Belongs to the network thread. A fresh socket, and with it a fresh source port, and a fresh
/// random id each (RFC 5452 §9.2); the socket is connected, so that the kernel drops what other
/// addresses send. Sockets are closed as soon as there is a result.
class Exchange : public std::enable_shared_from_this<Exchange> {
 public:
  enum class Failure : std::uint8_t {
    silence,      ///< No answer within `attempt_timeout`.
    unreachable,  ///< The server's host refused, or no socket was to be had.
  };
  using Done = std::function<void(std::expected<Answer, Failure>)>;

  Exchange(Transport& transport, const Server& server, const Question& question);

  /// `done` is called once, never from within start().
  void start(Done done);
  /// `done` will not be called.
  void cancel();

 private:
  void arm_timer();
  std::error_code send_datagram();
  void await_datagram();
  void read_datagrams();
  void take_datagram(std::span<const std::uint8_t> packet);
  void start_tcp();
  void write_query();
  void read_length();
  void read_answer();
  void finish(std::expected<Answer, Failure> result);
  [[nodiscard]] bool is_done() const { return !done_; }

  Transport& transport_;
  Server server_;
  Question question_;
  std::uint16_t id_;
  std::vector<std::uint8_t> query_;   // behind the two octets of TCP's length
  std::vector<std::uint8_t> answer_;  // over TCP
  int foreign_ = 0;
  asio::ip::udp::socket udp_;
  asio::ip::tcp::socket tcp_;
  asio::steady_timer timer_;
  Done done_;
};

}  // namespace sekisho::dns
