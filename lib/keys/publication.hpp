// Whether the DNS shows a key that we sign with.
#pragma once

#include "dkim/signing_key.hpp"
#include "dns/lookups.hpp"
#include "dns/task.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace sekisho::keys {

enum class PublicationState : std::uint8_t {
  unknown,    ///< Not looked up yet, or the DNS gave no answer.
  published,  ///< The record is there and holds this key.
  missing,    ///< No record at this name.
  mismatch,   ///< A record, but of another key, revoked, or not usable for mail.
};
[[nodiscard]] std::string_view format_publication_state(PublicationState state);

struct Publication {
  PublicationState state = PublicationState::unknown;
  /// For people. Of a published key: what its record says that the operator should know.
  std::string reason;
  std::size_t records = 0;          ///< TXT records at the name; RFC 6376 §3.6.2.2 wants one.
  bool is_revoked = false;          ///< `p=` is empty (RFC 6376 §3.6.1).
  bool is_testing = false;          ///< t=y
  bool forbids_subdomains = false;  ///< t=s
};

/// Looks the record up and tries on it what a verifier will try: a signature of ours.
[[nodiscard]] dns::Task<Publication> check_publication(dns::Lookups lookups,
                                                       dkim::SigningKeyPtr key);
/// The same for an answer that is there.
[[nodiscard]] Publication judge_publication(const dns::Answer& answer,
                                            const crypto::PrivateKey& key);

/// The record that publishes a key: `v=DKIM1; k=rsa; p=…` (RFC 6376 §3.6.1, RFC 8463 §4).
[[nodiscard]] std::string format_key_record(const crypto::PrivateKey& key);

}  // namespace sekisho::keys
