#include "dkim/verify_signature.hpp"

#include <algorithm>
#include <string>
#include <utility>

namespace sekisho::dkim {

namespace {

// RFC 8301 §3.2
constexpr std::size_t least_rsa_bits = 1024;

using Fault = std::optional<Failure>;

// RFC 6376 §6.1.2 steps 6 and 8, §3.6.1 (t=s).
Fault check_key_fits(const Signature& signature, const KeyRecord& record) {
  if (!record.allows_sha256) {
    return Failure{ResultCode::permerror, "key does not allow this hash algorithm"};
  }
  if (record.key.type() != key_type_of(*signature.algorithm)) {
    return Failure{ResultCode::permerror, "key is of another type than a= says"};
  }
  if (record.forbids_subdomains && signature.auid_is_subdomain) {
    return Failure{ResultCode::permerror, "i= lies below d=, which the key forbids"};
  }
  return {};
}

// RFC 6376 §6.1.3 step 3. An l= beyond the end of the body breaks a rule of the syntax (§3.5), so
// it is no mere mismatch.
Fault check_body(const Signature& signature, const BodyHash& body) {
  if (signature.body_length && body.hashed_octets < *signature.body_length) {
    return Failure{ResultCode::permerror, "l= is larger than the body"};
  }
  if (body.digest != signature.body_hash) {
    return Failure{ResultCode::fail, std::string(body_hash_mismatch)};
  }
  return {};
}

// RFC 6376 §6.1.3 step 4.
Fault check_header(const Signature& signature, const KeyRecord& record,
                   const crypto::Bytes& header_hash) {
  const bool holds =
      record.key.verify(hash_of(*signature.algorithm), header_hash, signature.signature);
  return holds ? Fault() : Failure{ResultCode::fail, "signature did not verify"};
}

// The mathematics hold; RFC 8601 §2.7.1 calls it `policy` where some aspect of a signature is not
// acceptable all the same. RFC 8301 §3.2 and RFC 6376 §8.2 say which.
Fault check_acceptable(const KeyRecord& record, const BodyHash& body,
                       const VerifyOptions& options) {
  const std::size_t least = std::max(options.min_rsa_bits, least_rsa_bits);
  if (record.key.type() == crypto::KeyType::rsa && record.key.bits() < least) {
    return Failure{ResultCode::policy, "key has " + std::to_string(record.key.bits()) +
                                           " bits, below " + std::to_string(least)};
  }
  if (body.body_was_longer && !options.allow_partial_body) {
    return Failure{ResultCode::policy, "l= leaves a part of the body unsigned"};
  }
  return {};
}

Fault verify_with(const KeyRecord& record, const Signature& signature, const BodyHash& body,
                  const crypto::Bytes& header_hash, const VerifyOptions& options) {
  if (auto fault = check_body(signature, body)) {
    return fault;
  }
  if (auto fault = check_header(signature, record, header_hash)) {
    return fault;
  }
  return check_acceptable(record, body, options);
}

// RFC 6376 §3.6.1, t=y: a signature that fails counts as none at all, and RFC 8601 §2.7.1 has a
// word that ensures this: `neutral`.
Fault soften(Fault fault, const KeyRecord& record) {
  if (fault && fault->code == ResultCode::fail && record.is_testing) {
    return Failure{ResultCode::neutral, fault->reason + ", domain is testing"};
  }
  return fault;
}

}  // namespace

std::optional<Failure> check_terms(const Signature& signature, std::chrono::sys_seconds now,
                                   std::chrono::seconds clock_drift) {
  // RFC 8301 §3.1: rsa-sha1 must not be used for verifying, so whether it would hold is not asked;
  // and "not acceptable" is what RFC 8601 §2.7.1 has `policy` for.
  if (signature.algorithm == Algorithm::rsa_sha1) {
    return Failure{ResultCode::policy, "rsa-sha1 is not accepted (RFC 8301)"};
  }
  // RFC 6376 §3.5: signatures out of their time may be considered invalid. That is a failed test,
  // not an error in the signature.
  if (signature.timestamp && *signature.timestamp > now + clock_drift) {
    return Failure{ResultCode::fail, "signature is dated in the future"};
  }
  if (signature.expiration && now > *signature.expiration + clock_drift) {
    return Failure{ResultCode::fail, "signature expired"};
  }
  return {};
}

Verification verify_signature(const Signature& signature, const std::vector<KeyRecord>& keys,
                              const BodyHash& body_hash, const crypto::Bytes& header_hash,
                              const VerifyOptions& options) {
  Fault misfit = Failure{ResultCode::permerror, "no key for signature"};
  std::optional<Verification> first;
  for (const KeyRecord& record : keys) {
    if (auto fault = check_key_fits(signature, record)) {
      misfit = std::move(fault);
      continue;
    }
    const Fault fault = verify_with(record, signature, body_hash, header_hash, options);
    Verification verification{soften(fault, record), record.key.bits(), record.is_testing};
    if (!fault) {
      return verification;
    }
    first = first ? std::move(first) : std::move(verification);
  }
  return first ? *std::move(first) : Verification{.failure = std::move(misfit)};
}

}  // namespace sekisho::dkim
