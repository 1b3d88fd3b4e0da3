#include "authres/proof.hpp"

#include "crypto/digest.hpp"
#include "crypto/hmac.hpp"
#include "dkim/canonicalize.hpp"
#include "mail/ascii.hpp"
#include "mail/tag_list.hpp"

#include <charconv>
#include <cstdint>
#include <system_error>

namespace sekisho::authres {

namespace {

constexpr std::string_view version = "1";
constexpr std::string_view ours = "ours";
constexpr std::string_view outside = "outside";
constexpr std::size_t max_proof_octets = 512;
constexpr std::chrono::minutes clock_drift{5};

/// The tags of the field but for the code itself.
struct Claims {
  std::string key_id;
  std::string author;  ///< Of MessageIdentity::author, hashed.
  std::string origin;  ///< `ours` or `outside`.
  std::chrono::sys_seconds time;
};

std::string relaxed_fields(const mail::HeaderSection& header, std::string_view name) {
  std::string text;
  for (const mail::HeaderField* field : mail::fields_named(header, name)) {
    dkim::append_canonical_header(text, *field, dkim::Canonicalization::relaxed);
  }
  return text;
}

// As long as it takes to tell authors apart, and no longer: the code covers it.
std::string author_hash(const std::string& author) {
  constexpr std::size_t characters = 22;
  crypto::Digest digest(crypto::HashAlgorithm::sha256);
  digest.update(author);
  return crypto::encode_base64(digest.finish()).substr(0, characters);
}

// Each part ends in a line end that it cannot hold itself.
crypto::Bytes code_of(const Claims& claims, std::string_view results, const std::string& id,
                      const keys::ProofKeys::Key& key) {
  const mail::HeaderField field{"Authentication-Results", std::string(results)};
  const std::string data = "Sekisho-Proof " + std::string(version) + "\r\n" + claims.key_id +
                           "\r\n" + claims.author + "\r\n" + claims.origin + "\r\n" +
                           std::to_string(claims.time.time_since_epoch().count()) + "\r\n" + id +
                           dkim::canonicalize_header(field, dkim::Canonicalization::relaxed);
  return crypto::hmac_sha256(key.secret.view(), data);
}

std::optional<std::chrono::sys_seconds> parse_time(std::string_view text) {
  std::int64_t seconds = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seconds);
  if (error != std::errc{} || end != text.data() + text.size() || seconds < 0) {
    return std::nullopt;
  }
  return std::chrono::sys_seconds(std::chrono::seconds(seconds));
}

bool is_current(std::chrono::sys_seconds made, std::chrono::sys_seconds now,
                std::chrono::seconds lifetime) {
  return made <= now + clock_drift && now - made <= lifetime;
}

}  // namespace

MessageIdentity identify(const mail::HeaderSection& header, const mail::Author& author) {
  MessageIdentity identity;
  for (const mail::Mailbox& mailbox : author.mailboxes) {
    identity.author += mailbox.local_part + "@" +
                       (mailbox.domain ? mailbox.domain->text() : mailbox.domain_text) + "\r\n";
  }
  if (author.status != mail::AuthorStatus::single_domain) {
    identity.author = relaxed_fields(header, "From");
  }
  identity.id = relaxed_fields(header, "Message-ID");
  if (identity.id.empty()) {
    identity.id = relaxed_fields(header, "Date");
  }
  return identity;
}

std::optional<mail::HeaderField> prove(std::string_view results, const MessageIdentity& message,
                                       bool began_here, const keys::ProofKeys& keys,
                                       std::chrono::sys_seconds now) {
  if (message.id.empty()) {
    return std::nullopt;
  }
  const keys::ProofKeys::Key& key = keys.newest();
  const Claims claims{key.id, author_hash(message.author), std::string(began_here ? ours : outside),
                      now};
  const std::string code = crypto::encode_base64(code_of(claims, results, message.id, key));
  return mail::HeaderField{std::string(proof_field_name),
                           " v=" + std::string(version) + "; k=" + claims.key_id +
                               "; a=" + claims.author + "; o=" + claims.origin + "; t=" +
                               std::to_string(now.time_since_epoch().count()) + ";\r\n\tm=" + code};
}

std::optional<Proof> check_proof(std::string_view proof, std::string_view results,
                                 const MessageIdentity& message, const keys::ProofKeys& keys,
                                 std::chrono::sys_seconds now, std::chrono::seconds lifetime) {
  if (proof.size() > max_proof_octets || message.id.empty()) {
    return std::nullopt;
  }
  const auto tags = mail::TagList::parse(proof);
  if (!tags || tags->find("v") != version) {
    return std::nullopt;
  }
  const auto time = parse_time(tags->find("t").value_or(""));
  const auto code = crypto::decode_folded_base64(tags->find("m").value_or(""));
  const keys::ProofKeys::Key* key = keys.find(tags->find("k").value_or(""));
  if (!time || !code || key == nullptr || !is_current(*time, now, lifetime)) {
    return std::nullopt;
  }
  const Claims claims{key->id, std::string(tags->find("a").value_or("")),
                      std::string(tags->find("o").value_or("")), *time};
  if (!crypto::equal_codes(*code, code_of(claims, results, message.id, *key))) {
    return std::nullopt;
  }
  return Proof{claims.author == author_hash(message.author), claims.origin == ours};
}

}  // namespace sekisho::authres
