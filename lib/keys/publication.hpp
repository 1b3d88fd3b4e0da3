// Whether the DNS shows a key that we sign with.
#pragma once

#include "dkim/signing_key.hpp"
#include "dns/lookups.hpp"
#include "dns/task.hpp"

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
  std::string reason;  ///< For people.
};

[[nodiscard]] dns::Task<Publication> check_publication(dns::Lookups lookups,
                                                       dkim::SigningKeyPtr key);

}  // namespace sekisho::keys
