#include "dns/scripted_server.hpp"

#include <array>
#include <stdexcept>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace sekisho::dns {

namespace {

sockaddr_in loopback(std::uint16_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}

// Or -1, where the port is taken.
int bound_socket(int type, std::uint16_t port) {
  const int fd = socket(AF_INET, type | SOCK_CLOEXEC, 0);
  const sockaddr_in address = loopback(port);
  if (bind(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    close(fd);
    return -1;
  }
  return fd;
}

std::uint16_t port_of(int fd) {
  sockaddr_in address{};
  socklen_t size = sizeof address;
  getsockname(fd, reinterpret_cast<sockaddr*>(&address), &size);
  return ntohs(address.sin_port);
}

bool read_exactly(int fd, Octets& octets, std::size_t size) {
  octets.resize(size);
  return recv(fd, octets.data(), size, MSG_WAITALL) == static_cast<ssize_t>(size);
}

Query read_query(const Octets& packet, bool over_tcp) {
  WireReader reader{packet};
  Query query;
  query.over_tcp = over_tcp;
  query.id = reader.u16();
  query.flags = reader.u16();
  reader.skip(8);
  query.question.name = reader.name().value_or("?");
  query.question.type = type_of_number(reader.u16()).value_or(RecordType::a);
  return query;
}

}  // namespace

ScriptedServer::ScriptedServer(React react) : react_(std::move(react)) {
  while (tcp_ < 0) {
    close(udp_);
    udp_ = bound_socket(SOCK_DGRAM, 0);
    port_ = port_of(udp_);
    tcp_ = bound_socket(SOCK_STREAM, port_);
  }
  const int buffer = 1 << 20;
  setsockopt(udp_, SOL_SOCKET, SO_RCVBUF, &buffer, sizeof buffer);
  stranger_ = bound_socket(SOCK_DGRAM, 0);
  if (listen(tcp_, 64) != 0 || stranger_ < 0 || pipe(stop_) != 0) {
    throw std::runtime_error("no server for the test");
  }
  thread_ = std::thread([this] { run(); });
}

ScriptedServer::~ScriptedServer() {
  close(stop_[1]);
  thread_.join();
  for (const int fd : {udp_, tcp_, stranger_, stop_[0]}) {
    close(fd);
  }
}

void ScriptedServer::run() {
  while (true) {
    std::array<pollfd, 3> polled{pollfd{udp_, POLLIN, 0}, pollfd{tcp_, POLLIN, 0},
                                 pollfd{stop_[0], POLLIN, 0}};
    poll(polled.data(), polled.size(), -1);
    if (polled[2].revents != 0) {
      return;
    }
    if (polled[0].revents != 0) {
      serve_datagram();
    }
    if (polled[1].revents != 0) {
      serve_connection();
    }
  }
}

Reaction ScriptedServer::react_to(const Octets& packet, bool over_tcp) {
  const Query query = read_query(packet, over_tcp);
  queries_.lock()->push_back(query);
  return react_(query);
}

void ScriptedServer::serve_datagram() {
  Octets packet(4'096);
  sockaddr_in client{};
  socklen_t client_size = sizeof client;
  const ssize_t size = recvfrom(udp_, packet.data(), packet.size(), 0,
                                reinterpret_cast<sockaddr*>(&client), &client_size);
  if (size < 0) {
    return;
  }
  packet.resize(static_cast<std::size_t>(size));
  client_ports_.lock()->push_back(ntohs(client.sin_port));
  const Reaction reaction = react_to(packet, false);
  for (const Octets& reply : reaction.packets) {
    sendto(reaction.from_stranger ? stranger_ : udp_, reply.data(), reply.size(), 0,
           reinterpret_cast<const sockaddr*>(&client), client_size);
  }
}

void ScriptedServer::serve_connection() {
  const int fd = accept4(tcp_, nullptr, nullptr, SOCK_CLOEXEC);
  Octets packet;
  if (read_exactly(fd, packet, 2) &&
      read_exactly(fd, packet, static_cast<std::size_t>(packet[0]) * 256 + packet[1])) {
    for (const Octets& reply : react_to(packet, true).packets) {
      Octets frame = big_endian(static_cast<std::uint32_t>(reply.size()), 2);
      append(frame, reply);
      send(fd, frame.data(), frame.size(), MSG_NOSIGNAL);
    }
  }
  close(fd);
}

Server dead_server() {
  const int fd = bound_socket(SOCK_DGRAM, 0);
  const Server server{IpAddress::v4({127, 0, 0, 1}), port_of(fd)};
  close(fd);
  return server;
}

}  // namespace sekisho::dns
