#include "dkim/algorithm.hpp"

#include "mail/ascii.hpp"

#include <utility>

namespace sekisho::dkim {

// RFC 6376 §3.2 wants values compared with their case unless the tag says otherwise, and its ABNF
// says otherwise: a quoted word has no case (RFC 5234 §2.3), and where case counts (v=) it is
// spelled in octets. So it is for all words of signatures and key records.
std::optional<Algorithm> parse_algorithm(std::string_view text) {
  for (const Algorithm algorithm :
       {Algorithm::rsa_sha1, Algorithm::rsa_sha256, Algorithm::ed25519_sha256}) {
    if (mail::equals_ignoring_case(text, format_algorithm(algorithm))) {
      return algorithm;
    }
  }
  return std::nullopt;
}

std::string_view format_algorithm(Algorithm algorithm) {
  switch (algorithm) {
    case Algorithm::rsa_sha1:
      return "rsa-sha1";
    case Algorithm::rsa_sha256:
      return "rsa-sha256";
    case Algorithm::ed25519_sha256:
      return "ed25519-sha256";
  }
  std::unreachable();
}

crypto::HashAlgorithm hash_of(Algorithm algorithm) {
  switch (algorithm) {
    case Algorithm::rsa_sha1:
      return crypto::HashAlgorithm::sha1;
    case Algorithm::rsa_sha256:
    case Algorithm::ed25519_sha256:
      return crypto::HashAlgorithm::sha256;
  }
  std::unreachable();
}

crypto::KeyType key_type_of(Algorithm algorithm) {
  switch (algorithm) {
    case Algorithm::rsa_sha1:
    case Algorithm::rsa_sha256:
      return crypto::KeyType::rsa;
    case Algorithm::ed25519_sha256:
      return crypto::KeyType::ed25519;
  }
  std::unreachable();
}

Algorithm signing_algorithm(crypto::KeyType type) {
  switch (type) {
    case crypto::KeyType::rsa:
      return Algorithm::rsa_sha256;
    case crypto::KeyType::ed25519:
      return Algorithm::ed25519_sha256;
  }
  std::unreachable();
}

}  // namespace sekisho::dkim
