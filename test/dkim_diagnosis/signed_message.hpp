// A message that was signed, and how it is examined after it was changed.
#pragma once

#include "dkim/signer.hpp"
#include "dkim/verifier.hpp"
#include "dkim_diagnosis/account.hpp"

#include <algorithm>
#include <chrono>
#include <memory>
#include <string>
#include <vector>

namespace sekisho::dkim_diagnosis::test {

inline dkim::SigningKeyPtr make_key(crypto::KeyType type, const std::string& selector) {
  return std::make_shared<dkim::SigningKey>(
      dkim::SigningKey{.domain = mail::Domain::parse("shop.example").value(),
                       .selector = selector,
                       .key = crypto::PrivateKey::generate(type, 1024)});
}

inline const dkim::SigningKeyPtr& rsa() {
  static const dkim::SigningKeyPtr key = make_key(crypto::KeyType::rsa, "r");
  return key;
}
inline const dkim::SigningKeyPtr& ed25519() {
  static const dkim::SigningKeyPtr key = make_key(crypto::KeyType::ed25519, "e");
  return key;
}

inline dkim::KeyRecord record_of(const dkim::SigningKey& key) {
  const bool is_rsa = key.key.type() == crypto::KeyType::rsa;
  return dkim::parse_key_record("v=DKIM1; k=" + std::string(is_rsa ? "rsa" : "ed25519") +
                                    "; p=" + crypto::encode_base64(key.key.public_data()),
                                8'192)
      .value();
}

inline constexpr std::string_view simple_body =
    "Your order has been shipped.\r\n"
    "\r\n"
    "It will come on Friday.\r\n"
    "From Monday on we are closed.\r\n"
    ".hidden\r\n"
    "-- \r\n"
    "See https://shop.example/order?id=7&x=1\r\n";

/// An order of a shop, before it is signed.
inline Message plain() {
  return {.header = {{"From", " \"The Shop\" <orders@shop.example>"},
                     {"To", " alice@lists.example"},
                     {"Subject", " Your order"},
                     {"Date", " Mon, 21 Sep 2026 12:00:00 +0200"},
                     {"Message-ID", " <1@shop.example>"},
                     {"MIME-Version", " 1.0"},
                     {"Content-Type", " text/plain; charset=utf-8"},
                     {"Content-Transfer-Encoding", " 8bit"}},
          .body = std::string(simple_body)};
}

inline Message sign(Message message, const dkim::SigningKeyPtr& key,
                    const dkim::SignOptions& options = {}) {
  dkim::BodyHashes hashes;
  const dkim::Signer signer(message.header, {{.key = key, .auid = ""}}, options,
                            std::chrono::sys_seconds(std::chrono::seconds(1'790'000'000)), hashes);
  hashes.update(message.body);
  hashes.finish();
  message.header.insert(message.header.begin(), signer.finish(hashes).front());
  return message;
}

inline SignatureView view_of(const Message& message, dkim::FetchedKeys keys) {
  const auto fields = mail::fields_named(message.header, "DKIM-Signature");
  SignatureView view{.index = 1,
                     .field = fields.front(),
                     .parsed = dkim::parse_signature(fields.front()->value, 1'000),
                     .result = {.code = dkim::ResultCode::fail},
                     .keys = std::move(keys),
                     .other_keys = {}};
  view.result.domain = view.parsed.signature.domain;
  return view;
}

/// Without a clock, so that only the number of hashes ends the search.
inline Budget counted(std::size_t hashes) {
  return {hashes, std::chrono::hours(1), [] { return std::chrono::nanoseconds(0); }};
}

inline SignatureDiagnosis examine(const Message& message, dkim::FetchedKeys keys,
                                  std::size_t hashes = 300'000) {
  Budget budget = counted(hashes);
  return diagnose(view_of(message, std::move(keys)), message, budget);
}

/// `body.tail:4 head.subject-tag`; body changes with their lines.
inline std::string changes_of(const SignatureDiagnosis& diagnosis) {
  std::vector<std::string> words;
  for (const BodyChange& change : diagnosis.body.changes) {
    words.push_back(std::string(format_change_id(change.id)) + ':' + std::to_string(change.line) +
                    '+' + std::to_string(change.lines));
  }
  for (const HeaderChange& change : diagnosis.header.changes) {
    words.push_back(std::string(format_change_id(change.id)) + ':' + change.field);
  }
  std::string text;
  for (const std::string& word : words) {
    text += (text.empty() ? "" : " ") + word;
  }
  return text;
}

inline void set_field(Message& message, std::string_view name, const std::string& value) {
  for (mail::HeaderField& field : message.header) {
    if (mail::is_named(field, name)) {
      field.value = value;
    }
  }
}

inline void replace_all(std::string& text, std::string_view old, std::string_view with) {
  for (std::size_t at = text.find(old); at != std::string::npos;
       at = text.find(old, at + with.size())) {
    text.replace(at, old.size(), with);
  }
}

}  // namespace sekisho::dkim_diagnosis::test
