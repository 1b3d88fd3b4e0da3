#include "milter/session/callbacks.hpp"

#include "checkpoint/session.hpp"
#include "mail/header_field.hpp"
#include "milter/environment.hpp"
#include "milter/monitor/log_message.hpp"
#include "milter/monitor/message_line.hpp"
#include "milter/record/message_record.hpp"
#include "milter/session/apply.hpp"
#include "milter/session/client_address.hpp"
#include "milter/session/guard.hpp"
#include "milter/session/macros.hpp"
#include "milter/session/negotiation.hpp"
#include "policy/envelope.hpp"

#include <chrono>
#include <cstddef>
#include <exception>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>

#include <libmilter/mfapi.h>
#include <libmilter/mfdef.h>

namespace sekisho::milter {

namespace {

// libmilter hands its callbacks nothing of ours before they set it themselves.
// NOLINTNEXTLINE(cppcoreguidelines-avoid-non-const-global-variables): see above
Environment* environment = nullptr;

constexpr auto of_message = FaultGuard::Extent::message;
constexpr auto of_connection = FaultGuard::Extent::connection;

/// One connection of an MTA, which is one SMTP session.
struct Connection {
  explicit Connection(const Dialect& agreed) : session(environment->services()), dialect(agreed) {}

  checkpoint::Session session;
  Dialect dialect;
  std::optional<MessageLimiter::Pass> message;  ///< The one under way.
  FaultGuard guard;
};

Connection* connection_of(SMFICTX* context) {
  return static_cast<Connection*>(smfi_getpriv(context));
}

/// The queue id is told where the MTA has told it.
void report(SMFICTX* context, std::string_view step) noexcept {
  try {
    std::string what = "an unknown fault";
    try {
      throw;
    } catch (const std::exception& error) {
      what = error.what();
    }
    environment->counters.count_fault();
    const std::string queue_id = macro(context, "i");
    const std::string fault = std::string(step) + ": " + quote_text(what);
    environment->log.error((queue_id.empty() ? "" : escape_value(queue_id) + ": ") + fault, fault);
  } catch (...) {  // NOLINT(bugprone-empty-catch): there is nobody left to tell
  }
}

/// Runs one callback. Nothing may be thrown through libmilter's C frames: what goes wrong is
/// logged, and the message, or every message of the connection, is turned away for the time being.
/// `fault` is the answer to this step, SMFIS_NOREPLY where it has none.
template <typename Callback>
sfsistat guarded(SMFICTX* context, std::string_view step, FaultGuard::Extent extent, sfsistat fault,
                 const Callback& callback) noexcept {
  Connection* connection = connection_of(context);
  if (connection == nullptr) {
    return fault;
  }
  return run_guarded(
      connection->guard, extent, fault, [&] { return callback(*connection); },
      [&] {
        report(context, step);
        connection->session.abort();
        connection->message.reset();
      });
}

void open_connection(SMFICTX* context, const Dialect& dialect) {
  auto connection = std::make_unique<Connection>(dialect);
  if (smfi_setpriv(context, connection.get()) != MI_SUCCESS) {
    throw std::runtime_error("libmilter keeps no data for us");
  }
  // NOLINTNEXTLINE(bugprone-unused-return-value): on_close() takes it back
  static_cast<void>(connection.release());
}

sfsistat negotiate_terms(SMFICTX* context, const Terms& offered, Terms& wanted) {
  if (environment->limiter.is_closed()) {
    return SMFIS_REJECT;
  }
  const checkpoint::Services& services = *environment->services();
  const auto agreement = negotiate(offered, policy::refuses_envelopes(services.options.policy));
  if (!agreement) {
    environment->log.error("connection refused: " + agreement.error());
    return SMFIS_REJECT;
  }
  wanted = agreement->wanted;
  if ((wanted.actions & SMFIF_SETSYMLIST) != 0) {
    ask_for_macros(context);
  }
  if (connection_of(context) == nullptr) {
    open_connection(context, agreement->dialect);
  }
  return SMFIS_CONTINUE;
}

// A message that comes later is better off than one that waits in a crowd until its client gives
// up.
sfsistat turn_away(SMFICTX* context) {
  if (environment->limiter.is_closed()) {
    environment->counters.count_turned_away(MessageCounters::TurnedAway::stopping);
    set_reply(context, {"421", "4.3.2", "The mail filter is being restarted"});
  } else {
    environment->counters.count_turned_away(MessageCounters::TurnedAway::limit);
    set_reply(context, {"451", "4.3.2", "The mail filter is busy; please try again later"});
    environment->log.error("a message is told to come again later: limits.messages are under way");
  }
  return SMFIS_TEMPFAIL;
}

sfsistat begin_message(SMFICTX* context, Connection& connection, std::string_view sender) {
  const std::size_t most = environment->services()->options.limits.messages;
  std::string login = take_macro(context, "{auth_authen}");  // also where it is turned away
  connection.message.reset();
  connection.message = environment->limiter.enter(most);
  if (!connection.message) {
    return turn_away(context);
  }
  connection.session.identify(std::move(login), macro(context, "{daemon_name}"));
  if (tls::Connection tls = take_tls(context); tls.version != tls::Version::none) {
    connection.session.encrypt(std::move(tls));
  }
  connection.session.mail(sender);
  return SMFIS_CONTINUE;
}

sfsistat add_recipient(SMFICTX* context, Connection& connection, std::string_view recipient) {
  const auto begin = std::chrono::steady_clock::now();
  const auto refusal = connection.session.recipient(recipient);
  if (!refusal) {
    return connection.dialect.answers_recipients ? SMFIS_CONTINUE : SMFIS_NOREPLY;
  }
  const sfsistat answer = apply(context, *refusal, connection.dialect);
  log_refused_recipient(*environment, *refusal, std::chrono::steady_clock::now() - begin);
  return answer;
}

mail::HeaderField field_from(std::string_view name, std::string_view value,
                             const Dialect& dialect) {
  std::string whole = mail::restore_folds(value);
  if (!dialect.leading_blank) {
    whole.insert(0, 1, ' ');  // which such an MTA drops
  }
  return {std::string(name), std::move(whole)};
}

void tell_left_out(const checkpoint::Verdict& verdict) {
  const std::size_t first = count_insertable(verdict.insertions);
  if (first < verdict.insertions.size()) {
    environment->counters.count_fault();
    const std::string& id = verdict.findings.envelope.queue_id;
    const std::string fault = "header fields not added, from " + verdict.insertions[first].name +
                              " on: larger than an MTA takes";
    environment->log.error((id.empty() ? "" : escape_value(id) + ": ") + fault, fault);
  }
}

sfsistat end_message(SMFICTX* context, Connection& connection) {
  const auto begin = std::chrono::steady_clock::now();
  auto verdict = connection.session.end_of_message(macro(context, "i"));
  if (!verdict) {
    return SMFIS_CONTINUE;  // an end without a beginning
  }
  const sfsistat answer = apply(context, *verdict, connection.dialect);
  tell_left_out(*verdict);
  log_message(*environment, *verdict, std::chrono::steady_clock::now() - begin);
  record_message(*environment, *std::move(verdict));
  return answer;
}

extern "C" {

// NOLINTNEXTLINE(bugprone-easily-swappable-parameters): as libmilter wants them
sfsistat on_negotiate(SMFICTX* context, unsigned long actions, unsigned long steps,
                      unsigned long /*reserved*/, unsigned long /*reserved*/,
                      unsigned long* wanted_actions, unsigned long* wanted_steps,
                      unsigned long* reserved2, unsigned long* reserved3) noexcept {
  try {
    Terms wanted;
    const sfsistat answer = negotiate_terms(context, {actions, steps}, wanted);
    *wanted_actions = wanted.actions;
    *wanted_steps = wanted.steps;
    *reserved2 = 0;
    *reserved3 = 0;
    return answer;
  } catch (...) {
    report(context, "negotiation");
    return SMFIS_REJECT;
  }
}

sfsistat on_connect(SMFICTX* context, char* /*host*/, sockaddr* address) noexcept {
  try {
    // After "quit, a new connection follows" there is no negotiation. That command came with
    // protocol version 6, as did all that Dialect says.
    if (connection_of(context) == nullptr) {
      open_connection(context, Dialect{});
    }
  } catch (...) {
    report(context, "connect");
  }
  return guarded(context, "connect", of_connection, SMFIS_NOREPLY,
                 [address](Connection& connection) {
                   if (is_known(address)) {
                     connection.session.connect(address_from(address), port_from(address));
                   } else {
                     connection.session.connect_unknown();
                   }
                   return SMFIS_NOREPLY;
                 });
}

sfsistat on_helo(SMFICTX* context, char* name) noexcept {
  return guarded(context, "helo", of_connection, SMFIS_NOREPLY,
                 [context, name](Connection& connection) {
                   connection.session.helo(name);
                   connection.session.encrypt(take_tls(context));  // where MAIL has none of these
                   return SMFIS_NOREPLY;
                 });
}

sfsistat on_mail(SMFICTX* context, char** arguments) noexcept {
  if (Connection* connection = connection_of(context)) {
    connection->guard.begin_message();
  }
  return guarded(context, "mail", of_message, SMFIS_TEMPFAIL, [&](Connection& connection) {
    return begin_message(context, connection, arguments[0]);
  });
}

sfsistat on_recipient(SMFICTX* context, char** arguments) noexcept {
  const Connection* const current = connection_of(context);
  const bool is_answered = current != nullptr && current->dialect.answers_recipients;
  const sfsistat fault = is_answered ? SMFIS_TEMPFAIL : SMFIS_NOREPLY;
  return guarded(context, "rcpt", of_message, fault, [&](Connection& connection) {
    return add_recipient(context, connection, arguments[0]);
  });
}

sfsistat on_header(SMFICTX* context, char* name, char* value) noexcept {
  return guarded(context, "header", of_message, SMFIS_NOREPLY, [=](Connection& connection) {
    connection.session.header(field_from(name, value, connection.dialect));
    return SMFIS_NOREPLY;
  });
}

sfsistat on_end_of_header(SMFICTX* context) noexcept {
  return guarded(context, "end of header", of_message, SMFIS_NOREPLY, [](Connection& connection) {
    connection.session.end_of_header();
    return SMFIS_NOREPLY;
  });
}

sfsistat on_body(SMFICTX* context, unsigned char* chunk, std::size_t size) noexcept {
  return guarded(context, "body", of_message, SMFIS_TEMPFAIL, [=](Connection& connection) {
    const bool more = connection.session.body({reinterpret_cast<const char*>(chunk), size});
    return more || !connection.dialect.skip ? SMFIS_CONTINUE : SMFIS_SKIP;
  });
}

sfsistat on_end_of_message(SMFICTX* context) noexcept {
  const sfsistat answer =
      guarded(context, "end of message", of_message, SMFIS_TEMPFAIL,
              [context](Connection& connection) { return end_message(context, connection); });
  if (Connection* connection = connection_of(context)) {
    connection->message.reset();
  }
  return answer;
}

sfsistat on_abort(SMFICTX* context) noexcept {
  if (Connection* connection = connection_of(context)) {
    connection->session.abort();
    connection->message.reset();
  }
  return SMFIS_CONTINUE;
}

sfsistat on_close(SMFICTX* context) noexcept {
  const std::unique_ptr<Connection> connection(connection_of(context));
  static_cast<void>(smfi_setpriv(context, nullptr));
  try {
    forget_macros(context);
  } catch (...) {
    report(context, "close");
  }
  return SMFIS_CONTINUE;
}

}  // extern "C"

}  // namespace

bool register_callbacks(Environment& shared) {
  environment = &shared;
  std::string name = "sekishod";
  smfiDesc description{};
  description.xxfi_name = name.data();
  description.xxfi_version = SMFI_VERSION;
  description.xxfi_negotiate = on_negotiate;
  description.xxfi_connect = on_connect;
  description.xxfi_helo = on_helo;
  description.xxfi_envfrom = on_mail;
  description.xxfi_envrcpt = on_recipient;
  description.xxfi_header = on_header;
  description.xxfi_eoh = on_end_of_header;
  description.xxfi_body = on_body;
  description.xxfi_eom = on_end_of_message;
  description.xxfi_abort = on_abort;
  description.xxfi_close = on_close;
  return smfi_register(description) == MI_SUCCESS;
}

}  // namespace sekisho::milter
