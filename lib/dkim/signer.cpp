#include "dkim/signer.hpp"

#include "dkim/algorithm.hpp"
#include "dkim/auid.hpp"
#include "dkim/header_choice.hpp"
#include "dkim/header_hash.hpp"
#include "dkim/tag_writer.hpp"

#include <cstdint>
#include <optional>
#include <utility>

namespace sekisho::dkim {

namespace {

std::int64_t unix_time(std::chrono::sys_seconds time) {
  return time.time_since_epoch().count();
}

HeaderHash hash_fields(const HeaderIndex& index, const std::vector<std::string>& names,
                       Canonicalization canonicalization) {
  HeaderHash hash(canonicalization, signing_hash);
  for (const mail::HeaderField* field : index.select(names, nullptr)) {
    hash.add(*field);
  }
  return hash;
}

}  // namespace

bool is_auid_of(std::string_view auid, const mail::Domain& domain) {
  const auto parsed = parse_auid(encode_quoted_printable(auid));
  return parsed && parsed->has_valid_local_part && !auid.ends_with('.') &&
         parsed->domain.is_within(domain);
}

// All signatures of a message cover the same fields and the same body.
struct Signer::State {
  std::vector<SignatureRequest> requests;
  CanonicalizationPair canonicalization;
  std::chrono::sys_seconds timestamp;
  std::optional<std::chrono::sys_seconds> expiration;
  std::vector<std::string> signed_names;
  HeaderHash header_hash;
  BodyHashes::Id body_hash;

  [[nodiscard]] mail::HeaderField sign(const SignatureRequest& request,
                                       const crypto::Bytes& body_digest) const;
};

mail::HeaderField Signer::State::sign(const SignatureRequest& request,
                                      const crypto::Bytes& body_digest) const {
  const SigningKey& key = *request.key;
  mail::HeaderField field{"DKIM-Signature", ""};
  TagWriter tags(field.name);
  tags.add("v", "1");
  tags.add("a", format_algorithm(signing_algorithm(key.key.type())));
  tags.add("c", format_canonicalization_pair(canonicalization));
  tags.add("d", key.domain.text());
  tags.add("s", key.selector);
  tags.add("t", unix_time(timestamp));
  if (expiration) {
    tags.add("x", unix_time(*expiration));
  }
  if (is_auid_of(request.auid, key.domain)) {
    tags.add("i", encode_quoted_printable(request.auid));
  }
  tags.add_list("h", signed_names);
  tags.add("bh", crypto::encode_base64(body_digest));
  tags.begin_signature();
  field.value = tags.text();
  tags.end_signature(key.key.sign(signing_hash, header_hash.ended_by(field)));
  field.value = tags.text();
  return field;
}

Signer::Signer(const mail::HeaderSection& header, std::vector<SignatureRequest> requests,
               const SignOptions& options, std::chrono::sys_seconds now, BodyHashes& hashes) {
  const HeaderIndex index(header);
  std::vector<std::string> names = choose_signed_names(index, options);
  HeaderHash header_hash = hash_fields(index, names, options.header_canonicalization);
  const bool expires = options.expiry > std::chrono::seconds::zero();
  state_ = std::make_unique<State>(
      State{.requests = std::move(requests),
            .canonicalization = {options.header_canonicalization, options.body_canonicalization},
            .timestamp = now,
            .expiration = expires ? std::optional(now + options.expiry) : std::nullopt,
            .signed_names = std::move(names),
            .header_hash = std::move(header_hash),
            .body_hash = hashes.request({options.body_canonicalization, signing_hash, {}})});
}

Signer::Signer(Signer&&) noexcept = default;
Signer& Signer::operator=(Signer&&) noexcept = default;
Signer::~Signer() = default;

std::vector<mail::HeaderField> Signer::finish(const BodyHashes& hashes) const {
  std::vector<mail::HeaderField> fields;
  for (const SignatureRequest& request : state_->requests) {
    fields.push_back(state_->sign(request, hashes[state_->body_hash].digest));
  }
  return fields;
}

}  // namespace sekisho::dkim
