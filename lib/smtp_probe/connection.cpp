#include "smtp_probe/connection.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <utility>

#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <openssl/err.h>

namespace sekisho::smtp_probe {

namespace {

constexpr std::string_view closed = "the connection was closed";
constexpr std::string_view timed_out = "time-out";

std::unexpected<std::string> failed(std::string_view what) {
  return std::unexpected(std::string(what));
}

std::string system_error() {
  return std::generic_category().message(errno);
}

int connect_to(int socket, const dns::IpAddress& address, std::uint16_t port) {
  if (address.is_v4()) {
    sockaddr_in v4{};
    v4.sin_family = AF_INET;
    v4.sin_port = htons(port);
    std::memcpy(&v4.sin_addr, address.octets().data(), 4);
    return connect(socket, reinterpret_cast<const sockaddr*>(&v4), sizeof v4);  // NOLINT: the API
  }
  sockaddr_in6 v6{};
  v6.sin6_family = AF_INET6;
  v6.sin6_port = htons(port);
  std::memcpy(&v6.sin6_addr, address.octets().data(), 16);
  return connect(socket, reinterpret_cast<const sockaddr*>(&v6), sizeof v6);  // NOLINT: the API
}

std::string tls_error() {
  const unsigned long code = ERR_peek_last_error();
  std::array<char, 200> text{};
  ERR_error_string_n(code, text.data(), text.size());
  return code == 0 ? std::string(closed) : text.data();
}

}  // namespace

std::expected<Connection, std::string> Connection::open(const dns::IpAddress& address,
                                                        std::uint16_t port, Deadline deadline) {
  const int type = SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC;
  Connection connection(socket(address.is_v4() ? AF_INET : AF_INET6, type, 0), deadline);
  if (connection.socket_ < 0) {
    return failed(system_error());
  }
  if (connect_to(connection.socket_, address, port) == 0) {
    return connection;
  }
  if (errno != EINPROGRESS) {
    return failed(system_error());
  }
  if (!connection.wait(POLLOUT)) {
    return failed(timed_out);
  }
  socklen_t size = sizeof errno;
  getsockopt(connection.socket_, SOL_SOCKET, SO_ERROR, &errno, &size);
  if (errno != 0) {
    return failed(system_error());
  }
  return connection;
}

Connection::Connection(Connection&& other) noexcept
    : socket_(std::exchange(other.socket_, -1)),
      deadline_(other.deadline_),
      tls_(std::move(other.tls_)),
      buffer_(std::move(other.buffer_)) {}

Connection::~Connection() {
  tls_.reset();
  if (socket_ >= 0) {
    close(socket_);
  }
}

bool Connection::wait(short events) const {
  const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(
      deadline_ - std::chrono::steady_clock::now());
  if (left.count() <= 0) {
    return false;
  }
  pollfd entry{socket_, events, 0};
  return poll(&entry, 1, static_cast<int>(left.count())) > 0;
}

std::expected<void, std::string> Connection::wait_for_tls(int result) const {
  switch (SSL_get_error(tls_.get(), result)) {
    case SSL_ERROR_WANT_READ:
      return wait(POLLIN) ? std::expected<void, std::string>{} : failed(timed_out);
    case SSL_ERROR_WANT_WRITE:
      return wait(POLLOUT) ? std::expected<void, std::string>{} : failed(timed_out);
    default:  // a list of which no other can be waited for
      return std::unexpected(tls_error());
  }
}

std::expected<std::string, std::string> Connection::read_line() {
  while (true) {
    if (const std::size_t end = buffer_.find('\n'); end != std::string::npos) {
      std::string line = buffer_.substr(0, end);
      buffer_.erase(0, end + 1);
      if (line.ends_with('\r')) {
        line.pop_back();
      }
      return line;
    }
    if (buffer_.size() > max_line) {
      return failed("a line that is too long");
    }
    std::array<char, max_line> part{};
    if (tls_) {
      const int count = SSL_read(tls_.get(), part.data(), part.size());
      if (count > 0) {
        buffer_.append(part.data(), static_cast<std::size_t>(count));
      } else if (const auto ready = wait_for_tls(count); !ready) {
        return std::unexpected(ready.error());
      }
      continue;
    }
    if (!wait(POLLIN)) {
      return failed(timed_out);
    }
    const ssize_t count = recv(socket_, part.data(), part.size(), 0);
    if (count <= 0) {
      return failed(count == 0 ? std::string(closed) : system_error());
    }
    buffer_.append(part.data(), static_cast<std::size_t>(count));
  }
}

std::expected<void, std::string> Connection::write(std::string_view data) {
  while (!data.empty()) {
    if (tls_) {
      const int count = SSL_write(tls_.get(), data.data(), static_cast<int>(data.size()));
      if (count > 0) {
        data.remove_prefix(static_cast<std::size_t>(count));
      } else if (const auto ready = wait_for_tls(count); !ready) {
        return ready;
      }
      continue;
    }
    if (!wait(POLLOUT)) {
      return failed(timed_out);
    }
    const ssize_t count = send(socket_, data.data(), data.size(), MSG_NOSIGNAL);
    if (count <= 0) {
      return failed(system_error());
    }
    data.remove_prefix(static_cast<std::size_t>(count));
  }
  return {};
}

std::expected<Reply, std::string> Connection::read_reply() {
  constexpr std::size_t code_digits = 3;
  Reply reply;
  for (std::size_t lines = 0; lines < max_lines; ++lines) {
    const auto line = read_line();
    if (!line) {
      return std::unexpected(line.error());
    }
    const auto [end, error] = std::from_chars(
        line->data(), line->data() + std::min(line->size(), code_digits), reply.code);
    if (error != std::errc{} || end != line->data() + code_digits) {
      return failed("no SMTP reply");
    }
    reply.text +=
        (reply.text.empty() ? "" : "\n") + line->substr(std::min<std::size_t>(4, line->size()));
    if (line->size() == code_digits || (*line)[code_digits] != '-') {
      return reply;
    }
  }
  return failed("a reply of too many lines");
}

std::expected<Reply, std::string> Connection::command(std::string_view line) {
  if (const auto written = write(std::string(line) + "\r\n"); !written) {
    return std::unexpected(written.error());
  }
  return read_reply();
}

std::expected<void, std::string> Connection::start_tls(Tls tls) {
  buffer_.clear();
  tls_ = std::move(tls);
  ERR_clear_error();
  SSL_set_fd(tls_.get(), socket_);
  SSL_set_connect_state(tls_.get());
  while (true) {
    const int result = SSL_do_handshake(tls_.get());
    if (result == 1) {
      return {};
    }
    if (const auto ready = wait_for_tls(result); !ready) {
      return ready;
    }
  }
}

}  // namespace sekisho::smtp_probe
