#include "dkim/verifier.hpp"

#include "dkim/header_hash.hpp"
#include "dkim/signature.hpp"
#include "dkim/verify_signature.hpp"

#include <algorithm>
#include <string>
#include <utility>

namespace sekisho::dkim {

namespace {

Result describe(const Signature& signature) {
  Result result;
  result.domain = signature.domain;
  result.selector = signature.selector;
  result.algorithm = signature.algorithm ? format_algorithm(*signature.algorithm) : "";
  result.auid = signature.auid;
  result.signature = crypto::encode_base64(signature.signature);
  return result;
}

// Whether the domain may speak for the author: it is the author's, or lies above or below it.
bool is_of_author(const mail::Domain& domain, const std::optional<mail::Domain>& author) {
  return author && (author->is_within(domain) || domain.is_within(*author));
}

// The header is what was signed, and bh= with it: a forger may put any bh= beside an old b=.
bool verifies_header(const std::vector<KeyRecord>& keys, const Signature& signature,
                     const crypto::Bytes& header_hash) {
  return std::ranges::any_of(keys, [&](const KeyRecord& record) {
    return record.key.type() == key_type_of(*signature.algorithm) &&
           record.key.verify(hash_of(*signature.algorithm), header_hash, signature.signature);
  });
}

std::string describe_added_lines(std::size_t lines) {
  return std::to_string(lines) + (lines == 1 ? " line was" : " lines were") + " added at the end";
}

}  // namespace

// One signature on its way to a result.
struct Verifier::Attempt {
  Signature signature;
  Result result;
  bool is_decided = false;
  bool is_watched = false;  ///< The end of the body is kept, to be searched for a footer.
  // Where it is not decided from the field alone:
  KeyFetches::Id key = 0;
  BodyHashes::Id body_hash = 0;
  crypto::Bytes header_hash;

  void end(const std::optional<Failure>& failure) {
    result.code = failure ? failure->code : ResultCode::pass;
    result.fault = failure ? failure->fault : Fault::none;
    result.reason = failure ? failure->reason : "";
    is_decided = true;
    signature = {};  // a header may be full of such fields
    header_hash = {};
  }
};

Verifier::Verifier(KeyFetches keys, const mail::HeaderSection& header,
                   const std::optional<mail::Domain>& author, const VerifyOptions& options,
                   std::chrono::sys_seconds now, BodyHashes& hashes)
    : options_(options), keys_(std::move(keys)) {
  const auto signature_fields = mail::fields_named(header, "DKIM-Signature");
  for (const mail::HeaderField* field : signature_fields) {
    attempts_.push_back(read_field(*field, now));
  }
  drop_excess(author);
  ask(author, hashes);
  hash_headers(header, signature_fields);
}

Verifier::Verifier(Verifier&&) noexcept = default;
Verifier& Verifier::operator=(Verifier&&) noexcept = default;
Verifier::~Verifier() = default;

// RFC 6376 §6.1.1: what the field says by itself.
Verifier::Attempt Verifier::read_field(const mail::HeaderField& field,
                                       std::chrono::sys_seconds now) const {
  ParsedSignature parsed = parse_signature(field.value, options_.max_signed_names);
  Attempt attempt;
  attempt.signature = std::move(parsed.signature);
  attempt.result = describe(attempt.signature);
  if (!parsed.failure) {
    parsed.failure = check_terms(attempt.signature, now, options_.clock_drift);
  }
  if (parsed.failure) {
    attempt.end(parsed.failure);
  }
  return attempt;
}

// RFC 6376 §6.1 and §8.4: the number of signatures that cost a look-up and a public-key operation
// is limited. Who adds many cannot push out the author's.
void Verifier::drop_excess(const std::optional<mail::Domain>& author) {
  std::vector<Attempt*> open;
  std::vector<Attempt*> of_others;
  for (Attempt& attempt : attempts_) {
    if (!attempt.is_decided) {
      const bool is_first = is_of_author(*attempt.signature.domain, author);
      (is_first ? open : of_others).push_back(&attempt);
    }
  }
  open.insert(open.end(), of_others.begin(), of_others.end());
  for (std::size_t i = options_.max_signatures; i < open.size(); ++i) {
    open[i]->end(failure_of(Fault::too_many_signatures, std::to_string(options_.max_signatures)));
  }
}

void Verifier::ask(const std::optional<mail::Domain>& author, BodyHashes& hashes) {
  for (Attempt& attempt : attempts_) {
    if (!attempt.is_decided) {
      attempt.key = keys_.request(attempt.signature.selector, *attempt.signature.domain);
      attempt.body_hash = hashes.request(attempt.signature.body_hash_request());
      if (options_.footer_body_octets > 0 && !attempt.signature.body_length &&
          is_of_author(*attempt.signature.domain, author)) {
        attempt.is_watched = true;
        hashes.watch_tail(attempt.body_hash, options_.footer_body_octets);
      }
    }
  }
}

void Verifier::hash_headers(const mail::HeaderSection& header,
                            const std::vector<const mail::HeaderField*>& signature_fields) {
  if (std::ranges::all_of(attempts_, &Attempt::is_decided)) {
    return;
  }
  const HeaderIndex index(header);
  for (std::size_t i = 0; i < attempts_.size(); ++i) {
    if (attempts_[i].is_decided) {
      continue;
    }
    const Signature& signature = attempts_[i].signature;
    const auto signed_fields = index.select(signature.signed_names, signature_fields[i]);
    attempts_[i].header_hash =
        hash_header(signed_fields, without_signature_value(*signature_fields[i]),
                    signature.header_canonicalization, hash_of(*signature.algorithm));
  }
}

std::vector<mail::Domain> Verifier::domains() const {
  std::vector<mail::Domain> domains;
  for (const Attempt& attempt : attempts_) {
    if (!attempt.is_decided) {
      domains.push_back(*attempt.signature.domain);
    }
  }
  return domains;
}

void Verifier::find_footer(Attempt& attempt, const std::vector<KeyRecord>& keys,
                           const BodyHashes& hashes, Failure& failure) {
  if (!verifies_header(keys, attempt.signature, attempt.header_hash)) {
    return;  // one public-key operation, before thousands of hashes
  }
  if (const auto lines = hashes.added_lines(attempt.body_hash, attempt.signature.body_hash)) {
    attempt.result.added_lines = *lines;
    failure.reason =
        describe_added_lines(*lines) + (attempt.result.testing ? ", domain is testing" : "");
  }
}

void Verifier::decide(Attempt& attempt, const BodyHashes& hashes) {
  const FetchedKeys& keys = keys_.keys(attempt.key);
  if (!keys) {
    attempt.end(keys.error());
    return;
  }
  const Verification verification = verify_signature(
      attempt.signature, *keys, hashes[attempt.body_hash], attempt.header_hash, options_);
  attempt.result.key_bits = verification.key_bits;
  attempt.result.testing = verification.is_testing;
  std::optional<Failure> failure = verification.failure;
  if (failure && failure->fault == Fault::body_hash_mismatch && attempt.is_watched) {
    find_footer(attempt, *keys, hashes, *failure);
  }
  attempt.end(failure);
}

std::vector<Result> Verifier::finish(const BodyHashes& hashes) {
  std::vector<Result> results;
  for (Attempt& attempt : attempts_) {
    if (!attempt.is_decided) {
      decide(attempt, hashes);
    }
    results.push_back(std::move(attempt.result));
  }
  return results;
}

}  // namespace sekisho::dkim
