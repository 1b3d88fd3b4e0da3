#include "checkpoint/session.hpp"

#include "checkpoint/spf_request.hpp"
#include "dns/lookups.hpp"
#include "iprev/iprev.hpp"
#include "spf/check_host.hpp"

#include <chrono>
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

Session::Session(std::shared_ptr<const Services> services) : services_(std::move(services)) {}

dns::Lookups Session::open_lookups() const {
  return dns::Lookups(services_->resolver, {.deadline = std::chrono::steady_clock::now() +
                                                        services_->options.message_timeout,
                                            .limit = services_->options.limits.lookups});
}

void Session::connect(std::optional<dns::IpAddress> client) {
  transaction_.reset();
  mechanisms_ = {};
  client_ = {};
  client_.address = client;
  if (client) {
    mechanisms_.iprev = Started(iprev::check(open_lookups(), *client));
  }
}

void Session::helo(std::string name) {
  client_.helo = std::move(name);
  if (client_.address) {
    mechanisms_.spf_helo = Started(spf::check_helo(
        open_lookups(), spf_request(*services_, client_, ""), services_->options.spf));
  }
}

void Session::identify(std::string login, std::string daemon) {
  client_.login = std::move(login);
  client_.daemon = std::move(daemon);
}

void Session::mail(std::string_view sender) {
  transaction_.emplace(services_, client_, without_brackets(sender));
}

void Session::recipient(std::string_view recipient) {
  if (transaction_) {
    transaction_->recipient(without_brackets(recipient));
  }
}

void Session::header(mail::HeaderField field) {
  if (transaction_) {
    transaction_->header(std::move(field));
  }
}

void Session::end_of_header() {
  if (transaction_) {
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
  findings::Findings findings = transaction_->end_of_envelope(mechanisms_);
  transaction_.reset();
  return findings;
}

void Session::abort() {
  transaction_.reset();
}

}  // namespace sekisho::checkpoint
