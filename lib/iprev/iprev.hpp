// The iprev method (RFC 8601 §3): the client's name, confirmed forward.
#pragma once

#include "dns/ip_address.hpp"
#include "dns/lookups.hpp"
#include "dns/task.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace sekisho::iprev {

/// RFC 8601 §2.7.3.
enum class ResultCode : std::uint8_t { pass, fail, temperror, permerror };
[[nodiscard]] std::string_view format_result_code(ResultCode code);

struct Result {
  ResultCode code = ResultCode::permerror;
  std::string name;    ///< The confirmed name; on fail, the first unconfirmed one if it may be
                       ///< printed; or "".
  std::string reason;  ///< For people.

  bool operator==(const Result&) const = default;
};

/// At most `max_names` PTR names are confirmed, all at once (RFC 8601 §3 speaks of bounds; RFC 7208
/// §4.6.4 has ten).
[[nodiscard]] dns::Task<Result> check(dns::Lookups lookups, dns::IpAddress client,
                                      std::size_t max_names = 10);

}  // namespace sekisho::iprev
