// check_host() of RFC 7208 §4: the evaluator on our own DNS.
#pragma once

#include "dns/ip_address.hpp"
#include "dns/lookups.hpp"
#include "dns/task.hpp"
#include "mail/domain.hpp"
#include "spf/result.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace sekisho::spf {

/// libspf2 can only wait for its answers: with it the checks block their caller, who must not be
/// the network thread, until they are done. What libspf2 is not fit for, our own engine answers.
enum class Engine : std::uint8_t { sekisho, libspf2 };

/// Section [spf] of the configuration. The limits are those of RFC 7208 §4.6.4 and may not be
/// raised beyond them.
struct Options {
  Engine engine = Engine::sekisho;
  std::size_t void_lookup_limit = 2;
  bool keep_records = false;  ///< Fill Result::records; libspf2 does not tell them.
};

/// One session's identities. `sender` is the MAIL FROM address without angle brackets, empty for
/// the null sender.
struct Request {
  dns::IpAddress client;
  std::string helo;
  std::string sender;
  std::string receiver;  ///< Our host name: the macro `r` (RFC 7208 §7.3).
  std::int64_t now = 0;  ///< Seconds since 1970: the macro `t`.
};

/// The result for HELO (RFC 7208 §2.3): `none` where it is an address literal or no multi-label
/// domain name (§4.3).
[[nodiscard]] dns::Task<Result> check_helo(dns::Lookups lookups, Request request, Options options);

/// The result for MAIL FROM (RFC 7208 §2.4); the null sender is checked as `postmaster@HELO`.
[[nodiscard]] dns::Task<Result> check_mail_from(dns::Lookups lookups, Request request,
                                                Options options);

/// Of which domain the result for MAIL FROM will be: the sender's or, where it is null, that of
/// HELO. Nullopt where there is none.
[[nodiscard]] std::optional<mail::Domain> mail_from_domain(std::string_view sender,
                                                           std::string_view helo);

}  // namespace sekisho::spf
