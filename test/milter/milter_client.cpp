#include "milter/milter_client.hpp"

#include "config/socket.hpp"

#include <array>
#include <cerrno>
#include <cstring>
#include <stdexcept>
#include <system_error>
#include <variant>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>

#include <libmilter/mfdef.h>

namespace sekisho::test {

namespace {

constexpr int patience_seconds = 60;  // for an answer; a test that needs it has failed
constexpr std::size_t most_data = 1'000'000;

std::string number32(std::uint32_t value) {
  const std::uint32_t network = htonl(value);
  std::string octets(sizeof network, '\0');
  std::memcpy(octets.data(), &network, sizeof network);
  return octets;
}

std::uint32_t read32(std::string_view octets) {
  std::uint32_t network = 0;
  if (octets.size() < sizeof network) {
    throw std::runtime_error("a number of the milter is cut off");
  }
  std::memcpy(&network, octets.data(), sizeof network);
  return ntohl(network);
}

std::string terminated(std::string_view text) {
  return std::string(text) + '\0';
}

Descriptor connected(int family, const sockaddr* address, socklen_t size) {
  Descriptor socket(::socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0));
  if (::connect(socket.get(), address, size) != 0) {
    throw std::system_error(errno, std::generic_category(), "the milter's socket");
  }
  const timeval patience{patience_seconds, 0};
  setsockopt(socket.get(), SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  return socket;
}

Descriptor connect_to(const std::string& text) {
  const config::Socket socket = config::parse_socket(text).value();
  if (const auto* path = std::get_if<config::UnixSocket>(&socket)) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    path->path.copy(std::data(address.sun_path), sizeof address.sun_path - 1);
    return connected(AF_UNIX, reinterpret_cast<const sockaddr*>(&address), sizeof address);
  }
  const auto& inet = std::get<config::InetSocket>(socket);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(inet.port);
  std::memcpy(&address.sin_addr, inet.address.octets().data(), sizeof address.sin_addr);
  Descriptor connection =
      connected(AF_INET, reinterpret_cast<const sockaddr*>(&address), sizeof address);
  const int at_once = 1;  // steps without an answer follow each other
  setsockopt(connection.get(), IPPROTO_TCP, TCP_NODELAY, &at_once, sizeof at_once);
  return connection;
}

HeaderEdit edit_from(HeaderEdit::Kind kind, std::string_view data) {
  HeaderEdit edit;
  edit.kind = kind;
  if (kind != HeaderEdit::Kind::add) {
    edit.index = read32(data);
    data.remove_prefix(sizeof edit.index);
  }
  const std::size_t end = data.find('\0');
  edit.name = data.substr(0, end);
  data.remove_prefix(end + 1);
  edit.value = data.substr(0, data.find('\0'));
  return edit;
}

bool same_name(std::string_view a, std::string_view b) {
  return a.size() == b.size() && strncasecmp(a.data(), b.data(), a.size()) == 0;
}

void change(mail::HeaderSection& header, const HeaderEdit& edit) {
  std::uint32_t ordinal = 0;
  for (auto field = header.begin(); field != header.end(); ++field) {
    if (!same_name(field->name, edit.name) || ++ordinal != edit.index) {
      continue;
    }
    if (edit.value.empty()) {
      header.erase(field);
    } else {
      field->value = edit.value;
    }
    return;
  }
  if (!edit.value.empty()) {
    header.push_back({edit.name, edit.value});
  }
}

}  // namespace

std::string encode_packet(char code, std::string_view data) {
  std::string packet = number32(static_cast<std::uint32_t>(data.size() + 1));
  packet += code;
  return packet += data;
}

std::string encode_macros(char command, const Macros& macros) {
  std::string data(1, command);
  for (const auto& [name, value] : macros) {
    data += terminated(name) + terminated(value);
  }
  return encode_packet(SMFIC_MACRO, data);
}

MilterClient::MilterClient(const std::string& socket) : socket_(connect_to(socket)) {}

Offer MilterClient::negotiate(const Offer& offer) {
  send_packet(SMFIC_OPTNEG,
              number32(offer.version) + number32(offer.actions) + number32(offer.steps));
  const Packet answer = read_packet();
  if (answer.code != SMFIC_OPTNEG) {
    throw std::runtime_error("no answer to the negotiation");
  }
  const std::string_view data = answer.data;
  steps_ = read32(data.substr(8));
  return {read32(data), read32(data.substr(4)), steps_, std::string(data.substr(12))};
}

void MilterClient::macros(char command, const Macros& macros) {
  send_raw(encode_macros(command, macros));
}

void MilterClient::connect(const std::string& address, char family) {
  std::string data = terminated("client.example.org") + family;
  if (family != SMFIA_UNKNOWN) {
    data += std::string("\x30\x39", 2) + terminated(address);
  }
  static_cast<void>(command(SMFIC_CONNECT, data, SMFIP_NR_CONN));
}

void MilterClient::helo(const std::string& name) {
  static_cast<void>(command(SMFIC_HELO, terminated(name), SMFIP_NR_HELO));
}

Packet MilterClient::mail(const std::string& sender) {
  return command(SMFIC_MAIL, terminated(sender), SMFIP_NR_MAIL);
}

Packet MilterClient::recipient(const std::string& recipient) {
  return command(SMFIC_RCPT, terminated(recipient), SMFIP_NR_RCPT);
}

void MilterClient::header(const mail::HeaderField& field) {
  static_cast<void>(
      command(SMFIC_HEADER, terminated(field.name) + terminated(field.value), SMFIP_NR_HDR));
}

void MilterClient::end_of_header() {
  static_cast<void>(command(SMFIC_EOH, {}, SMFIP_NR_EOH));
}

Packet MilterClient::body(std::string_view chunk) {
  return command(SMFIC_BODY, chunk, SMFIP_NR_BODY);
}

Outcome MilterClient::end_of_message(const std::string& queue_id) {
  macros(SMFIC_BODYEOB, {{"i", queue_id}});
  send_packet(SMFIC_BODYEOB, {});
  return read_outcome();
}

Outcome MilterClient::read_outcome() {
  Outcome outcome;
  while (true) {
    Packet packet = read_packet();
    switch (packet.code) {
      case SMFIR_INSHEADER:
        outcome.edits.push_back(edit_from(HeaderEdit::Kind::insert, packet.data));
        break;
      case SMFIR_CHGHEADER:
        outcome.edits.push_back(edit_from(HeaderEdit::Kind::change, packet.data));
        break;
      case SMFIR_ADDHEADER:
        outcome.edits.push_back(edit_from(HeaderEdit::Kind::add, packet.data));
        break;
      case SMFIR_QUARANTINE:
        outcome.quarantine = packet.data.substr(0, packet.data.find('\0'));
        break;
      case SMFIR_PROGRESS:
        break;
      default:
        outcome.code = packet.code;
        outcome.reply = packet.data.substr(0, packet.data.find('\0'));
        return outcome;
    }
  }
}

void MilterClient::abort() {
  send_packet(SMFIC_ABORT, {});
}

void MilterClient::quit() {
  send_packet(SMFIC_QUIT, {});
}

void MilterClient::quit_for_new_connection() {
  send_packet(SMFIC_QUIT_NC, {});
}

Outcome MilterClient::send(const Message& message, std::size_t chunk_size) {
  if (const Packet answer = mail(message.sender); answer.code != SMFIR_CONTINUE) {
    return {answer.code, answer.data, {}, {}, 0};
  }
  for (const std::string& one : message.recipients) {
    static_cast<void>(recipient(one));
  }
  for (const mail::HeaderField& field : message.header) {
    header(field);
  }
  end_of_header();
  std::size_t chunks = 0;
  std::string_view rest = message.body;
  while (!rest.empty()) {
    const std::string_view chunk = rest.substr(0, chunk_size);
    rest.remove_prefix(chunk.size());
    ++chunks;
    if (body(chunk).code == SMFIR_SKIP) {
      break;
    }
  }
  Outcome outcome = end_of_message(message.queue_id);
  outcome.body_chunks = chunks;
  return outcome;
}

void MilterClient::send_raw(std::string_view octets) {
  while (!octets.empty()) {
    const ssize_t sent = ::send(socket_.get(), octets.data(), octets.size(), MSG_NOSIGNAL);
    if (sent < 0) {
      throw std::system_error(errno, std::generic_category(), "sending to the milter");
    }
    octets.remove_prefix(static_cast<std::size_t>(sent));
  }
}

void MilterClient::send_packet(char code, std::string_view data) {
  send_raw(encode_packet(code, data));
}

Packet MilterClient::read_packet() {
  const auto read = [this](std::size_t size) {
    std::string octets(size, '\0');
    const ssize_t got = recv(socket_.get(), octets.data(), size, MSG_WAITALL);
    if (got != static_cast<ssize_t>(size)) {
      throw std::runtime_error("the milter has closed the connection, or is silent");
    }
    return octets;
  };
  const std::uint32_t size = read32(read(sizeof size));
  if (size == 0 || size > most_data) {
    throw std::runtime_error("the milter sends a packet of an impossible size");
  }
  std::string packet = read(size);
  return {packet.front(), packet.substr(1)};
}

void MilterClient::stop_reading() {
  static_cast<void>(shutdown(socket_.get(), SHUT_RD));
}

bool MilterClient::is_closed() {
  constexpr int time = 5'000;
  pollfd waiting{socket_.get(), POLLIN, 0};
  char octet = '\0';
  return poll(&waiting, 1, time) > 0 && recv(socket_.get(), &octet, 1, 0) <= 0;
}

Packet MilterClient::command(char code, std::string_view data, std::uint32_t no_reply_step) {
  send_packet(code, data);
  return (steps_ & no_reply_step) != 0 ? Packet{SMFIR_CONTINUE, {}} : read_packet();
}

MilterClient open_session(const std::string& socket) {
  MilterClient client(socket);
  client.negotiate();
  client.macros(SMFIC_CONNECT, {{"j", "mx.example.net"}, {"{daemon_name}", "smtpd"}});
  client.connect();
  client.helo();
  return client;
}

mail::HeaderSection delivered(const mail::HeaderSection& header, const Outcome& outcome) {
  mail::HeaderSection result = header;
  for (const HeaderEdit& edit : outcome.edits) {
    switch (edit.kind) {
      case HeaderEdit::Kind::insert: {
        const std::size_t index = std::min<std::size_t>(edit.index, result.size());
        result.insert(result.begin() + static_cast<std::ptrdiff_t>(index), {edit.name, edit.value});
        break;
      }
      case HeaderEdit::Kind::change:
        change(result, edit);
        break;
      case HeaderEdit::Kind::add:
        result.push_back({edit.name, edit.value});
        break;
    }
  }
  return result;
}

mail::HeaderSection fields_of(std::string_view text) {
  mail::HeaderSection header;
  while (!text.empty()) {
    const std::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(text.size(), line.size() + 1));
    if (line.starts_with(' ') || line.starts_with('\t')) {
      header.back().value.append("\n").append(line);
    } else {
      const std::size_t colon = line.find(':');
      header.push_back({std::string(line.substr(0, colon)), std::string(line.substr(colon + 1))});
    }
  }
  return header;
}

}  // namespace sekisho::test
