// Signs of an indirect mail flow: a mailing list, a forwarder, a person who sent a message on (RFC
// 7960 §3.2).
#pragma once

#include "findings/findings.hpp"
#include "mail/header_field.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace sekisho::policy {

/// From the clearest to the weakest.
enum class IndirectSign : std::uint8_t {
  none,
  list_id,       ///< Mailing lists, RFC 7960 §3.2.3; RFC 2919.
  list_post,     ///< RFC 2369 §3.4: one can write to it, so it is a list of people.
  mailing_list,  ///< What ezmlm writes.
  precedence,    ///< `Precedence: list`, as Mailman writes it.
  resent_from,   ///< Resent by a person, RFC 7960 §3.2.2; RFC 5322 §3.6.6.
  resent_sender,
  resent_to,
  x_forwarded_to,  ///< Aliases and forwarding mailboxes, RFC 7960 §3.2.1.
  x_forwarded_for,
  x_sieve_redirected_from,  ///< What Pigeonhole writes (RFC 5228 §4.2, redirect).
  delivered_to,             ///< Was delivered once before it came here, RFC 9228.
  rewritten_sender,         ///< The sender of the envelope has the form of SRS0 or SRS1.
  arc_chain,                ///< An ARC chain that passes, RFC 8617 §3.6.
};
/// The name of the field, or words.
[[nodiscard]] std::string_view format_indirect_sign(IndirectSign sign);
/// Whether it is a mailing list that shows it.
[[nodiscard]] bool is_list_sign(IndirectSign sign);

/// What the header section says of the way of a message. Anybody can write these fields, and
/// nothing of it is authentic.
struct Signs {
  /// That of a field which counts by itself, or of one of several fields of a list.
  IndirectSign header = IndirectSign::none;
  /// That of the only field of a list that there is: it counts where the list has signed.
  IndirectSign lone_list_field = IndirectSign::none;
  /// The identifier of the mailing list (RFC 2919 §3), lower case, without its angle brackets;
  /// empty where there is none, or more than one field.
  std::string list_id;
};

[[nodiscard]] Signs find_signs(const mail::HeaderSection& header);

/// The sign that hints most clearly at an intermediary between the author and us: one of the
/// header, the sender's form, or what was authenticated: an ARC chain that passes, and a signature
/// that passes for the domain of a list which shows no more than one field. It is part of the
/// "other knowledge and analysis" without which no message may be refused for p=reject (RFC 9989
/// §7.4).
///
/// A forger can give himself such a sign. So it only ever lowers a refusal to what is done under
/// p=quarantine, and never makes DMARC pass: what he gains is what RFC 9989 §7.4 gives to every
/// failing message.
[[nodiscard]] IndirectSign find_indirect_sign(const Signs& signs,
                                              const findings::Findings& findings);

}  // namespace sekisho::policy
