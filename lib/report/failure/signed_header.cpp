#include "report/failure/signed_header.hpp"

#include "crypto/base64.hpp"
#include "dkim/canonicalize.hpp"
#include "dkim/header_hash.hpp"
#include "dkim/signature.hpp"
#include "dkim/verify_options.hpp"
#include "mail/line_ends.hpp"

#include <optional>
#include <string_view>

namespace sekisho::report::failure {

namespace {

/// The field as a signature; nullopt: it is none, or another than the one that was verified.
std::optional<dkim::Signature> same_signature(const mail::HeaderField& field,
                                              const crypto::Bytes& octets) {
  if (!mail::is_named(field, "DKIM-Signature")) {
    return std::nullopt;
  }
  const auto parsed = dkim::parse_signature(field.value, dkim::VerifyOptions().max_signed_names);
  const bool is_same = !parsed.failure && parsed.signature.signature == octets;
  return is_same ? std::optional(parsed.signature) : std::nullopt;
}

std::string canonicalized(const mail::HeaderSection& header, const mail::HeaderField& field,
                          const dkim::Signature& signature) {
  const dkim::Canonicalization how = signature.header_canonicalization;
  std::string text;
  for (const mail::HeaderField* signed_field :
       dkim::HeaderIndex(header).select(signature.signed_names, &field)) {
    dkim::append_canonical_header(text, *signed_field, how);
    if (text.size() > max_signed_header_octets) {
      return {};
    }
  }
  dkim::append_canonical_header(text, dkim::without_signature_value(field), how);
  text.resize(text.size() - mail::crlf.size());
  return text.size() > max_signed_header_octets ? std::string() : text;
}

}  // namespace

std::string signed_header(const mail::HeaderSection& header, const dkim::Result& signature) {
  const auto octets = crypto::decode_base64(signature.signature);
  if (!octets || octets->empty()) {
    return {};
  }
  for (const mail::HeaderField& field : header) {
    if (const auto same = same_signature(field, *octets)) {
      return canonicalized(header, field, *same);
    }
  }
  return {};
}

}  // namespace sekisho::report::failure
