#include "report/mailer/smtp_mailer.hpp"

#include "report/mailer/smtp_server.hpp"

#include <string>
#include <string_view>

#include <catch2/catch.hpp>

namespace sekisho::report::mailer {

namespace {

constexpr std::string_view mail = "Subject: x\r\n\r\n.dot\r\n..\r\nend\r\n";

SmtpOptions through(const SmtpServer& server) {
  return {.smarthost = server.address(), .tls = Tls::offered, .helo = "mx.example.org"};
}

}  // namespace

TEST_CASE("a mail goes out as it is, from the null sender", "[report_post]") {
  SmtpServer server(friendly);
  {
    SmtpMailer mailer(through(server));
    const Delivery delivery = mailer.send("", "reports@example.com", mail);
    CHECK(delivery.status == DeliveryStatus::sent);
    CHECK(mailer.send("dmarc@example.org", "other@example.com", mail).status ==
          DeliveryStatus::sent);
  }
  CHECK(server.sessions() == 1);
  REQUIRE(server.mails().size() == 2);
  CHECK(server.mails()[0] == mail);
  const auto commands = server.commands();
  REQUIRE(commands.size() >= 7);
  CHECK(commands[0] == "EHLO mx.example.org");
  CHECK(commands[1] == "MAIL FROM:<> SIZE=" + std::to_string(mail.size()));
  CHECK(commands[2] == "RCPT TO:<reports@example.com>");
  CHECK(commands[4].starts_with("MAIL FROM:<dmarc@example.org>"));
}

TEST_CASE("who is to blame for a failure is told apart", "[report_post]") {
  struct Case {
    std::string name;
    std::string command;  ///< The beginning of the one that is answered amiss.
    std::string reply;
    DeliveryStatus status;
  };
  using enum DeliveryStatus;
  // RFC 5321 §4.2.1: 5yz is permanent, 4yz is not.
  const Case cases[] = {
      {"recipient unknown", "RCPT", "550 5.1.1 no such user", refused},
      {"recipient greylisted", "RCPT", "450 4.2.0 try again", deferred},
      {"mail not wanted", ".", "554 5.7.1 no reports here", rejected},
      {"disk full", ".", "452 4.3.1 no space", deferred},
      {"no data wanted", "DATA", "554 5.5.1 no", rejected},
      {"hangs up after RCPT", "RCPT", "", deferred},
      {"hangs up after the mail", ".", "", deferred},
      {"too large by SIZE", "MAIL", "552 5.3.4 too large", rejected},
      {"sender not wanted", "MAIL", "550 5.7.1 you may not", unreachable},
      {"client not wanted", "EHLO", "554 5.7.1 go away", unreachable},
      {"closes at once", "", "", unreachable},
  };
  for (const Case& row : cases) {
    DYNAMIC_SECTION(row.name) {
      SmtpServer server([&row](std::string_view command) {
        const bool amiss = row.command.empty() ? command.empty() : command.starts_with(row.command);
        const bool helo = row.command == "EHLO" && command.starts_with("HELO");
        return amiss || helo ? row.reply : friendly(command);
      });
      SmtpMailer mailer(through(server));
      const Delivery delivery = mailer.send("", "reports@example.com", mail);
      CHECK(delivery.status == row.status);
      CHECK(delivery.reply.contains(row.reply));
      CHECK_FALSE(delivery.reply.empty());
    }
  }
}

TEST_CASE("after a refusal the next mail goes out", "[report_post]") {
  SmtpServer server([](std::string_view command) {
    return command.contains("dead@") ? std::string("550 5.1.1 gone") : friendly(command);
  });
  SmtpMailer mailer(through(server));
  CHECK(mailer.send("", "dead@example.com", mail).status == DeliveryStatus::refused);
  CHECK(mailer.send("", "live@example.com", mail).status == DeliveryStatus::sent);
  CHECK(server.mails().size() == 1);
}

TEST_CASE("no smarthost is no fault of the recipient's", "[report_post]") {
  std::string address;
  {
    const SmtpServer server(friendly);
    address = server.address();
  }
  SmtpMailer mailer({.smarthost = address});
  CHECK(mailer.send("", "reports@example.com", mail).status == DeliveryStatus::unreachable);
}

TEST_CASE("TLS that is required and not offered stops the mail", "[report_post]") {
  SmtpServer server(friendly);
  SmtpOptions options = through(server);
  options.tls = Tls::required;
  SmtpMailer mailer(options);
  CHECK(mailer.send("", "reports@example.com", mail).status == DeliveryStatus::unreachable);
  CHECK(server.mails().empty());
}

TEST_CASE("a smarthost is a host and perhaps a port", "[report_post]") {
  for (const auto* const good : {"localhost", "localhost:25", "mx.example.org:587", "192.0.2.1:25",
                                 "[192.0.2.1]:25", "[2001:db8::1]", "[2001:db8::1]:2525"}) {
    DYNAMIC_SECTION(good) {
      CHECK(is_smarthost(good));
    }
  }
  for (const auto* const bad : {"", ":25", "localhost:", "localhost:0", "localhost:65536",
                                "localhost:25/x", "user@localhost", "2001:db8::1", "[::1", "[x]:25",
                                "smtp://localhost", "a b", "localhost:25 "}) {
    DYNAMIC_SECTION("[" << bad << "]") {
      CHECK_FALSE(is_smarthost(bad));
    }
  }
}

}  // namespace sekisho::report::mailer
