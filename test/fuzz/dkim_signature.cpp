// The signature field: parsing, emptying b=, selecting fields, hashing.
#include "dkim/header_hash.hpp"
#include "dkim/signature.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace sekisho;
  const mail::HeaderSection header{{"DKIM-Signature", {reinterpret_cast<const char*>(data), size}},
                                   {"From", " a@example.com"},
                                   {"from ", " b@example.com"}};
  const dkim::ParsedSignature parsed = dkim::parse_signature(header[0].value, 100);
  if (parsed.failure) {
    return 0;
  }
  const dkim::Signature& signature = parsed.signature;
  // What the contract promises of a signature without a failure.
  if (!signature.algorithm || !signature.domain || signature.selector.empty() ||
      signature.signature.empty() || signature.signed_names.empty() || signature.auid.empty()) {
    std::abort();
  }
  const mail::HeaderField emptied = dkim::without_signature_value(header[0]);
  const dkim::ParsedSignature again = dkim::parse_signature(emptied.value, 100);
  if (!again.failure || again.failure->fault != dkim::Fault::invalid_signature ||
      dkim::without_signature_value(emptied) != emptied) {
    std::abort();
  }
  const auto fields = dkim::HeaderIndex(header).select(signature.signed_names, header.data());
  static_cast<void>(dkim::hash_header(fields, emptied, signature.header_canonicalization,
                                      dkim::hash_of(*signature.algorithm)));
  return 0;
}
