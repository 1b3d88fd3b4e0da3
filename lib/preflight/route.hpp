// What the DNS says of a message's way: of the addresses that it leaves from, of its sender and its
// author (RFC 7208, RFC 8601 §3, RFC 9989, RFC 5321 §5.1).
#pragma once

#include "dkim/key_record_cache.hpp"
#include "dkim/verify_options.hpp"
#include "dmarc/evaluate.hpp"
#include "dmarc/options.hpp"
#include "dns/ip_address.hpp"
#include "dns/lookups.hpp"
#include "dns/resolver.hpp"
#include "dns/task.hpp"
#include "iprev/iprev.hpp"
#include "mail/author.hpp"
#include "mail/domain.hpp"
#include "spf/check_host.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace sekisho::preflight {

/// What the checks borrow from outside.
struct Environment {
  std::shared_ptr<dns::Resolver> resolver;
  std::shared_ptr<dkim::KeyRecordCache> key_records;
  dkim::VerifyOptions dkim;
  spf::Options spf;
  std::shared_ptr<const dmarc::Options> dmarc;
  std::chrono::milliseconds timeout{8'000};  ///< For all look-ups together.
  std::size_t lookups = 300;                 ///< Of one check.
  std::chrono::sys_seconds now;
  std::string receiver;  ///< The macro `r` of SPF.

  /// Look-ups for one check, with the whole time.
  [[nodiscard]] dns::OwnedLookups open_lookups() const;
};

/// The envelope with which a message will leave.
struct Envelope {
  std::optional<std::string> sender;  ///< Nullopt: the author's address; empty: the null sender.
  std::vector<std::string> recipients;
  std::vector<dns::IpAddress> addresses;  ///< That it may leave from; the first eight count.
  std::string helo;                       ///< Empty: not known.
  bool smtputf8 = false;
};
inline constexpr std::size_t max_addresses = 8;

/// If a domain takes mail, bounces for one (RFC 5321 §5.1, RFC 7505).
enum class MailDomain : std::uint8_t { takes_mail, null_mx, missing, unknown };

/// What a receiver finds for one address.
struct AddressResult {
  dns::IpAddress address;
  spf::Result spf;       ///< Of the envelope sender; for the null sender that of HELO.
  spf::Result spf_helo;  ///< `none` where there is no HELO name.
  iprev::Result iprev;
  std::optional<bool> helo_leads_here;  ///< Nullopt: not known.
  dmarc::Result dmarc;
};

struct RouteResult {
  std::vector<AddressResult> addresses;
  /// By DKIM alone, where no address is known; or that of the address for which it is worst.
  dmarc::Result dmarc;
  MailDomain sender = MailDomain::unknown;
  MailDomain author = MailDomain::unknown;
  /// SPF of the author's domain, as some receivers evaluate it; for the first address.
  std::optional<spf::Result> spf_of_author;
};

/// The look-ups for one message. They start in the constructor and are waited for in finish()
/// alone. Given up when it ends. Not thread-safe.
class Route {
 public:
  /// `sender`: the path without angle brackets. `signing_domains`: d= of the signatures.
  Route(const Environment& environment, const Envelope& envelope, const std::string& sender,
        const mail::Author& author, std::span<const mail::Domain> signing_domains);
  Route(const Route&) = delete;
  Route& operator=(const Route&) = delete;
  Route(Route&&) noexcept;
  Route& operator=(Route&&) noexcept;
  ~Route();

  [[nodiscard]] RouteResult finish(const mail::Author& author,
                                   std::span<const dkim::Result> signatures);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace sekisho::preflight
