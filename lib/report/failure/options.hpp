// Section [failure] of the configuration.
#pragma once

#include "mail/domain.hpp"

#include <cstddef>
#include <string>
#include <vector>

namespace sekisho::report::failure {

struct FailureOptions {
  bool enabled = false;
  std::vector<mail::Domain> domains;  ///< Authors in these and below are reported; empty: in all.
  bool redact = true;                 ///< Replace what names people (RFC 6590).
  std::size_t per_hour = 10;          ///< Reports to one domain (RFC 9991 §8.1).
  std::size_t per_day = 50;
  std::string spool = "/var/lib/sekisho/failure";  ///< Folder in which reports wait to be sent.
  std::size_t max_spooled = 1'000;
};

}  // namespace sekisho::report::failure
