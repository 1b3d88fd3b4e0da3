// Section [failure] of the configuration.
#pragma once

#include "mail/domain.hpp"

#include <cstddef>
#include <string>
#include <vector>

namespace sekisho::report::failure {

struct FailureOptions {
  bool enabled = false;
  std::vector<mail::Domain> domains;  ///< Report authors in these and their subdomains; empty: all.
  bool redact = true;                 ///< Replace personal data (RFC 6590).
  std::size_t per_hour = 10;          ///< Reports to one domain (RFC 9991 §8.1).
  std::size_t per_day = 50;
  std::string spool = "/var/lib/sekisho/failure";  ///< Folder in which reports wait to be sent.
  std::size_t max_spooled = 1'000;
};

}  // namespace sekisho::report::failure
