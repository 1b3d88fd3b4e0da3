// Section [report] of the configuration.
#pragma once

#include "mail/domain.hpp"
#include "report/format/aggregate.hpp"
#include "report/mailer/smtp_options.hpp"

#include <chrono>
#include <cstddef>
#include <string>
#include <vector>

namespace sekisho::report::aggregate_sender {

struct SendOptions {
  std::string org_name;       ///< Empty: the domain of `email`.
  std::string email;          ///< Contact and From; its domain is the submitter. Empty: none sent.
  std::string extra_contact;  ///< A URL or a telephone number, say.
  std::string sender;         ///< Of the envelope; empty: the null sender.
  mailer::SmtpOptions smtp;
  format::Form form = format::Form::rfc9990;
  /// Reports about these domains and those below, and those to addresses there, have RFC 7489's
  /// form.
  std::vector<mail::Domain> rfc7489_domains;
  /// Where others' reports arrive: mail to none but these is not counted.
  std::vector<std::string> own_addresses;
  std::vector<mail::Domain> exclude_domains;  ///< No reports about these and those below.
  std::size_t max_size = 10'000'000;          ///< Octets of a mail: Postfix takes 10,240,000.
  std::size_t per_addressee_per_day = 1'000;
  /// How long after a day's end its reports are made: all that was seen should be in the store.
  std::chrono::milliseconds delay{600'000};
};

}  // namespace sekisho::report::aggregate_sender
