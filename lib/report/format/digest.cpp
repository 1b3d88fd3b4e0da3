#include "report/format/digest.hpp"

#include "crypto/base64.hpp"

#include <cstddef>

namespace sekisho::report::format {

std::string digest_of(std::string_view text) {
  crypto::Digest digest(crypto::HashAlgorithm::sha256);
  digest.update(text);
  return digest_of(digest);
}

std::string digest_of(crypto::Digest& text) {
  constexpr std::size_t octets = 15;
  crypto::Bytes bytes = text.finish();
  bytes.resize(octets);
  return crypto::encode_base64(bytes);
}

}  // namespace sekisho::report::format
