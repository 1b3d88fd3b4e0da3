#include "checkpoint/session.hpp"

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
    : services_(std::move(services)),
      checks_(std::make_shared<ClientChecks>(*services_, client_)) {}

void Session::restart(findings::Client client) {
  transaction_.reset();
  client_ = std::move(client);
  checks_ = std::make_shared<ClientChecks>(*services_, client_);
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
  client_.helo = std::move(name);
}

void Session::identify(std::string login, std::string daemon) {
  client_.login = std::move(login);
  client_.daemon = std::move(daemon);
}

void Session::encrypt(tls::Connection connection) {
  client_.tls = std::move(connection);
}

void Session::mail(std::string_view sender) {
  transaction_.emplace(services_, client_, without_brackets(sender), checks_);
  client_.login.clear();
}

std::optional<Verdict> Session::recipient(std::string_view recipient) {
  if (!transaction_) {
    return std::nullopt;
  }
  transaction_->check_envelope();
  return transaction_->recipient(without_brackets(recipient));
}

void Session::header(mail::HeaderField field) {
  if (transaction_) {
    transaction_->header(std::move(field));
  }
}

void Session::end_of_header() {
  if (transaction_) {
    transaction_->check_envelope();  // where no recipient was told
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
  Verdict verdict = transaction_->end_of_message(std::move(queue_id));
  transaction_.reset();
  return verdict;
}

std::optional<findings::Findings> Session::end_of_envelope() {
  if (!transaction_) {
    return std::nullopt;
  }
  transaction_->check_envelope();
  findings::Findings findings = transaction_->end_of_envelope();
  transaction_.reset();
  return findings;
}

void Session::abort() {
  transaction_.reset();
}

}  // namespace sekisho::checkpoint
