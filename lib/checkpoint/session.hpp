// One SMTP session as an MTA reports it, and its mail transactions.
#pragma once

#include "checkpoint/services.hpp"
#include "checkpoint/verdict.hpp"
#include "dns/ip_address.hpp"
#include "mail/header_field.hpp"

#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace sekisho::checkpoint {

class Transaction;

/// Events in the order of SMTP. Not thread-safe, but may move between threads. Every mechanism
/// starts as soon as its input is known and is waited for in end_of_message() alone.
class Session {
 public:
  explicit Session(std::shared_ptr<const Services> services);
  Session(Session&&) noexcept;
  Session& operator=(Session&&) noexcept;
  ~Session();

  void connect(std::optional<dns::IpAddress> client);
  void helo(std::string name);
  /// SASL login and the MTA's daemon name, as far as it gave them before MAIL.
  void identify(std::string login, std::string daemon);

  /// `sender` and recipients with or without angle brackets. Begins a transaction; one that was
  /// under way is dropped.
  void mail(std::string_view sender);
  void recipient(std::string_view recipient);
  void header(mail::HeaderField field);
  void end_of_header();
  /// False when no mechanism needs more of the body.
  bool body(std::string_view chunk);
  [[nodiscard]] Verdict end_of_message(std::string queue_id);
  /// Drops the transaction, keeps the session.
  void abort();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace sekisho::checkpoint
