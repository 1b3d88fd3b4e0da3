#include "dkim/verify_signature.hpp"

#include <algorithm>
#include <string>
#include <utility>

namespace sekisho::dkim {

namespace {

// RFC 8301 §3.2
constexpr std::size_t least_rsa_bits = 1024;

using MaybeFailure = std::optional<Failure>;

// RFC 6376 §6.1.2 steps 6 and 8, §3.6.1 (t=s).
MaybeFailure check_key_fits(const Signature& signature, const KeyRecord& record) {
  if (!record.allows_sha256) {
    return failure_of(Fault::hash_not_allowed);
  }
  if (record.key.type() != key_type_of(*signature.algorithm)) {
    return failure_of(Fault::key_type_differs_from_signature);
  }
  if (record.forbids_subdomains && signature.auid_is_subdomain) {
    return failure_of(Fault::subdomain_not_allowed);
  }
  return {};
}

// RFC 6376 §6.1.3 step 3.
MaybeFailure check_body(const Signature& signature, const BodyHash& body) {
  if (signature.body_length && body.hashed_octets < *signature.body_length) {
    return failure_of(Fault::body_length_beyond_body);
  }
  if (body.digest != signature.body_hash) {
    return failure_of(Fault::body_hash_mismatch);
  }
  return {};
}

// RFC 6376 §6.1.3 step 4.
MaybeFailure check_header(const Signature& signature, const KeyRecord& record,
                          const crypto::Bytes& header_hash) {
  const bool holds =
      record.key.verify(hash_of(*signature.algorithm), header_hash, signature.signature);
  return holds ? MaybeFailure() : failure_of(Fault::signature_mismatch);
}

// The mathematics hold; RFC 8601 §2.7.1 calls it `policy` where some aspect of a signature is not
// acceptable all the same. RFC 8301 §3.2 and RFC 6376 §8.2 say which.
MaybeFailure check_acceptable(const KeyRecord& record, const BodyHash& body,
                              const VerifyOptions& options) {
  const std::size_t least = std::max(options.min_rsa_bits, least_rsa_bits);
  if (record.key.type() == crypto::KeyType::rsa && record.key.bits() < least) {
    return failure_of(Fault::key_too_short,
                      std::to_string(record.key.bits()) + " bits, below " + std::to_string(least));
  }
  if (body.body_was_longer && !options.allow_partial_body) {
    return failure_of(Fault::partial_body);
  }
  return {};
}

MaybeFailure verify_with(const KeyRecord& record, const Signature& signature, const BodyHash& body,
                         const crypto::Bytes& header_hash, const VerifyOptions& options) {
  if (auto failure = check_body(signature, body)) {
    return failure;
  }
  if (auto failure = check_header(signature, record, header_hash)) {
    return failure;
  }
  return check_acceptable(record, body, options);
}

// RFC 6376 §3.6.1, t=y: a signature that fails counts as none at all, and RFC 8601 §2.7.1 has a
// word that ensures this: `neutral`.
MaybeFailure soften(MaybeFailure failure, const KeyRecord& record) {
  if (failure && failure->code == ResultCode::fail && record.is_testing) {
    failure->code = ResultCode::neutral;
    failure->reason += ", domain is testing";
  }
  return failure;
}

}  // namespace

std::optional<Failure> check_terms(const Signature& signature, std::chrono::sys_seconds now,
                                   std::chrono::seconds clock_drift) {
  // RFC 8301 §3.1
  if (signature.algorithm == Algorithm::rsa_sha1) {
    return failure_of(Fault::sha1_algorithm);
  }
  // RFC 6376 §3.5
  if (signature.timestamp && *signature.timestamp > now + clock_drift) {
    return failure_of(Fault::timestamp_in_future);
  }
  if (signature.expiration && now > *signature.expiration + clock_drift) {
    return failure_of(Fault::expired);
  }
  return {};
}

Verification verify_signature(const Signature& signature, const std::vector<KeyRecord>& keys,
                              const BodyHash& body_hash, const crypto::Bytes& header_hash,
                              const VerifyOptions& options) {
  MaybeFailure misfit = failure_of(Fault::no_key);
  std::optional<Verification> first;
  for (const KeyRecord& record : keys) {
    if (auto failure = check_key_fits(signature, record)) {
      misfit = std::move(failure);
      continue;
    }
    const MaybeFailure failure = verify_with(record, signature, body_hash, header_hash, options);
    Verification verification{soften(failure, record), record.key.bits(), record.is_testing};
    if (!failure) {
      return verification;
    }
    first = first ? std::move(first) : std::move(verification);
  }
  return first ? *std::move(first) : Verification{.failure = std::move(misfit)};
}

}  // namespace sekisho::dkim
