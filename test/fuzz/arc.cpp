// ARC fields as they arrive. The first input line is the ARC-Authentication-Results of set 1, the
// second its ARC-Message-Signature, the third its ARC-Seal, and so on for further sets.
#include "arc/validator.hpp"
#include "dkim/keys_on.hpp"
#include "support/fake_resolver.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <iterator>
#include <memory>
#include <string>
#include <string_view>

using namespace sekisho;

namespace {

constexpr const char* names[] = {"ARC-Authentication-Results", "ARC-Message-Signature", "ARC-Seal"};

mail::HeaderSection header_of(std::string_view text) {
  mail::HeaderSection header{{"From", " author@example.com"}};
  for (std::size_t line = 0; !text.empty(); ++line) {
    const std::size_t end = text.find('\n');
    header.push_back({names[line % std::size(names)], std::string(text.substr(0, end))});
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  }
  return header;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  // NOLINTNEXTLINE(cppcoreguidelines-pro-type-reinterpret-cast): the bytes are text here
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto resolver = std::make_shared<test::FakeResolver>();
  resolver->add_txt("s._domainkey.a.example",
                    "k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=");
  dkim::BodyHashes hashes;
  arc::Validator validator(test::keys_on(resolver), header_of(text), {}, {},
                           std::chrono::sys_seconds{std::chrono::seconds{1'700'000'000}}, hashes);
  hashes.update("body\r\n");
  hashes.finish();
  const arc::ChainResult result = validator.finish(hashes);
  // Nobody has the private key; and the limits hold.
  if (result.status == arc::ChainStatus::pass || result.sets > arc::max_instance ||
      result.sealers.size() > result.sets ||
      (result.status == arc::ChainStatus::fail) == result.reason.empty()) {
    std::abort();
  }
  return 0;
}
