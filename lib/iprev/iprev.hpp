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

/// Why there is no pass.
enum class Fault : std::uint8_t {
  none,
  lookup_failed,
  no_ptr_record,
  invalid_host_name,  ///< No PTR record holds a valid host name.
  not_confirmed,      ///< No name has the client's address.
};

/// The result of a client with this fault (RFC 8601 §2.7.3), `pass` for `none`.
[[nodiscard]] ResultCode result_of(Fault fault);

/// One line for people. `subject` is the client's address; for `lookup_failed` the look-up with its
/// status, for `not_confirmed` the names that were tried.
[[nodiscard]] std::string describe_fault(Fault fault, std::string_view subject);

struct Result {
  ResultCode code = ResultCode::permerror;
  std::string name;    ///< The confirmed name; on fail, the first unconfirmed one if it may be
                       ///< printed; or "".
  std::string reason;  ///< For people.
  Fault fault = Fault::none;

  bool operator==(const Result&) const = default;
};

/// At most `max_names` PTR names are confirmed, all at once (RFC 8601 §3 speaks of bounds; RFC 7208
/// §4.6.4 has ten).
[[nodiscard]] dns::Task<Result> check(dns::Lookups lookups, dns::IpAddress client,
                                      std::size_t max_names = 10);

}  // namespace sekisho::iprev
