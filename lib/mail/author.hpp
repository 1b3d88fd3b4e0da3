// Who wrote it: the author domain of a message (RFC 9989 §3.2.2, RFC 5322 §3.6.2, RFC 6854).
#pragma once

#include "mail/address.hpp"
#include "mail/from_fault.hpp"
#include "mail/header_field.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace sekisho::mail {

enum class AuthorStatus {
  single_domain,     ///< One From field, one author domain: the only case in which DMARC can pass.
  no_from,           ///< No From field.
  multiple_from,     ///< More than one From field.
  multiple_domains,  ///< One From field with authors of more than one domain.
  no_author,         ///< One From field without a mailbox (an empty group, RFC 6854).
  mailer_daemon,     ///< One From field as delivery reports have it: `<>`, `<MAILER-DAEMON>`.
  unparsable,        ///< One From field that is no address-list, and not one address besides.
  unusable_domain,   ///< An author's domain is a literal or no valid name.
  header_too_large,  ///< Not all of the header section was read, so there may be another From
                     ///< field.
};
/// The enumerator's name.
[[nodiscard]] std::string_view format_author_status(AuthorStatus status);

struct Author {
  AuthorStatus status = AuthorStatus::no_from;
  /// What is wrong with the field. Where the status is `single_domain`, that of its display part.
  FromFault fault = FromFault::none;
  std::string reason;              ///< For people: why it is not `single_domain`.
  std::vector<Mailbox> mailboxes;  ///< Of the first From field, where it could be read.
  std::vector<Domain>
      domains;  ///< Of `mailboxes`, each once and in order; one where `single_domain`.
};

/// Whether the author domain is known though the display part is not the grammar of RFC 5322 §3.4.
[[nodiscard]] inline bool has_unparsable_display(const Author& author) {
  return author.status == AuthorStatus::single_domain && author.fault != FromFault::none;
}

/// An author of `status`, which is not `single_domain`, for the reason that `fault` says.
[[nodiscard]] Author without_domain(AuthorStatus status, FromFault fault);

/// Only From counts: Sender, Reply-To and the Resent- fields never name the author. What is not
/// plain is not guessed at: whatever a reader might show, a message with any other status than
/// `single_domain` has no author that could pass. A field that is no address list and yet shows
/// one address to every reader (find_lone_address()) has that author.
[[nodiscard]] Author find_author(const HeaderSection& header, const AddressLimits& limits = {});

}  // namespace sekisho::mail
