// A message that was signed, and another that pretends to be the same: the search for what was
// changed must end, and what it finds must be what was signed. The first octet picks the
// canonicalizations; the two messages have a line `====` between them.
#include "dkim/signer.hpp"
#include "dkim_diagnosis/account.hpp"
#include "dkim_diagnosis/canonical_body.hpp"
#include "fuzz/text_of.hpp"
#include "mail/message_reader.hpp"

#include <algorithm>
#include <chrono>
#include <memory>
#include <sstream>
#include <string>

using namespace sekisho;

namespace {

constexpr std::size_t effort = 3'000;  // hashes

const dkim::SigningKeyPtr& signing_key() {
  // RFC 8463 §A.1
  static const dkim::SigningKeyPtr key = std::make_shared<dkim::SigningKey>(dkim::SigningKey{
      .domain = mail::Domain::parse("a.example").value(),
      .selector = "s",
      .key = crypto::PrivateKey::parse_der(
                 *crypto::decode_base64("nWGxne/9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A="))
                 .value()});
  return key;
}

dkim_diagnosis::Message read(const std::string& text) {
  dkim_diagnosis::Message message;
  std::istringstream input(text);
  mail::read_message(
      input, {}, [&](mail::HeaderSection header) { message.header = std::move(header); },
      [&](std::string_view chunk) { message.body += chunk; });
  return message;
}

dkim::SignOptions options_of(char choice) {
  using enum dkim::Canonicalization;
  dkim::SignOptions options;
  options.header_canonicalization = (choice & 1) != 0 ? simple : relaxed;
  options.body_canonicalization = (choice & 2) != 0 ? simple : relaxed;
  return options;
}

mail::HeaderField sign(const dkim_diagnosis::Message& message, const dkim::SignOptions& options) {
  dkim::BodyHashes hashes;
  const dkim::Signer signer(message.header, {{.key = signing_key(), .auid = ""}}, options, {},
                            hashes);
  hashes.update(message.body);
  hashes.finish();
  return signer.finish(hashes).front();
}

std::string canonical(const std::string& body, const dkim::SignOptions& options) {
  return std::string(dkim_diagnosis::CanonicalBody(body, options.body_canonicalization).text());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(fuzz::text_of(data, size));
  const std::size_t middle = std::min(text.find("\n====\n"), text.size());
  const dkim_diagnosis::Message before =
      read(text.substr(std::min<std::size_t>(1, middle), middle));
  dkim_diagnosis::Message after = read(text.substr(std::min(middle + 6, text.size())));
  const dkim::SignOptions options = options_of(text.empty() ? '\0' : text.front());
  after.header.insert(after.header.begin(), sign(before, options));

  dkim_diagnosis::SignatureView view{
      .index = 1,
      .field = &after.header.front(),
      .parsed = dkim::parse_signature(after.header.front().value, 1'000),
      .result = {.code = dkim::ResultCode::fail},
      .keys =
          std::vector{
              dkim::parse_key_record(
                  "k=ed25519; p=" + crypto::encode_base64(signing_key()->key.public_data()), 8'192)
                  .value()},
      .other_keys = {}};
  dkim_diagnosis::Budget budget(effort, std::chrono::hours(1),
                                [] { return std::chrono::nanoseconds(0); });
  const auto account = dkim_diagnosis::give_account(after, {&view, 1}, {}, budget);
  const auto& found = account.signatures.front().diagnosis;
  fuzz::require(found.hashes <= effort + 100);
  const bool is_hashed_as_usual =
      found.body.changes.empty() ||
      (found.body.changes.front().id != dkim_diagnosis::ChangeId::body_canon &&
       found.body.changes.front().id != dkim_diagnosis::ChangeId::body_tail_crlf);
  if (found.original_body && is_hashed_as_usual) {
    fuzz::require(canonical(*found.original_body, options) == canonical(before.body, options));
  }
  return 0;
}
