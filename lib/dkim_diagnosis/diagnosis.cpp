#include "dkim_diagnosis/diagnosis.hpp"

#include "dkim/header_hash.hpp"
#include "dkim/verify_signature.hpp"
#include "dkim_diagnosis/body_search.hpp"
#include "dkim_diagnosis/canonical_body.hpp"
#include "dkim_diagnosis/content_coding.hpp"
#include "dkim_diagnosis/header_search.hpp"
#include "dkim_diagnosis/mime_parts.hpp"
#include "mail/tag_list.hpp"

#include <algorithm>
#include <utility>

namespace sekisho::dkim_diagnosis {

namespace {

constexpr double share_of_body = 0.6;
constexpr std::size_t max_copied_fields = 100;

std::string value_of(const mail::HeaderSection& header, std::string_view name) {
  const auto fields = mail::fields_named(header, name);
  return fields.empty() ? "" : fields.back()->value;
}

std::string tag_of(const mail::HeaderField& field, std::string_view name) {
  const auto tags = mail::TagList::parse(field.value);
  return tags ? std::string(tags->find(name).value_or("")) : "";
}

// z= (RFC 6376 §3.5): fields with bars between them, each in dkim-quoted-printable.
std::vector<mail::HeaderField> copied_fields(const mail::HeaderField& signature_field) {
  std::string text = tag_of(signature_field, "z");
  std::erase_if(text, [](char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; });
  std::vector<mail::HeaderField> fields;
  while (!text.empty() && fields.size() < max_copied_fields) {
    const std::size_t end = std::min(text.find('|'), text.size());
    const std::string field = decode_quoted_printable(std::string_view(text).substr(0, end));
    const std::size_t colon = field.find(':');
    if (colon != std::string::npos) {
      fields.push_back({field.substr(0, colon), field.substr(colon + 1)});
    }
    text.erase(0, end + 1);
  }
  return fields;
}

// Boundaries that stand anywhere but in Content-Type.
std::vector<std::string> old_boundaries(const mail::HeaderSection& header,
                                        const std::vector<mail::HeaderField>& copied) {
  constexpr std::size_t most = 10;
  std::vector<std::string> boundaries;
  const auto add = [&](const mail::HeaderField& field) {
    const auto boundary = parameter_of(field.value, "boundary");
    if (boundary && !boundary->empty() && boundaries.size() < most) {
      boundaries.push_back(*boundary);
    }
  };
  std::ranges::for_each(copied, add);
  std::ranges::for_each(header, add);
  return boundaries;
}

std::vector<Content> first_part(const Content& content, std::string_view body) {
  const Structure structure = find_parts(body, content);
  std::vector<Content> contents;
  for (const Part& part : structure.leaves) {
    if (part.is_enclosed && contents.size() < 3) {
      contents.push_back(part.content);
    }
  }
  return contents;
}

dkim::BodyHash hash_of_body(const dkim::BodyHashRequest& request, std::string_view body) {
  dkim::BodyHashes hashes;
  const auto id = hashes.request(request);
  hashes.update(body);
  hashes.finish();
  return hashes[id];
}

crypto::Bytes hash_of_header(const dkim::Signature& signature, const mail::HeaderSection& header,
                             const mail::HeaderField& signature_field) {
  const dkim::HeaderIndex index(header);
  return dkim::hash_header(index.select(signature.signed_names, &signature_field),
                           dkim::without_signature_value(signature_field),
                           signature.header_canonicalization, signature.body_hash_request().hash);
}

// The search for one signature.
class Examination {
 public:
  Examination(const SignatureView& view, const Message& message, Budget& budget)
      : view_(view), signature_(view.parsed.signature), message_(message), budget_(budget) {
    content_ = {value_of(message.header, "Content-Type"),
                value_of(message.header, "Content-Transfer-Encoding")};
  }

  SignatureDiagnosis run() && {
    diagnosis_.index = view_.index;
    diagnosis_.result = view_.result;
    diagnosis_.body_hash = signature_.body_hash;
    diagnosis_.canonicalization = {signature_.header_canonicalization,
                                   signature_.body_canonicalization};
    examine_key();
    if (is_readable()) {
      copied_ = copied_fields(*view_.field);
      examine_body();
      examine_header();
    }
    diagnosis_.hashes = budget_.hashes();
    diagnosis_.time = std::chrono::ceil<std::chrono::milliseconds>(budget_.elapsed());
    return std::move(diagnosis_);
  }

 private:
  // A damaged b= leaves the rest readable.
  [[nodiscard]] bool is_readable() const {
    using enum dkim::Fault;
    const dkim::Fault fault = view_.parsed.failure ? view_.parsed.failure->fault : none;
    return signature_.algorithm && !signature_.body_hash.empty() &&
           !signature_.signed_names.empty() &&
           (fault == none || fault == invalid_signature || fault == no_signature);
  }

  void examine_key() {
    key_ = dkim_diagnosis::examine_key(signature_, tag_of(*view_.field, "b"), view_.keys,
                                       view_.other_keys);
    signature_.signature = key_.signature;
    diagnosis_.key = view_.result.fault == dkim::Fault::expired ? KeyState::expired : key_.state;
    diagnosis_.fits = key_.fits;
  }

  void examine_body() {
    BodySide& body = diagnosis_.body;
    const dkim::BodyHash hash = hash_of_body(signature_.body_hash_request(), message_.body);
    if (hash.digest == signature_.body_hash) {
      body.state = State::same;
      note_unsigned_rest(hash);
      return;
    }
    Budget part = budget_.part(share_of_body);
    auto found = explain_body(signature_, message_.body,
                              {content_, old_boundaries(message_.header, copied_)}, part);
    budget_.add(part);
    if (found && holds(*found)) {
      body.state = State::explained;
      body.changes = std::move(found->changes);
      old_content_ = found->content;
      diagnosis_.original_body = std::move(found->body);
      return;
    }
    diagnosis_.is_complete = diagnosis_.is_complete && !part.is_exhausted();
    body.state = State::changed;
    note_loss(hash);
  }

  // l= (RFC 6376 §8.2): what follows is not signed.
  void note_unsigned_rest(const dkim::BodyHash& hash) {
    if (!hash.body_was_longer) {
      return;
    }
    const CanonicalBody canonical(message_.body, signature_.body_canonicalization);
    const std::size_t line =
        line_at(canonical.text(), static_cast<std::size_t>(hash.hashed_octets));
    diagnosis_.body.changes = {{.id = ChangeId::body_l,
                                .line = line + 1,
                                .lines = split_lines(message_.body).size() - line}};
  }

  // What is missing cannot be guessed.
  void note_loss(const dkim::BodyHash& hash) {
    const bool is_empty = message_.body.find_first_not_of(" \t\r\n") == std::string::npos;
    const bool is_short = signature_.body_length && hash.hashed_octets < *signature_.body_length;
    if (is_empty) {
      diagnosis_.body.changes = {{.id = ChangeId::body_empty}};
    } else if (is_short) {
      diagnosis_.body.changes = {{.id = ChangeId::body_l}};
    }
  }

  // Every hit goes through what verifies messages.
  [[nodiscard]] bool holds(const BodyExplanation& found) const {
    if (!found.is_canonical) {
      return true;  // no message gives this hash; the search has compared it
    }
    dkim::BodyHashRequest request = signature_.body_hash_request();
    request.canonicalization = found.canonicalization.value_or(request.canonicalization);
    request.length = found.ignores_length ? std::nullopt : request.length;
    return hash_of_body(request, found.body).digest == signature_.body_hash;
  }

  [[nodiscard]] bool holds(const HeaderExplanation& found) const {
    const crypto::Bytes hash =
        hash_of_header(signature_, found.header, found.header[found.signature_at]);
    return key_.record->key.verify(signature_.body_hash_request().hash, hash, signature_.signature);
  }

  void examine_header() {
    HeaderSide& header = diagnosis_.header;
    header.recovered = key_.digest.has_value();
    if (key_.is_cut) {
      header.state = State::changed;
      header.changes = {signature_change(ChangeId::sig_length)};
      return;
    }
    if (!key_.record || (key_.record->key.type() == crypto::KeyType::rsa && !key_.digest)) {
      return;  // no header makes another key's signature fit
    }
    FieldHints hints{.header = &message_.header,
                     .copied = copied_,
                     .contents = first_part(content_, message_.body)};
    if (old_content_) {
      hints.contents.insert(hints.contents.begin(), *old_content_);
      hints.found = old_content_;
    }
    HeaderTarget target{.digest = key_.digest, .key = key_.record->key};
    auto found = explain_header(signature_, *view_.field, message_.header, target, hints, budget_);
    if (!found || !holds(*found)) {
      header.state = State::changed;
      diagnosis_.is_complete = diagnosis_.is_complete && !budget_.is_exhausted();
      return;
    }
    if (diagnosis_.key == KeyState::unknown) {
      diagnosis_.key = KeyState::made_by_published;
    }
    header.changes = std::move(found->changes);
    diagnosis_.original_header = std::move(found->header);
    if (key_.has_foreign_characters) {
      header.changes.push_back(signature_change(ChangeId::sig_length));
    }
    header.state = header.changes.empty() ? State::same : State::explained;
  }

  [[nodiscard]] HeaderChange signature_change(ChangeId id) const {
    return {.id = id, .field = view_.field->name, .instance = view_.index};
  }

  const SignatureView& view_;
  dkim::Signature signature_;
  const Message& message_;
  Budget& budget_;
  Content content_;
  KeySide key_;
  std::vector<mail::HeaderField> copied_;
  std::optional<Content> old_content_;
  SignatureDiagnosis diagnosis_;
};

}  // namespace

std::string_view format_state(State state) {
  switch (state) {
    case State::same:
      return "same";
    case State::changed:
      return "changed";
    case State::explained:
      return "explained";
    case State::unknown:
      return "unknown";
  }
  std::unreachable();
}

SignatureDiagnosis diagnose(const SignatureView& signature, const Message& message,
                            Budget& budget) {
  return Examination(signature, message, budget).run();
}

}  // namespace sekisho::dkim_diagnosis
