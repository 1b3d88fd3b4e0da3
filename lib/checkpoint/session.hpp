// One SMTP session as an MTA reports it, and its mail transactions.
#pragma once

#include "checkpoint/client_checks.hpp"
#include "checkpoint/services.hpp"
#include "checkpoint/transaction.hpp"
#include "checkpoint/verdict.hpp"
#include "dns/ip_address.hpp"
#include "findings/findings.hpp"
#include "mail/header_field.hpp"
#include "tls/connection.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace sekisho::checkpoint {

/// Events in the order of SMTP; one that comes out of order (no transaction under way) is ignored.
/// Not thread-safe, but may move between threads. Every mechanism starts as soon as its input is
/// known, none before the first recipient, and is waited for in end_of_message() alone; libspf2,
/// where it is asked for, waits at the first recipient. Look-ups that are under way when their
/// message or session ends are given up.
class Session {
 public:
  explicit Session(std::shared_ptr<const Services> services);

  /// Nullopt: a local submission without a network address; SPF and iprev do not run then. `port`
  /// is the client's, 0 where it is unknown.
  void connect(std::optional<dns::IpAddress> client, std::uint16_t port = 0);
  /// A client that came over the network from an address that the MTA does not know: it is from
  /// outside.
  void connect_unknown();
  /// May come again (EHLO after STARTTLS).
  void helo(std::string name);
  /// The SASL login, of the next message alone, and the name of the MTA's daemon, of the session;
  /// empty where there is none; before mail().
  void identify(std::string login, std::string daemon);
  /// TLS of the connection, until it is told again; before mail().
  void encrypt(tls::Connection connection);

  /// Paths with or without angle brackets. Begins a transaction; one that was under way is dropped.
  void mail(std::string_view sender);
  /// Nullopt: it is one of the message's recipients. Else it is refused, and the verdict has what
  /// is known so far. Waits only where the policy may refuse for SPF or the client's name.
  std::optional<Verdict> recipient(std::string_view recipient);
  void header(mail::HeaderField field);
  void end_of_header();
  /// False when no mechanism needs more of the body.
  bool body(std::string_view chunk);
  /// Ends the transaction. Nullopt where none was under way. Waits for what is still being looked
  /// up, at most the message's time.
  [[nodiscard]] std::optional<Verdict> end_of_message(std::string queue_id);
  /// Drops the transaction, keeps the session.
  void abort();

  /// Ends the transaction before its header section, with the results that need no message: SPF and
  /// iprev.
  [[nodiscard]] std::optional<findings::Findings> end_of_envelope();

 private:
  void restart(findings::Client client);

  std::shared_ptr<const Services> services_;
  findings::Client client_;
  std::shared_ptr<ClientChecks> checks_;
  std::optional<Transaction> transaction_;
};

}  // namespace sekisho::checkpoint
