// A key with the name under which the DNS shows it.
#pragma once

#include "crypto/private_key.hpp"
#include "mail/domain.hpp"

#include <memory>
#include <string>

namespace sekisho::dkim {

struct SigningKey {
  mail::Domain domain;   ///< d=
  std::string selector;  ///< s=, a valid name
  crypto::PrivateKey key;

  /// The name of its record: `selector._domainkey.domain` (RFC 6376 §3.6.2.1).
  [[nodiscard]] std::string record_name() const {
    return selector + "._domainkey." + domain.text();
  }
};
using SigningKeyPtr = std::shared_ptr<const SigningKey>;

}  // namespace sekisho::dkim
