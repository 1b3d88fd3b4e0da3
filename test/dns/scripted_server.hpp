// A name server on loopback that answers, or misbehaves, as a test tells it.
#pragma once

#include "dns/packet.hpp"
#include "dns/stub_resolver.hpp"
#include "guarded.hpp"

#include <cstdint>
#include <functional>
#include <thread>
#include <utility>
#include <vector>

#include <sys/socket.h>

namespace sekisho::dns {

struct Query {
  std::uint16_t id = 0;
  std::uint16_t flags = 0;
  Question question;
  bool over_tcp = false;

  /// A response to it, without records.
  [[nodiscard]] Packet reply() const { return Packet::reply_to(id, question); }
  [[nodiscard]] Octets found(std::vector<WireRecord> answers) const {
    Packet packet = reply();
    packet.answers = std::move(answers);
    return packet.wire();
  }
  [[nodiscard]] Octets failed(std::uint16_t code) const {
    Packet packet = reply();
    packet.flags = static_cast<std::uint16_t>(packet.flags | code);
    return packet.wire();
  }
};

struct Reaction {
  std::vector<Octets> packets;  ///< Over TCP: each in its frame; none closes the connection.
  bool from_stranger = false;   ///< Datagrams come from another address than they were sent to.
};

/// One thread; `react` runs on it, and may sleep.
class ScriptedServer {
 public:
  using React = std::function<Reaction(const Query&)>;

  explicit ScriptedServer(React react);
  ScriptedServer(const ScriptedServer&) = delete;
  ScriptedServer& operator=(const ScriptedServer&) = delete;
  ~ScriptedServer();

  [[nodiscard]] Server address() const { return {IpAddress::v4({127, 0, 0, 1}), port_}; }
  /// What arrived, and from which ports.
  [[nodiscard]] std::vector<Query> queries() { return *queries_.lock(); }
  [[nodiscard]] std::vector<std::uint16_t> client_ports() { return *client_ports_.lock(); }

 private:
  void run();
  void serve_datagram();
  void serve_connection();
  Reaction react_to(const Octets& packet, bool over_tcp);

  React react_;
  int udp_ = -1;
  int tcp_ = -1;
  int stranger_ = -1;
  int stop_[2] = {-1, -1};
  std::uint16_t port_ = 0;
  Guarded<std::vector<Query>> queries_;
  Guarded<std::vector<std::uint16_t>> client_ports_;
  std::thread thread_;
};

/// A port of 127.0.0.1 where nobody listens.
[[nodiscard]] Server dead_server();

}  // namespace sekisho::dns
