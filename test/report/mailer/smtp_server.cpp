#include "report/mailer/smtp_server.hpp"

#include <array>
#include <optional>
#include <stdexcept>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

namespace sekisho::report::mailer {

namespace {

/// Lines of one session.
class Lines {
 public:
  explicit Lines(int client) : client_(client) {}

  // Without CRLF; nullopt at the end.
  std::optional<std::string> next() {
    std::size_t end = 0;
    while ((end = buffer_.find("\r\n")) == std::string::npos) {
      std::array<char, 4'096> piece{};
      const auto count = recv(client_, piece.data(), piece.size(), 0);
      if (count <= 0) {
        return std::nullopt;
      }
      buffer_.append(piece.data(), static_cast<std::size_t>(count));
    }
    std::string line = buffer_.substr(0, end);
    buffer_.erase(0, end + 2);
    return line;
  }

 private:
  int client_;
  std::string buffer_;
};

std::optional<std::string> read_mail(Lines& lines) {
  std::string mail;
  while (auto line = lines.next()) {
    if (*line == ".") {
      return mail;
    }
    mail += (line->starts_with('.') ? line->substr(1) : *line) + "\r\n";
  }
  return std::nullopt;
}

}  // namespace

std::string friendly(std::string_view command) {
  if (command.empty()) {
    return "220 mx.example ESMTP";
  }
  if (command.starts_with("EHLO")) {
    return "250-mx.example\r\n250 SIZE 10000000";
  }
  return command == "DATA" ? "354 go on" : command == "QUIT" ? "221 bye" : "250 2.0.0 fine";
}

SmtpServer::SmtpServer(Answer answer)
    : answer_(std::move(answer)), listener_(socket(AF_INET, SOCK_STREAM, 0)) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  auto* const generic = reinterpret_cast<sockaddr*>(&address);
  socklen_t size = sizeof address;
  if (bind(listener_.get(), generic, size) != 0 || listen(listener_.get(), 5) != 0 ||
      getsockname(listener_.get(), generic, &size) != 0) {
    throw std::runtime_error("cannot listen");
  }
  port_ = ntohs(address.sin_port);
  thread_ = std::jthread([this] { run(); });
}

SmtpServer::~SmtpServer() {
  shutdown(listener_.get(), SHUT_RDWR);
}

void SmtpServer::run() {
  for (;;) {
    const test::Descriptor client(accept(listener_.get(), nullptr, nullptr));
    if (!client) {
      return;
    }
    ++*sessions_.lock();
    serve(client.get());
  }
}

void SmtpServer::serve(int client) {
  const auto reply = [&](std::string_view command) {
    const std::string text = answer_(command);
    const std::string line = text + "\r\n";
    return !text.empty() && send(client, line.data(), line.size(), MSG_NOSIGNAL) > 0;
  };
  Lines lines(client);
  bool open = reply("");
  while (open) {
    const auto command = lines.next();
    if (!command) {
      return;
    }
    commands_.lock()->push_back(*command);
    open = reply(*command);
    if (open && *command == "DATA" && answer_(*command).starts_with("354")) {
      const auto mail = read_mail(lines);
      if (!mail) {
        return;
      }
      mails_.lock()->push_back(*mail);
      open = reply(".");
    }
    open = open && *command != "QUIT";
  }
}

}  // namespace sekisho::report::mailer
