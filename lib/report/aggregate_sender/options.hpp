// Section [report] of the configuration.
#pragma once

#include "mail/domain.hpp"
#include "report/format/aggregate.hpp"
#include "report/mailer/smtp_options.hpp"

#include <chrono>
#include <cstddef>
#include <span>
#include <string>
#include <vector>

namespace sekisho::report::aggregate_sender {

struct SendOptions {
  std::string org_name;       ///< Empty: the domain of `email`.
  std::string email;          ///< Contact and From; its domain is the submitter. Empty: send none.
  std::string extra_contact;  ///< For example a URL or a telephone number.
  std::string sender;         ///< Envelope sender; empty: the null sender.
  mailer::SmtpOptions smtp;
  format::Form form = format::Form::rfc9990;
  /// Use the form of RFC 7489 for reports about these domains and their subdomains, and for reports
  /// to addresses there.
  std::vector<mail::Domain> rfc7489_domains;
  /// Addresses that receive reports of others. Mail addressed only to these is not counted.
  std::vector<std::string> own_addresses;
  std::vector<mail::Domain> exclude_domains;  ///< No reports about these and their subdomains.
  std::size_t max_size = 10'000'000;          ///< Octets of a mail; Postfix accepts 10,240,000.
  std::size_t per_addressee_per_day = 1'000;
  /// Time from the end of a day until its reports are made, so that all observations of the day are
  /// in the store.
  std::chrono::milliseconds delay{600'000};
};

/// Returns true if a message is addressed only to options.email and options.own_addresses, which
/// receive reports of others and replies to ours. Such a message is neither counted nor reported as
/// a failure: two hosts that report each other's reports would never stop. `recipients` are without
/// angle brackets.
[[nodiscard]] bool is_feedback_to_us(std::span<const std::string> recipients,
                                     const SendOptions& options);

}  // namespace sekisho::report::aggregate_sender
