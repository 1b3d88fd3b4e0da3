// An SMTP server on loopback that answers as a test tells it, and keeps what it was given.
#pragma once

#include "guarded.hpp"
#include "support/descriptor.hpp"

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace sekisho::report::mailer {

/// One thread, one session at a time.
class SmtpServer {
 public:
  /// The reply to a command (its line without CRLF), to the connection (""), or to a whole mail
  /// ("."); several lines with CRLF between them. "": hangs up.
  using Answer = std::function<std::string(std::string_view command)>;

  explicit SmtpServer(Answer answer);
  SmtpServer(const SmtpServer&) = delete;
  SmtpServer& operator=(const SmtpServer&) = delete;
  ~SmtpServer();

  [[nodiscard]] std::string address() const { return "127.0.0.1:" + std::to_string(port_); }
  [[nodiscard]] std::vector<std::string> commands() { return *commands_.lock(); }
  /// With dots unstuffed.
  [[nodiscard]] std::vector<std::string> mails() { return *mails_.lock(); }
  [[nodiscard]] int sessions() { return *sessions_.lock(); }

 private:
  void run();
  void serve(int client);

  Answer answer_;
  test::Descriptor listener_;
  std::uint16_t port_ = 0;
  Guarded<std::vector<std::string>> commands_;
  Guarded<std::vector<std::string>> mails_;
  Guarded<int> sessions_;
  std::jthread thread_;
};

/// Takes every mail.
[[nodiscard]] std::string friendly(std::string_view command);

}  // namespace sekisho::report::mailer
