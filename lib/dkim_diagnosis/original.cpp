#include "dkim_diagnosis/original.hpp"

#include "dkim/canonicalize.hpp"
#include "dkim/header_hash.hpp"
#include "dkim_diagnosis/body_search.hpp"
#include "dkim_diagnosis/canonical_body.hpp"
#include "dkim_diagnosis/header_search.hpp"
#include "mail/ascii.hpp"

#include <algorithm>
#include <utility>

namespace sekisho::dkim_diagnosis {

namespace {

std::string value_of(const Message& message, std::string_view name) {
  const auto fields = mail::fields_named(message.header, name);
  return fields.empty() ? "" : fields.back()->value;
}

crypto::Bytes body_hash_of(const dkim::Signature& signature, const std::string& body) {
  dkim::BodyHashes hashes;
  const auto id = hashes.request(signature.body_hash_request());
  hashes.update(body);
  hashes.finish();
  return hashes[id].digest;
}

// From the first line that differs to the last one.
BodyChange differing_lines(const dkim::Signature& signature, const Message& message,
                           const Message& original) {
  const CanonicalBody now(message.body, signature.body_canonicalization);
  const CanonicalBody was(original.body, signature.body_canonicalization);
  const std::size_t shorter = std::min(now.line_count(), was.line_count());
  std::size_t first = 0;
  while (first < shorter && now.line(first) == was.line(first)) {
    ++first;
  }
  std::size_t last = 0;
  while (first + last < shorter &&
         now.line(now.line_count() - 1 - last) == was.line(was.line_count() - 1 - last)) {
    ++last;
  }
  return {.id = ChangeId::body_block, .line = first + 1, .lines = now.line_count() - first - last};
}

void compare_bodies(const dkim::Signature& signature, const Message& message,
                    const Message& original, Budget& budget, SignatureDiagnosis& diagnosis) {
  dkim::Signature wanted = signature;
  wanted.body_hash = body_hash_of(signature, original.body);
  if (wanted.body_hash == body_hash_of(signature, message.body)) {
    return;  // what differs is not signed, or the file is not what was signed
  }
  Budget part = budget.part(0.5);
  auto found = explain_body(
      wanted, message.body,
      {{value_of(message, "Content-Type"), value_of(message, "Content-Transfer-Encoding")}, {}},
      part);
  budget.add(part);
  diagnosis.body.changes = found ? std::move(found->changes)
                                 : std::vector{differing_lines(signature, message, original)};
  if (wanted.body_hash == signature.body_hash) {
    diagnosis.body.state = State::explained;
    diagnosis.original_body = original.body;
  }
}

// The header section that was sent, with the signature field of the message that came.
mail::HeaderSection with_signature(const Message& original, const mail::HeaderField& signature) {
  mail::HeaderSection header = {signature};
  for (const mail::HeaderField& field : original.header) {
    if (!mail::is_named(field, "DKIM-Signature")) {
      header.push_back(field);
    }
  }
  return header;
}

std::vector<std::string> signed_texts(const dkim::Signature& signature, const std::string& name,
                                      const mail::HeaderSection& header) {
  std::vector<std::string> texts;
  for (const mail::HeaderField* field : mail::fields_named(header, name)) {
    texts.push_back(dkim::canonicalize_header(*field, signature.header_canonicalization));
  }
  return texts;
}

// Field by field, where no repair gives the old value.
std::vector<HeaderChange> differing_fields(const dkim::Signature& signature, const Message& message,
                                           const mail::HeaderSection& original) {
  std::vector<HeaderChange> changes;
  std::vector<std::string> names = signature.signed_names;
  std::ranges::sort(names);
  names.erase(std::ranges::unique(names).begin(), names.end());
  for (const std::string& name : names) {
    if (signed_texts(signature, name, message.header) == signed_texts(signature, name, original)) {
      continue;
    }
    const auto now = mail::fields_named(message.header, name);
    const auto was = mail::fields_named(original, name);
    const bool is_added = was.size() < now.size();
    HeaderChange change{.id = is_added ? ChangeId::head_added : ChangeId::head_gone,
                        .field = now.empty() ? was.front()->name : now.front()->name,
                        .instance = now.empty() ? 0U : 1U,
                        .was = std::nullopt,
                        .now = std::nullopt};
    if (!was.empty() && !is_added) {
      change.was = was.front()->value;
    }
    if (!now.empty()) {
      change.now = now.front()->value;
    }
    changes.push_back(std::move(change));
  }
  return changes;
}

void compare_headers(const SignatureView& view, const dkim::Signature& signature,
                     const Message& message, const Message& original, Budget& budget,
                     SignatureDiagnosis& diagnosis) {
  const mail::HeaderSection sent = with_signature(original, *view.field);
  const auto algorithm = signature.body_hash_request().hash;
  const dkim::HeaderIndex index(sent);
  const crypto::Bytes digest = dkim::hash_header(
      index.select(signature.signed_names, &sent.front()),
      dkim::without_signature_value(*view.field), signature.header_canonicalization, algorithm);
  const FieldHints hints{.header = &message.header, .copied = sent, .contents = {}, .found = {}};
  auto found =
      explain_header(signature, *view.field, message.header,
                     {.digest = crypto::SignedDigest{algorithm, digest}, .key = {}}, hints, budget);
  diagnosis.header.changes =
      found ? std::move(found->changes) : differing_fields(signature, message, sent);
  const bool is_signed = view.keys && std::ranges::any_of(*view.keys, [&](const auto& record) {
                           return record.key.verify(algorithm, digest, signature.signature);
                         });
  if (is_signed) {
    diagnosis.header.state = diagnosis.header.changes.empty() ? State::same : State::explained;
    diagnosis.original_header = sent;
    diagnosis.key = KeyState::made_by_published;
  }
}

}  // namespace

void compare_with_original(const SignatureView& view, const Message& message,
                           const Message& original, Budget& budget, SignatureDiagnosis& diagnosis) {
  const dkim::Signature& signature = view.parsed.signature;
  if (!signature.algorithm || signature.body_hash.empty()) {
    return;
  }
  if (diagnosis.body.state == State::changed) {
    compare_bodies(signature, message, original, budget, diagnosis);
  }
  if (diagnosis.header.state == State::changed || diagnosis.header.state == State::unknown) {
    compare_headers(view, signature, message, original, budget, diagnosis);
  }
}

}  // namespace sekisho::dkim_diagnosis
