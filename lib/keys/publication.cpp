#include "keys/publication.hpp"

#include "crypto/base64.hpp"
#include "dkim/key_record.hpp"

#include <optional>
#include <utility>

namespace sekisho::keys {

namespace {

constexpr std::size_t max_records = 10;

Publication in_state(PublicationState state, std::string reason) {
  Publication publication;
  publication.state = state;
  publication.reason = std::move(reason);
  return publication;
}

Publication judge_record(std::string_view text, const crypto::PrivateKey& key) {
  const auto record = dkim::parse_key_record(text, crypto::PrivateKey::max_rsa_bits);
  if (!record) {
    Publication publication = in_state(PublicationState::mismatch, record.error().reason);
    publication.is_revoked = record.error().fault == dkim::Fault::key_revoked;
    return publication;
  }
  if (!key.belongs_to(record->key)) {
    return in_state(PublicationState::mismatch, "the record holds another key");
  }
  if (!record->allows_sha256) {
    return in_state(PublicationState::mismatch, "the record does not allow SHA-256 (h=)");
  }
  Publication publication = in_state(PublicationState::published, "");
  publication.is_testing = record->is_testing;
  publication.forbids_subdomains = record->forbids_subdomains;
  if (record->is_testing) {
    publication.reason = "in test mode (t=y): verifiers may treat the mail as unsigned";
  }
  return publication;
}

void note_several(Publication& publication) {
  if (publication.records > 1) {
    publication.reason += publication.reason.empty() ? "" : "; ";
    publication.reason += std::to_string(publication.records) +
                          " records at this name: verifiers may take any one of them";
  }
}

}  // namespace

std::string_view format_publication_state(PublicationState state) {
  switch (state) {
    case PublicationState::unknown:
      return "unknown";
    case PublicationState::published:
      return "published";
    case PublicationState::missing:
      return "missing";
    case PublicationState::mismatch:
      return "mismatch";
  }
  std::unreachable();
}

Publication judge_publication(const dns::Answer& answer, const crypto::PrivateKey& key) {
  if (dns::is_temporary(answer.status)) {
    return in_state(PublicationState::unknown,
                    "the look-up failed: " + std::string(dns::format_status(answer.status)));
  }
  const auto texts = answer.all<dns::Text>();
  std::optional<Publication> best;
  for (std::size_t i = 0; i < texts.size() && i < max_records; ++i) {
    Publication publication = judge_record(texts[i]->data, key);
    const bool is_published = publication.state == PublicationState::published;
    if (!best || is_published) {
      best = std::move(publication);
    }
    if (is_published) {
      break;
    }
  }
  if (!best) {
    return in_state(PublicationState::missing, "there is no record");
  }
  best->records = texts.size();
  note_several(*best);
  return *std::move(best);
}

dns::Task<Publication> check_publication(dns::Lookups lookups, dkim::SigningKeyPtr key) {
  auto pending = lookups.lookup(key->record_name(), dns::RecordType::txt);
  const dns::Answer answer = co_await pending;
  const auto present = key->key.read();  // not kept for this alone
  co_return present ? judge_publication(answer, *present)
                    : in_state(PublicationState::unknown, present.error());
}

std::string format_key_record(const crypto::PrivateKey& key) {
  const std::string_view type = key.type() == crypto::KeyType::rsa ? "rsa" : "ed25519";
  return "v=DKIM1; k=" + std::string(type) + "; p=" + crypto::encode_base64(key.public_data());
}

}  // namespace sekisho::keys
