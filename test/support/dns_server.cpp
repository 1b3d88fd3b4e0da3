#include "support/dns_server.hpp"

#include "dns/zone_file.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <cstring>
#include <map>
#include <optional>
#include <stdexcept>
#include <utility>
#include <variant>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/time.h>

namespace sekisho::test {

namespace {

constexpr std::size_t header_size = 12;
constexpr std::size_t udp_limit = 1232;
constexpr std::size_t tcp_limit = 65535;

const std::map<std::uint16_t, dns::RecordType> types{
    {1, dns::RecordType::a},   {5, dns::RecordType::cname}, {12, dns::RecordType::ptr},
    {15, dns::RecordType::mx}, {16, dns::RecordType::txt},  {28, dns::RecordType::aaaa},
};

std::string number16(std::size_t value) {
  return {static_cast<char>(value >> 8U), static_cast<char>(value)};
}

std::uint16_t read16(std::string_view packet, std::size_t at) {
  return static_cast<std::uint16_t>((static_cast<unsigned char>(packet[at]) << 8U) |
                                    static_cast<unsigned char>(packet[at + 1]));
}

std::string encode_name(std::string_view name) {
  std::string wire;
  while (!name.empty()) {
    const std::string_view label = name.substr(0, name.find('.'));
    wire.append(1, static_cast<char>(label.size())).append(label);
    name.remove_prefix(std::min(name.size(), label.size() + 1));
  }
  return wire + '\0';
}

std::string encode_text(std::string_view text) {
  std::string wire;
  do {  // an empty record still has one string
    const std::string_view part = text.substr(0, 255);
    wire.append(1, static_cast<char>(part.size())).append(part);
    text.remove_prefix(part.size());
  } while (!text.empty());
  return wire;
}

struct EncodeRecord {
  std::string operator()(const dns::IpAddress& address) const {
    const auto& octets = address.octets();
    return {octets.begin(), octets.begin() + (address.is_v4() ? 4 : 16)};
  }
  std::string operator()(const dns::Text& text) const { return encode_text(text.data); }
  std::string operator()(const dns::HostName& host) const { return encode_name(host.name); }
  std::string operator()(const dns::MailExchange& exchange) const {
    return number16(exchange.preference) + encode_name(exchange.host);
  }
  template <typename Other>
  std::string operator()(const Other& /*other*/) const {
    return {};  // of a type that is not served
  }
};

struct Query {
  std::string id;
  std::string question;  // as it came, to be echoed
  dns::Question asked;
};

std::optional<Query> read_query(std::string_view packet) {
  if (packet.size() < header_size || read16(packet, 4) != 1) {
    return std::nullopt;
  }
  std::string name;
  std::size_t at = header_size;
  while (at < packet.size() && packet[at] != '\0') {
    const auto size = static_cast<unsigned char>(packet[at]);
    name.append(name.empty() ? "" : ".").append(packet.substr(at + 1, size));
    at += size + 1U;
  }
  if (at + 5 > packet.size()) {
    return std::nullopt;
  }
  const auto type = types.find(read16(packet, at + 1));
  if (type == types.end()) {
    return std::nullopt;
  }
  return Query{std::string(packet.substr(0, 2)),
               std::string(packet.substr(header_size, at + 5 - header_size)),
               {std::move(name), type->second}};
}

/// RFC 1035 §4.1.1; silence for a time-out.
std::optional<unsigned> response_code(dns::Status status) {
  switch (status) {
    case dns::Status::found:
    case dns::Status::no_data:
      return 0;
    case dns::Status::no_such_name:
      return 3;
    case dns::Status::refused:
      return 5;
    case dns::Status::server_failure:
    case dns::Status::malformed:
    case dns::Status::over_limit:
      return 2;
    case dns::Status::timeout:
      return std::nullopt;
  }
  std::unreachable();
}

std::uint16_t code_of(dns::RecordType type) {
  const auto found =
      std::ranges::find_if(types, [type](const auto& entry) { return entry.second == type; });
  return found->first;
}

/// The SOA of the root, which says for how many seconds a negative answer holds (RFC 2308 §3).
std::string encode_authority(std::uint16_t seconds) {
  const std::string numbers = number16(0) + number16(seconds);
  const std::string data = std::string(2, '\0') + numbers + numbers + numbers + numbers + numbers;
  return std::string(1, '\0') + number16(6) + number16(1) + numbers + number16(data.size()) + data;
}

std::string encode_response(const Query& query, const dns::Answer& answer, unsigned code,
                            std::uint16_t negative_ttl) {
  const std::size_t count = answer.records ? answer.records->size() : 0;
  const bool has_authority =
      negative_ttl > 0 && count == 0 && (code == 0 || answer.status == dns::Status::no_such_name);
  std::string wire = query.id + number16(0x8180U | code) + number16(1) + number16(count) +
                     number16(has_authority ? 1 : 0) + number16(0) + query.question;
  for (std::size_t i = 0; i < count; ++i) {
    const std::string data = std::visit(EncodeRecord{}, (*answer.records)[i]);
    wire += number16(0xC00C) + number16(code_of(query.asked.type)) + number16(1);
    wire += number16(0) + number16(300);  // TTL
    wire += number16(data.size()) + data;
  }
  return has_authority ? wire + encode_authority(negative_ttl) : wire;
}

Descriptor bind_to(const std::string& host, int type, std::uint16_t& port) {
  Descriptor socket(::socket(AF_INET, type | SOCK_CLOEXEC, 0));
  if (type == SOCK_STREAM) {  // connections of a server before this one may linger
    const int reuse = 1;
    setsockopt(socket.get(), SOL_SOCKET, SO_REUSEADDR, &reuse, sizeof reuse);
  }
  sockaddr_in address{};
  address.sin_family = AF_INET;
  if (inet_pton(AF_INET, host.c_str(), &address.sin_addr) != 1) {
    return {};
  }
  address.sin_port = htons(port);
  socklen_t size = sizeof address;
  auto* generic = reinterpret_cast<sockaddr*>(&address);
  if (bind(socket.get(), generic, size) != 0 || getsockname(socket.get(), generic, &size) != 0) {
    return {};
  }
  port = ntohs(address.sin_port);
  return socket;
}

bool read_exactly(int socket, char* buffer, std::size_t size) {
  while (size > 0) {
    const ssize_t got = recv(socket, buffer, size, 0);
    if (got <= 0) {
      return false;
    }
    buffer += got;
    size -= static_cast<std::size_t>(got);
  }
  return true;
}

}  // namespace

DnsServer::DnsServer(std::shared_ptr<dns::Resolver> resolver, const DnsServerOptions& options)
    : resolver_(std::move(resolver)),
      host_(options.host),
      delay_(options.delay),
      negative_ttl_(options.negative_ttl) {
  // The port that is free for UDP may be taken for TCP: another is tried then.
  for (int attempt = 0; attempt < 20 && !streams_; ++attempt) {
    port_ = options.port;
    datagrams_ = bind_to(host_, SOCK_DGRAM, port_);
    streams_ = bind_to(host_, SOCK_STREAM, port_);
  }
  // A crowd asks at once; what the kernel would drop is asked again only after a time-out.
  constexpr int room = 8 * 1024 * 1024;
  if (setsockopt(datagrams_.get(), SOL_SOCKET, SO_RCVBUFFORCE, &room, sizeof room) != 0) {
    setsockopt(datagrams_.get(), SOL_SOCKET, SO_RCVBUF, &room, sizeof room);
  }
  if (!streams_ || listen(streams_.get(), 16) != 0) {
    throw std::runtime_error("no port for a DNS server");
  }
  thread_ = std::thread([this] { run(); });
}

DnsServer::~DnsServer() {
  stopping_ = true;
  thread_.join();
}

std::string DnsServer::address() const {
  return host_ + ':' + std::to_string(port_);
}

void DnsServer::run() {
  constexpr int check_interval = 50;  // milliseconds between looks at stopping_
  while (!stopping_) {
    std::array<pollfd, 2> sockets{{{datagrams_.get(), POLLIN, 0}, {streams_.get(), POLLIN, 0}}};
    const int ready = poll(sockets.data(), sockets.size(), time_until_due(check_interval));
    if (ready > 0 && sockets[0].revents != 0) {
      serve_datagrams();
    }
    if (ready > 0 && sockets[1].revents != 0) {
      serve_stream();
    }
    send_what_is_due();
  }
}

int DnsServer::time_until_due(int longest) const {
  if (held_.empty()) {
    return longest;
  }
  const auto wait = std::chrono::ceil<std::chrono::milliseconds>(held_.front().due -
                                                                 std::chrono::steady_clock::now());
  return static_cast<int>(std::clamp<std::int64_t>(wait.count(), 0, longest));
}

void DnsServer::send_what_is_due() {
  while (!held_.empty() && held_.front().due <= std::chrono::steady_clock::now()) {
    const Held& held = held_.front();
    static_cast<void>(sendto(datagrams_.get(), held.response.data(), held.response.size(), 0,
                             reinterpret_cast<const sockaddr*>(&held.peer), sizeof held.peer));
    held_.pop_front();
  }
}

void DnsServer::serve_datagrams() {
  std::array<char, 4096> buffer{};
  while (true) {
    sockaddr_in peer{};
    socklen_t size = sizeof peer;
    const ssize_t got = recvfrom(datagrams_.get(), buffer.data(), buffer.size(), MSG_DONTWAIT,
                                 reinterpret_cast<sockaddr*>(&peer), &size);
    if (got <= 0) {
      return;
    }
    std::string response = respond({buffer.data(), static_cast<std::size_t>(got)}, udp_limit);
    if (!response.empty()) {
      held_.push_back({std::chrono::steady_clock::now() + delay_, peer, std::move(response)});
    }
  }
}

void DnsServer::serve_stream() {
  const Descriptor client(accept4(streams_.get(), nullptr, nullptr, SOCK_CLOEXEC));
  const timeval patience{2, 0};
  setsockopt(client.get(), SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  std::array<char, 2> prefix{};
  std::array<char, 4096> buffer{};
  while (read_exactly(client.get(), prefix.data(), prefix.size())) {
    const std::size_t size = read16({prefix.data(), prefix.size()}, 0);
    if (size > buffer.size() || !read_exactly(client.get(), buffer.data(), size)) {
      return;
    }
    const std::string response = respond({buffer.data(), size}, tcp_limit);
    const std::string framed = number16(response.size()) + response;
    if (response.empty() || send(client.get(), framed.data(), framed.size(), MSG_NOSIGNAL) < 0) {
      return;
    }
  }
}

std::string DnsServer::respond(std::string_view packet, std::size_t limit) {
  ++questions_;
  const auto query = read_query(packet);
  if (!query) {
    return {};
  }
  auto pending =
      resolver_->lookup(query->asked, std::chrono::steady_clock::now() + std::chrono::seconds{5});
  const dns::Answer answer = pending.get();
  const auto code = response_code(answer.status);
  if (!code) {
    return {};
  }
  if (answer.status == dns::Status::malformed) {
    return query->id + "\x81";
  }
  std::string response = encode_response(*query, answer, *code, negative_ttl_);
  if (response.size() > limit) {
    response = encode_response(*query, dns::Answer::failed(dns::Status::no_data), 0, 0);
    response[2] = static_cast<char>(static_cast<unsigned char>(response[2]) | 0x02U);  // TC
  }
  return response;
}

std::unique_ptr<DnsServer> serve_zone(std::string_view zone) {
  auto file = dns::ZoneFile::parse(zone, "zone of the test");
  if (!file) {
    throw std::runtime_error(file.error().message);
  }
  return std::make_unique<DnsServer>(std::shared_ptr<dns::Resolver>(*std::move(file)));
}

}  // namespace sekisho::test
