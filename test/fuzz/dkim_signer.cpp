// Signing whatever message there is: our own verifier must pass it, and the field must be one. The
// first octet picks the canonicalisations, the first line holds i=, the rest is the message.
#include "dkim/keys_on.hpp"
#include "dkim/signer.hpp"
#include "dkim/verifier.hpp"
#include "fuzz/text_of.hpp"
#include "mail/message_reader.hpp"
#include "support/fake_resolver.hpp"

#include <algorithm>
#include <memory>
#include <optional>
#include <sstream>
#include <string>
#include <vector>

using namespace sekisho;

namespace {

constexpr std::chrono::sys_seconds now{std::chrono::seconds{1'700'000'000}};

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

dkim::SignOptions options_of(char choice) {
  using enum dkim::Canonicalization;
  dkim::SignOptions options;
  options.header_canonicalization = (choice & 1) != 0 ? simple : relaxed;
  options.body_canonicalization = (choice & 2) != 0 ? simple : relaxed;
  return options;
}

struct Message {
  mail::HeaderSection header;
  std::vector<std::string> body;
};

Message read(const std::string& text) {
  Message message;
  std::istringstream input(text);
  mail::read_message(
      input, {}, [&](mail::HeaderSection header) { message.header = std::move(header); },
      [&](std::string_view chunk) { message.body.emplace_back(chunk); });
  return message;
}

void hash_body(dkim::BodyHashes& hashes, const Message& message) {
  for (const std::string& chunk : message.body) {
    hashes.update(chunk);
  }
  hashes.finish();
}

mail::HeaderField sign(const Message& message, const std::string& auid, char choice) {
  dkim::BodyHashes hashes;
  const dkim::Signer signer(message.header, {{.key = signing_key(), .auid = auid}},
                            options_of(choice), now, hashes);
  hash_body(hashes, message);
  return signer.finish(hashes).front();
}

dkim::Result verify(const Message& message) {
  const auto resolver = std::make_shared<test::FakeResolver>();
  resolver->add_txt("s._domainkey.a.example",
                    "k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=");
  dkim::BodyHashes hashes;
  dkim::Verifier verifier(test::keys_on(resolver), message.header, std::nullopt, {}, now, hashes);
  hash_body(hashes, message);
  return verifier.finish(hashes).front();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(fuzz::text_of(data, size));
  const std::size_t line_end = std::min(text.find('\n'), text.size());
  const std::string auid = text.substr(0, line_end).substr(line_end > 0 ? 1 : 0);
  Message message = read(text.substr(std::min(line_end + 1, text.size())));
  const mail::HeaderField field = sign(message, auid, text.empty() ? '\0' : text.front());
  fuzz::require(mail::is_clean_value(field.value));
  message.header.insert(message.header.begin(), field);
  fuzz::require(verify(message).code == dkim::ResultCode::pass);
  return 0;
}
