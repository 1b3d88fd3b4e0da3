// A mail host on loopback that says what a test wants, to one client.
#pragma once

#include "support/descriptor.hpp"
#include "support/identity.hpp"

#include <cstdint>
#include <string>
#include <thread>
#include <vector>

#include <openssl/ssl.h>

namespace sekisho::test {

/// Replies as they are sent, with line ends. An empty one closes the connection.
struct Script {
  std::string greeting = "220 mx.example ESMTP\r\n";
  std::string ehlo = "250-mx.example\r\n250-SIZE 1000\r\n250 STARTTLS\r\n";
  std::string starttls = "220 go ahead\r\n";
  std::string other = "221 bye\r\n";
  bool speaks_tls = true;  ///< False: what follows STARTTLS is plain text.
  std::vector<const Identity*> chain;
};

/// One thread. `script` and its identities must outlive it.
class MailHost {
 public:
  explicit MailHost(const Script& script);
  MailHost(const MailHost&) = delete;
  MailHost& operator=(const MailHost&) = delete;
  ~MailHost();

  [[nodiscard]] std::uint16_t port() const { return port_; }
  /// Waits for the end of the session. The lines of the client, with "|" between them; those that
  /// came over TLS in brackets.
  [[nodiscard]] std::string lines();

 private:
  void run();
  void serve(int socket);

  const Script& script_;
  Descriptor listener_;
  std::uint16_t port_ = 0;
  std::string lines_;
  std::thread thread_;
};

}  // namespace sekisho::test
