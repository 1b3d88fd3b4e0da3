// What we found of a message on an earlier visit, for one that comes back from within: from an
// after-queue filter, a mailing list, a forwarding script.
#pragma once

#include "arc/result.hpp"
#include "authres/authentication_results.hpp"
#include "mail/domain.hpp"
#include "mail/header_field.hpp"

#include <optional>
#include <string>

namespace sekisho::checkpoint {

/// Our own Authentication-Results, where they are proved to be ours (find_provenance()).
struct EarlierResults {
  authres::AuthenticationResults field;
  std::optional<mail::Domain> author_domain;  ///< header.from of the DMARC result.
  bool dmarc_passed = false;
  std::optional<arc::ChainStatus> chain;
};

/// What the field says, whose value `value` was parsed into `field`. Nullopt: the message came from
/// a user of ours (auth=pass) and not from outside.
[[nodiscard]] std::optional<EarlierResults> read_earlier_results(
    const std::string& value, authres::AuthenticationResults field);

/// The chain as it stood when the message came in, for the seal of a message that was changed here
/// since: what RFC 8617 §5.1 calls the chain validation status. Its sets are counted as they stand
/// in `header`; a set that is `own_domain`'s may have been added since.
[[nodiscard]] arc::ChainResult chain_on_arrival(const mail::HeaderSection& header,
                                                const EarlierResults& earlier,
                                                const std::optional<mail::Domain>& own_domain);

}  // namespace sekisho::checkpoint
