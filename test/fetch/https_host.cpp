#include "fetch/https_host.hpp"

#include "c_ptr.hpp"

#include <utility>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <openssl/ssl.h>

namespace sekisho::test {

namespace {

using Context = CPtr<SSL_CTX, &SSL_CTX_free>;
using Tls = CPtr<SSL, &SSL_free>;

std::string read_request(SSL& tls) {
  std::string text;
  for (char c = 0; !text.ends_with("\r\n\r\n") && SSL_read(&tls, &c, 1) == 1;) {
    text += c;
  }
  return text;
}

std::string between(const std::string& text, const std::string& begin, const std::string& end) {
  const std::size_t at = text.find(begin);
  return at == std::string::npos
             ? ""
             : text.substr(at + begin.size(),
                           text.find(end, at + begin.size()) - at - begin.size());
}

}  // namespace

std::string HttpsHost::address() {
  const auto number = static_cast<unsigned>(getpid());
  return "127." + std::to_string(1 + (number >> 16) % 100) + '.' +
         std::to_string((number >> 8) % 256) + '.' + std::to_string(number % 256);
}

std::unique_ptr<HttpsHost> HttpsHost::open(const Identity& identity, const Pages& pages) {
  Descriptor listener(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  const int yes = 1;
  setsockopt(listener.get(), SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
  sockaddr_in to{};
  to.sin_family = AF_INET;
  to.sin_port = htons(443);
  inet_pton(AF_INET, address().c_str(), &to.sin_addr);
  if (bind(listener.get(), reinterpret_cast<const sockaddr*>(&to), sizeof to) != 0 ||
      listen(listener.get(), 4) != 0) {
    return nullptr;
  }
  return std::unique_ptr<HttpsHost>(new HttpsHost(std::move(listener), identity, pages));
}

HttpsHost::HttpsHost(Descriptor listener, const Identity& identity, const Pages& pages)
    : listener_(std::move(listener)),
      identity_(identity),
      pages_(pages),
      thread_([this] { run(); }) {}

HttpsHost::~HttpsHost() {
  static_cast<void>(requests());
}

std::vector<std::string> HttpsHost::requests() {
  stopping_ = true;
  if (thread_.joinable()) {
    thread_.join();
  }
  return requests_;
}

void HttpsHost::run() {
  while (!stopping_) {
    pollfd entry{listener_.get(), POLLIN, 0};
    if (poll(&entry, 1, 20) > 0) {
      const Descriptor client(accept4(listener_.get(), nullptr, nullptr, SOCK_CLOEXEC));
      serve(client.get());
    }
  }
}

void HttpsHost::serve(int client) {
  const Context context(SSL_CTX_new(TLS_server_method()));
  SSL_CTX_use_certificate(context.get(), identity_.certificate.get());
  SSL_CTX_use_PrivateKey(context.get(), identity_.key.get());
  const Tls tls(SSL_new(context.get()));
  SSL_set_fd(tls.get(), client);
  if (SSL_accept(tls.get()) != 1) {
    return;
  }
  const std::string request = read_request(*tls);
  const std::string path = between(request, "GET ", " ");
  requests_.push_back(between(request, "Host: ", "\r") + " " + path);
  if (const auto page = pages_.find(path); page != pages_.end()) {
    SSL_write(tls.get(), page->second.data(), static_cast<int>(page->second.size()));
  }
  SSL_shutdown(tls.get());
}

}  // namespace sekisho::test
