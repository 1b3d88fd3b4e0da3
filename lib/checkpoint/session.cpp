#include "checkpoint/session.hpp"

#include "checkpoint/message_lookups.hpp"
#include "checkpoint/spf_request.hpp"
#include "iprev/iprev.hpp"
#include "spf/check_host.hpp"

#include <utility>

namespace sekisho::checkpoint {

namespace {

std::string without_brackets(std::string_view path) {
  if (path.starts_with('<') && path.ends_with('>')) {
    path = path.substr(1, path.size() - 2);
  }
  return std::string(path);
}

}  // namespace

Session::Session(std::shared_ptr<const Services> services)
    : services_(std::move(services)), mechanisms_(*services_, client_) {}

void Session::restart(findings::Client client) {
  transaction_.reset();
  client_ = std::move(client);
  mechanisms_ = SessionMechanisms(*services_, client_);
  is_client_checked_ = false;
  is_helo_checked_ = false;
}

void Session::connect_unknown() {
  findings::Client unknown;
  unknown.is_unknown = true;
  restart(std::move(unknown));
}

void Session::connect(std::optional<dns::IpAddress> client, std::uint16_t port) {
  findings::Client known;
  known.address = client;
  known.port = port;
  restart(std::move(known));
}

void Session::helo(std::string name) {
  if (name != client_.helo) {
    mechanisms_.spf_helo = {};
    is_helo_checked_ = false;
  }
  client_.helo = std::move(name);
}

// Connections, HELO and MAIL cost a client nothing and may come as often as it likes: nothing is
// looked up for them before the MTA has taken a recipient.
void Session::check_envelope() {
  if (!client_.address || !transaction_->verifies_client()) {
    return;
  }
  check_client();
  check_helo();
  transaction_->check_sender();
}

void Session::check_client() {
  if (!is_client_checked_) {
    mechanisms_.iprev_lookups = open_lookups(*services_, client_);
    mechanisms_.iprev = Started(iprev::check(*mechanisms_.iprev_lookups, *client_.address));
    is_client_checked_ = true;
  }
}

void Session::check_helo() {
  if (!is_helo_checked_) {
    mechanisms_.helo_lookups = open_lookups(*services_, client_);
    mechanisms_.spf_helo = Started(spf::check_helo(
        *mechanisms_.helo_lookups, spf_request(*services_, client_, ""), services_->options.spf));
    is_helo_checked_ = true;
  }
}

void Session::identify(std::string login, std::string daemon) {
  client_.login = std::move(login);
  client_.daemon = std::move(daemon);
}

void Session::mail(std::string_view sender) {
  transaction_.emplace(services_, client_, without_brackets(sender));
  client_.login.clear();
}

std::optional<Verdict> Session::recipient(std::string_view recipient) {
  if (!transaction_) {
    return std::nullopt;
  }
  check_envelope();
  return transaction_->recipient(without_brackets(recipient), mechanisms_);
}

void Session::header(mail::HeaderField field) {
  if (transaction_) {
    transaction_->header(std::move(field));
  }
}

void Session::end_of_header() {
  if (transaction_) {
    check_envelope();  // where no recipient was told
    transaction_->end_of_header();
  }
}

bool Session::body(std::string_view chunk) {
  return transaction_ && transaction_->body(chunk);
}

std::optional<Verdict> Session::end_of_message(std::string queue_id) {
  if (!transaction_) {
    return std::nullopt;
  }
  Verdict verdict = transaction_->end_of_message(std::move(queue_id), mechanisms_);
  transaction_.reset();
  return verdict;
}

std::optional<findings::Findings> Session::end_of_envelope() {
  if (!transaction_) {
    return std::nullopt;
  }
  check_envelope();
  findings::Findings findings = transaction_->end_of_envelope(mechanisms_);
  transaction_.reset();
  return findings;
}

void Session::abort() {
  transaction_.reset();
}

}  // namespace sekisho::checkpoint
