// The typed outcome of every mechanism for one message. The header field, the policy, the reports,
// the log line and `--format json` are all drawn from it, so they cannot disagree.
#pragma once

#include "arc/result.hpp"
#include "dkim/result.hpp"
#include "dmarc/override_type.hpp"
#include "dmarc/result.hpp"
#include "dns/ip_address.hpp"
#include "iprev/iprev.hpp"
#include "mail/author.hpp"
#include "mail/domain.hpp"
#include "spf/result.hpp"
#include "tls/connection.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sekisho::findings {

/// Who sent it to us, as the MTA told it.
struct Client {
  /// Nullopt: a local submission without a network address, or one that is not known.
  std::optional<dns::IpAddress> address;
  std::uint16_t port = 0;  ///< Of the client's end of the connection; 0: unknown.
  std::string helo;
  std::string login;   ///< SASL login ({auth_authen}); empty: not authenticated.
  std::string daemon;  ///< {daemon_name}
  tls::Connection tls;
  bool is_unknown = false;  ///< It came over the network, and the MTA does not know from where.
};

/// The SMTP envelope (RFC 5321 §3.3), paths without angle brackets.
struct Envelope {
  std::string sender;  ///< Empty: the null sender.
  std::vector<std::string> recipients;
  std::string queue_id;  ///< The MTA's; empty as long as it has none.
};

/// A result that another host reports about a domain.
struct Assertion {
  std::string method;  ///< "dmarc", "spf", "dkim", in lower case.
  std::string result;
  /// Of RFC5322.From, the sender of the envelope, or d= (i= where it has no other).
  std::optional<mail::Domain> domain;

  bool operator==(const Assertion&) const = default;
};

/// What the first sealer of a chain found when the message came to it, as its
/// ARC-Authentication-Results says (RFC 8617 §4.1.1): its word, and worth as much as that.
struct Assessment {
  std::vector<Assertion> assertions;
  std::optional<dns::IpAddress> client;  ///< smtp.remote-ip: who sent it there.

  bool operator==(const Assessment&) const = default;
};

/// Why a failure is not acted upon: a PolicyOverrideReason of an aggregate report (RFC 9990
/// appendix A).
struct Override {
  dmarc::OverrideType type = dmarc::OverrideType::other;
  std::string comment;

  bool operator==(const Override&) const = default;
};

/// What the policy decides not to act upon, by mechanism. Not a part of the findings, which are
/// complete before the policy sees them.
struct Overrides {
  std::optional<Override> dmarc;
  std::optional<Override> spf;
  std::optional<Override> iprev;

  bool operator==(const Overrides&) const = default;
};

/// Whose mail it is: that of the outside, which is verified, or our own, which may be signed.
enum class Origin : std::uint8_t {
  outside,
  authenticated,  ///< The client logged in (SASL).
  daemon,         ///< It came to a daemon of the MTA that serves our users alone.
  internal,       ///< The client is in one of our networks, or on this host without any network.
  /// As internal, but the message was outside before, and what we found then is proved: it comes
  /// back from a filter, a list or a forwarding user.
  returned,
  /// As internal, but the message was outside before, and nothing proves what was found then. It is
  /// judged as one from outside, without its client, who is not the one who sent it.
  relayed,
};
/// May be signed as ours.
[[nodiscard]] constexpr bool is_ours(Origin origin) {
  return origin != Origin::outside && origin != Origin::relayed;
}
[[nodiscard]] std::string_view format_origin(Origin origin);
/// The address, or `local` or `unknown` where there is none.
[[nodiscard]] std::string format_client(const Client& client);

/// A signature that we made (RFC 6376 §5).
struct SignatureMade {
  mail::Domain domain;   ///< d=
  std::string selector;  ///< s=
};

/// Why a message of ours is not signed.
enum class NotSigned : std::uint8_t {
  none,       ///< It is signed, or not ours, or nothing is to be signed here.
  no_author,  ///< No From that names one domain.
  several_authors,
  failed_before,  ///< It came from outside, and DMARC did not pass then.
  unproved,       ///< It claims results of ours that are not proved.
  login,          ///< The login may not write for this author.
  no_key,         ///< No key for the author's domain.
  unpublished,    ///< The DNS shows none of its keys.
  unreadable,     ///< None of its keys can be read; a fault of ours.
};

/// What we put on the message as it leaves.
struct Outgoing {
  std::vector<SignatureMade> signatures;
  NotSigned not_signed = NotSigned::none;
  std::size_t sealed_instance = 0;  ///< i= of our ARC set; 0: not sealed.
};

/// A mechanism that did not run (not asked for, or a fault of ours) has no value here.
struct Findings {
  Client client;
  Envelope envelope;
  Origin origin = Origin::outside;
  mail::Author author;
  std::optional<iprev::Result> iprev;
  std::optional<spf::Result> spf_helo;
  /// With the null sender the one for `postmaster@HELO` (RFC 7208 §2.4). The result that counts for
  /// DMARC.
  std::optional<spf::Result> spf_mail_from;
  std::vector<dkim::Result> dkim;
  bool dkim_checked = false;
  arc::ChainResult arc;
  bool arc_checked = false;
  Assessment arc_assessment;  ///< Empty unless the chain passes.
  std::optional<dmarc::Result> dmarc;
  Outgoing outgoing;
  /// Header fields to be removed, since only we may write them.
  std::size_t forged_fields = 0;
  std::vector<std::string> faults;  ///< Mechanisms that failed for a reason of ours, one line each.
};

/// For people: why a message of ours is not signed. Empty where there is nothing to say.
[[nodiscard]] std::string describe_not_signed(const Findings& findings);

}  // namespace sekisho::findings
