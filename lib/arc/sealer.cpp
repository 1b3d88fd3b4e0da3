#include "arc/sealer.hpp"

#include "arc/set.hpp"
#include "arc/signatures.hpp"
#include "crypto/digest.hpp"
#include "dkim/algorithm.hpp"
#include "dkim/header_choice.hpp"
#include "dkim/header_hash.hpp"
#include "dkim/tag_writer.hpp"
#include "mail/ascii.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <utility>

namespace sekisho::arc {

namespace {

constexpr auto relaxed = dkim::Canonicalization::relaxed;
constexpr std::string_view dkim_signature = "dkim-signature";

// h= in lower case: what is signed, and the DKIM-Signatures (RFC 8617 §4.1.2). None of the fields
// that it forbids: choose_signed_names() never names them.
std::vector<std::string> names_to_sign(const dkim::HeaderIndex& index,
                                       const dkim::SignOptions& options) {
  std::vector<std::string> names;
  for (const std::string& name : dkim::choose_signed_names(index, options)) {
    names.push_back(mail::to_lower(name));
  }
  const std::size_t signatures = std::min(index.count(dkim_signature), dkim::max_signed_instances);
  names.insert(names.end(), signatures, std::string(dkim_signature));
  return names;
}

dkim::HeaderHash hash_fields(const dkim::HeaderIndex& index, const std::vector<std::string>& names,
                             dkim::Canonicalization canonicalization) {
  dkim::HeaderHash hash(canonicalization, dkim::signing_hash);
  for (const mail::HeaderField* field : index.select(names, nullptr)) {
    hash.add(*field);
  }
  return hash;
}

// The sets that a new seal covers before its own (RFC 8617 §5.1.1).
dkim::HeaderHash hash_sets(const Sets& sets) {
  dkim::HeaderHash hash(relaxed, dkim::signing_hash);
  if (!sets.failure) {
    for (const Set& set : sets.by_instance) {
      hash.add(*set.results);
      hash.add(*set.signature);
      hash.add(*set.seal);
    }
  }
  return hash;
}

bool says_fail(const Sets& sets) {
  return !sets.by_instance.empty() && sets.by_instance.back().seal != nullptr &&
         parse_seal(sets.by_instance.back().seal->value).chain_status == ChainStatus::fail;
}

mail::HeaderField results_field(std::size_t instance, const std::string& results) {
  return {"ARC-Authentication-Results", " i=" + std::to_string(instance) + ";" + results};
}

}  // namespace

struct Sealer::State {
  dkim::SigningKeyPtr key;
  dkim::CanonicalizationPair canonicalization;
  std::chrono::sys_seconds timestamp;
  std::vector<std::string> signed_names;
  bool covers_all_signatures = false;  ///< All DKIM-Signatures of the message.
  dkim::HeaderHash header_hash;
  dkim::BodyHashes::Id body_hash = 0;
  std::size_t highest = 0;  ///< Instance in the message.
  bool is_empty = true;     ///< Not one ARC field in the message.
  bool is_whole = false;    ///< Sets from 1 to the highest, each complete.
  bool says_fail = false;   ///< The last seal says cv=fail.
  dkim::HeaderHash sets_hash;

  [[nodiscard]] bool may_seal(ChainStatus status) const;
  void begin(dkim::TagWriter& tags, std::size_t instance) const;
  void end(dkim::TagWriter& tags, mail::HeaderField& field, const dkim::HeaderHash& covered) const;
  [[nodiscard]] mail::HeaderField sign(std::size_t instance, const crypto::Bytes& body_digest,
                                       std::span<const mail::HeaderField> added) const;
  [[nodiscard]] mail::HeaderField seal(std::size_t instance, ChainStatus status,
                                       const mail::HeaderField& results,
                                       const mail::HeaderField& signature) const;
};

// A chain that is said to be none or to pass, and is not so in the header, must not become one.
bool Sealer::State::may_seal(ChainStatus status) const {
  if (says_fail || highest >= max_instance) {
    return false;
  }
  switch (status) {
    case ChainStatus::none:
      return is_empty;
    case ChainStatus::pass:
      return !is_empty && is_whole;
    case ChainStatus::fail:
      return true;
  }
  std::unreachable();
}

void Sealer::State::begin(dkim::TagWriter& tags, std::size_t instance) const {
  tags.add("i", static_cast<std::int64_t>(instance));
  tags.add("a", dkim::format_algorithm(dkim::signing_algorithm(key->key.type())));
}

void Sealer::State::end(dkim::TagWriter& tags, mail::HeaderField& field,
                        const dkim::HeaderHash& covered) const {
  tags.begin_signature();
  field.value = tags.text();
  tags.end_signature(key->key.sign(dkim::signing_hash, covered.ended_by(field)));
  field.value = tags.text();
}

// The fields that were added are above all others, so they are selected last (RFC 6376 §5.4.2).
mail::HeaderField Sealer::State::sign(std::size_t instance, const crypto::Bytes& body_digest,
                                      std::span<const mail::HeaderField> added) const {
  std::vector<std::string> names = signed_names;
  dkim::HeaderHash hash = header_hash;
  for (const mail::HeaderField& field : added) {
    if (covers_all_signatures && mail::is_named(field, dkim_signature)) {
      names.emplace_back(dkim_signature);
      hash.add(field);
    }
  }
  mail::HeaderField field{"ARC-Message-Signature", ""};
  dkim::TagWriter tags(field.name);
  begin(tags, instance);
  tags.add("c", dkim::format_canonicalization_pair(canonicalization));
  tags.add("d", key->domain.text());
  tags.add("s", key->selector);
  tags.add("t", timestamp.time_since_epoch().count());
  tags.add_list("h", names);
  tags.add("bh", crypto::encode_base64(body_digest));
  end(tags, field, hash);
  return field;
}

mail::HeaderField Sealer::State::seal(std::size_t instance, ChainStatus status,
                                      const mail::HeaderField& results,
                                      const mail::HeaderField& signature) const {
  mail::HeaderField field{"ARC-Seal", ""};
  dkim::TagWriter tags(field.name);
  begin(tags, instance);
  tags.add("cv", format_chain_status(status));
  tags.add("d", key->domain.text());
  tags.add("s", key->selector);
  tags.add("t", timestamp.time_since_epoch().count());
  // RFC 8617 §5.1.2: of a failed chain nothing can be covered.
  dkim::HeaderHash covered =
      status == ChainStatus::fail ? dkim::HeaderHash(relaxed, dkim::signing_hash) : sets_hash;
  covered.add(results);
  covered.add(signature);
  end(tags, field, covered);
  return field;
}

Sealer::Sealer(const mail::HeaderSection& header, dkim::SigningKeyPtr key,
               const dkim::SignOptions& options, std::chrono::sys_seconds now,
               dkim::BodyHashes& hashes) {
  const dkim::HeaderIndex index(header);
  std::vector<std::string> names = names_to_sign(index, options);
  dkim::HeaderHash header_hash = hash_fields(index, names, options.header_canonicalization);
  const Sets sets = collect_sets(header, max_instance);
  state_ = std::make_unique<State>(
      State{.key = std::move(key),
            .canonicalization = {options.header_canonicalization, options.body_canonicalization},
            .timestamp = now,
            .signed_names = std::move(names),
            .covers_all_signatures = index.count(dkim_signature) <= dkim::max_signed_instances,
            .header_hash = std::move(header_hash),
            .body_hash = hashes.request({options.body_canonicalization, dkim::signing_hash, {}}),
            .highest = sets.by_instance.size(),
            .is_empty = sets.is_empty,
            .is_whole = !sets.failure,
            .says_fail = says_fail(sets),
            .sets_hash = hash_sets(sets)});
}

Sealer::Sealer(Sealer&&) noexcept = default;
Sealer& Sealer::operator=(Sealer&&) noexcept = default;
Sealer::~Sealer() = default;

std::vector<mail::HeaderField> Sealer::finish(const dkim::BodyHashes& hashes,
                                              const ChainResult& chain, const std::string& results,
                                              std::span<const mail::HeaderField> added) const {
  if (!state_->may_seal(chain.status)) {
    return {};
  }
  const std::size_t instance = state_->highest + 1;
  mail::HeaderField results_part = results_field(instance, results);
  mail::HeaderField signature = state_->sign(instance, hashes[state_->body_hash].digest, added);
  mail::HeaderField seal = state_->seal(instance, chain.status, results_part, signature);
  return {std::move(results_part), std::move(signature), std::move(seal)};
}

}  // namespace sekisho::arc
