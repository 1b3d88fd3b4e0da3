// The arguments of check_host() (RFC 7208 §4.1), as both engines get them.
#pragma once

#include "dns/ip_address.hpp"
#include "spf/macro.hpp"

#include <cstdint>
#include <string>

namespace sekisho::spf {

/// The initial processing of RFC 7208 §4.3 is done: `domain` is a valid name of several labels,
/// `local_part` is not empty, all domains are A-labels.
struct Arguments {
  dns::IpAddress client;
  std::string domain;         ///< Of the sender: what is checked.
  std::string local_part;     ///< Of the sender: `postmaster` where it had none.
  std::string sender_domain;  ///< As `domain`, in the sender's spelling.
  std::string helo;
  std::string receiver;
  std::int64_t now = 0;
};

/// The values of the macros while the record of `domain` is evaluated: views into both.
[[nodiscard]] inline MacroValues macro_values(const Arguments& arguments, std::string_view domain) {
  MacroValues values;
  values.local_part = arguments.local_part;
  values.sender_domain = arguments.sender_domain;
  values.domain = domain;
  values.client = arguments.client;
  values.helo = arguments.helo;
  values.receiver = arguments.receiver;
  values.now = arguments.now;
  return values;
}

}  // namespace sekisho::spf
