#include "arc/validator.hpp"

#include "crypto/digest.hpp"
#include "dkim/header_hash.hpp"
#include "dkim/verify_signature.hpp"

#include <algorithm>
#include <utility>

namespace sekisho::arc {

namespace {

// The seal of each instance, as far as there is one.
std::vector<std::optional<Seal>> parse_seals(const std::vector<Set>& sets) {
  std::vector<std::optional<Seal>> seals;
  for (const Set& set : sets) {
    seals.push_back(set.seal == nullptr ? std::nullopt
                                        : std::optional(parse_seal(set.seal->value)));
  }
  return seals;
}

std::vector<SealIdentity> sealers_of(const std::vector<std::optional<Seal>>& seals) {
  std::vector<SealIdentity> sealers;
  for (const std::optional<Seal>& seal : seals) {
    if (seal && seal->parsed.signature.domain) {
      const dkim::Signature& signature = seal->parsed.signature;
      sealers.push_back({*signature.domain, signature.selector});
    }
  }
  return sealers;
}

// RFC 8617 §5.2 step 2. It holds whatever the rest of the chain looks like.
bool is_marked_failed(const std::vector<std::optional<Seal>>& seals) {
  return !seals.empty() && seals.back() && seals.back()->chain_status == ChainStatus::fail;
}

// RFC 8617 §5.2 step 3C.
std::optional<Failure> check_chain_status(const std::vector<std::optional<Seal>>& seals) {
  for (std::size_t i = 0; i < seals.size(); ++i) {
    const ChainStatus expected = i == 0 ? ChainStatus::none : ChainStatus::pass;
    if (seals[i]->chain_status != expected) {
      return failure_of(Fault::wrong_chain_status, {i + 1, format_chain_status(expected)});
    }
  }
  return std::nullopt;
}

}  // namespace

Validator::Validator(dkim::KeyFetches keys, const mail::HeaderSection& header,
                     const Options& options, const dkim::VerifyOptions& signature_options,
                     std::chrono::sys_seconds now, dkim::BodyHashes& hashes)
    : signature_options_(signature_options), keys_(std::move(keys)) {
  const Sets sets = collect_sets(header, std::min(options.max_sets, max_instance));
  if (sets.is_empty) {  // step 1
    is_decided_ = true;
    return;
  }
  const auto seals = parse_seals(sets.by_instance);
  result_.sets = seals.size();
  result_.sealers = sealers_of(seals);
  if (is_marked_failed(seals)) {  // step 2
    fail(failure_of(Fault::marked_failed, {.number = seals.size()}));
    return;
  }
  if (sets.failure) {  // steps 1, 3A and 3B
    fail(*sets.failure);
    return;
  }
  if (auto failure = check_chain_status(seals)) {  // step 3C
    fail(*std::move(failure));
    return;
  }
  read(sets.by_instance, seals, now);
  if (auto failure = find_failure()) {
    fail(*std::move(failure));
    return;
  }
  ask(hashes);
  hash_message_headers(header, sets.by_instance);
  hash_seals(sets.by_instance);
  first_results_ = find_leading_instance(sets.by_instance.front().results->value)->rest;
}

void Validator::fail(Failure failure) {
  result_.status = ChainStatus::fail;
  result_.fault = failure.fault;
  result_.signature_fault = failure.signature;
  result_.reason = std::move(failure.reason);
  is_decided_ = true;
}

Validator::Check Validator::check_of(dkim::ParsedSignature parsed,
                                     std::chrono::sys_seconds now) const {
  Check check;
  check.signature = std::move(parsed.signature);
  check.failure = std::move(parsed.failure);
  if (!check.failure) {
    check.failure = dkim::check_terms(check.signature, now, signature_options_.clock_drift);
  }
  return check;
}

void Validator::read(const std::vector<Set>& sets, const std::vector<std::optional<Seal>>& seals,
                     std::chrono::sys_seconds now) {
  for (std::size_t i = 0; i < sets.size(); ++i) {
    seals_.push_back(check_of(seals[i]->parsed, now));
    messages_.push_back(check_of(
        parse_message_signature(sets[i].signature->value, signature_options_.max_signed_names),
        now));
  }
}

// As much of steps 4 and 6 as needs no key: why the chain fails whatever the DNS says.
std::optional<Failure> Validator::find_failure() const {
  if (messages_.back().failure) {
    return failure_of(Fault::message_signature, messages_.size(), *messages_.back().failure);
  }
  for (std::size_t instance = seals_.size(); instance > 0; --instance) {
    if (const auto& failure = seals_[instance - 1].failure) {
      return failure_of(Fault::seal, instance, *failure);
    }
  }
  return std::nullopt;
}

void Validator::ask(dkim::BodyHashes& hashes) {
  for (Check& message : messages_) {
    if (!message.failure) {
      message.key = keys_.request(message.signature.selector, *message.signature.domain);
      message.body_hash = hashes.request(message.signature.body_hash_request());
    }
  }
  for (Check& seal : seals_) {
    seal.key = keys_.request(seal.signature.selector, *seal.signature.domain);
  }
}

void Validator::hash_message_headers(const mail::HeaderSection& header,
                                     const std::vector<Set>& sets) {
  const dkim::HeaderIndex index(header);
  for (std::size_t i = 0; i < sets.size(); ++i) {
    Check& message = messages_[i];
    if (!message.failure) {
      const auto signed_fields = index.select(message.signature.signed_names, sets[i].signature);
      message.header_hash = dkim::hash_header(
          signed_fields, dkim::without_signature_value(*sets[i].signature),
          message.signature.header_canonicalization, dkim::hash_of(*message.signature.algorithm));
    }
  }
}

// RFC 8617 §5.1.1: a seal covers all sets up to its own, from the first on, each in the order
// results, message signature, seal; in relaxed canonicalisation (§4.1.3). Each field is hashed once
// for all seals that cover it.
void Validator::hash_seals(const std::vector<Set>& sets) {
  // A seal with another hash than this has failed by then (RFC 8301 §3.1).
  dkim::HeaderHash covered(dkim::Canonicalization::relaxed, crypto::HashAlgorithm::sha256);
  for (std::size_t i = 0; i < sets.size(); ++i) {
    covered.add(*sets[i].results);
    covered.add(*sets[i].signature);
    seals_[i].header_hash = covered.ended_by(dkim::without_signature_value(*sets[i].seal));
    covered.add(*sets[i].seal);
  }
}

// RFC 8617 §5.2.1: whatever is wrong, a look-up that failed included, is final.
std::optional<dkim::Failure> Validator::verify(const Check& check, const dkim::BodyHashes& hashes) {
  if (check.failure) {
    return check.failure;
  }
  const dkim::FetchedKeys& keys = keys_.keys(check.key);
  if (!keys) {
    return keys.error();
  }
  // Of a seal, the body hash is empty on both sides.
  const dkim::BodyHash body_hash = check.body_hash ? hashes[*check.body_hash] : dkim::BodyHash{};
  return dkim::verify_signature(check.signature, *keys, body_hash, check.header_hash,
                                signature_options_)
      .failure;
}

// RFC 8617 §5.2 step 5
std::size_t Validator::find_oldest_pass(const dkim::BodyHashes& hashes) {
  for (std::size_t instance = messages_.size() - 1; instance > 0; --instance) {
    if (verify(messages_[instance - 1], hashes)) {
      return instance + 1;
    }
  }
  return 0;
}

ChainResult Validator::finish(const dkim::BodyHashes& hashes) {
  if (is_decided_) {
    return result_;
  }
  if (const auto failure = verify(messages_.back(), hashes)) {  // step 4
    fail(failure_of(Fault::message_signature, messages_.size(), *failure));
    return result_;
  }
  for (std::size_t instance = seals_.size(); instance > 0; --instance) {  // step 6
    if (const auto failure = verify(seals_[instance - 1], hashes)) {
      fail(failure_of(Fault::seal, instance, *failure));
      return result_;
    }
  }
  result_.status = ChainStatus::pass;              // step 7
  result_.oldest_pass = find_oldest_pass(hashes);  // step 5, which no other step needs
  result_.first_results = std::move(first_results_);
  is_decided_ = true;
  return result_;
}

}  // namespace sekisho::arc
