#include "smtp_probe/mail_host.hpp"

#include <cstddef>
#include <stdexcept>
#include <string_view>

#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>

namespace sekisho::test {

namespace {

using Context = CPtr<SSL_CTX, &SSL_CTX_free>;
using Tls = CPtr<SSL, &SSL_free>;

constexpr int patience = 10'000;  // milliseconds, so that a test that fails comes to an end

bool can_read(int socket) {
  pollfd entry{socket, POLLIN, 0};
  return poll(&entry, 1, patience) > 0;
}

/// The client's end of the session: plain, or TLS once there is one.
class Peer {
 public:
  explicit Peer(int socket) : socket_(socket) {}

  bool accept_tls(const std::vector<const Identity*>& chain) {
    context_ = Context(SSL_CTX_new(TLS_server_method()));
    for (std::size_t i = 0; i < chain.size(); ++i) {
      X509* const certificate = chain[i]->certificate.get();
      if (i == 0) {
        SSL_CTX_use_certificate(context_.get(), certificate);
        SSL_CTX_use_PrivateKey(context_.get(), chain[i]->key.get());
      } else {
        X509_up_ref(certificate);
        SSL_CTX_ctrl(context_.get(), SSL_CTRL_EXTRA_CHAIN_CERT, 0, certificate);
      }
    }
    tls_ = Tls(SSL_new(context_.get()));
    SSL_set_fd(tls_.get(), socket_);
    return SSL_accept(tls_.get()) == 1;
  }

  [[nodiscard]] bool has_tls() const { return tls_ != nullptr; }

  void write(std::string_view text) {
    if (tls_) {
      SSL_write(tls_.get(), text.data(), static_cast<int>(text.size()));
    } else {
      static_cast<void>(send(socket_, text.data(), text.size(), MSG_NOSIGNAL));
    }
  }

  /// Without its line end; empty: there is no more.
  std::string read_line() {
    std::string line;
    for (char c = 0; can_read() && read(c) && c != '\n';) {
      line += c;
    }
    if (line.ends_with('\r')) {
      line.pop_back();
    }
    return line;
  }

 private:
  [[nodiscard]] bool can_read() const {
    return (tls_ && SSL_pending(tls_.get()) > 0) || test::can_read(socket_);
  }
  bool read(char& c) {
    return tls_ ? SSL_read(tls_.get(), &c, 1) == 1 : recv(socket_, &c, 1, 0) == 1;
  }

  int socket_;
  Context context_;
  Tls tls_;
};

}  // namespace

MailHost::MailHost(const Script& script)
    : script_(script), listener_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  auto* const generic = reinterpret_cast<sockaddr*>(&address);
  socklen_t size = sizeof address;
  if (bind(listener_.get(), generic, size) != 0 || listen(listener_.get(), 1) != 0 ||
      getsockname(listener_.get(), generic, &size) != 0) {
    throw std::runtime_error("no port on loopback");
  }
  port_ = ntohs(address.sin_port);
  thread_ = std::thread([this] { run(); });
}

MailHost::~MailHost() {
  static_cast<void>(lines());
}

std::string MailHost::lines() {
  if (thread_.joinable()) {
    thread_.join();
  }
  return lines_;
}

void MailHost::run() {
  if (!can_read(listener_.get())) {
    return;
  }
  const Descriptor client(accept4(listener_.get(), nullptr, nullptr, SOCK_CLOEXEC));
  serve(client.get());
}

void MailHost::serve(int socket) {
  Peer peer(socket);
  peer.write(script_.greeting);
  while (!script_.greeting.empty()) {
    const std::string line = peer.read_line();
    if (line.empty()) {
      return;
    }
    lines_ += (lines_.empty() ? "" : "|") + (peer.has_tls() ? "[" + line + "]" : line);
    const std::string& reply = line.starts_with("EHLO") ? script_.ehlo
                               : line == "STARTTLS"     ? script_.starttls
                                                        : script_.other;
    if (reply.empty()) {
      return;
    }
    peer.write(reply);
    if (line == "STARTTLS" && reply.starts_with("220")) {
      if (!script_.speaks_tls) {
        peer.write("what is this?\r\n");
        return;
      }
      if (!peer.accept_tls(script_.chain)) {
        return;
      }
    }
  }
}

}  // namespace sekisho::test
