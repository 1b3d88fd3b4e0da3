#include "dkim/key_record.hpp"

#include "crypto/base64.hpp"
#include "dkim/colon_list.hpp"
#include "mail/ascii.hpp"
#include "mail/tag_list.hpp"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

namespace sekisho::dkim {

namespace {

using mail::TagList;

// A record with an 8192-bit key has 1,500 octets; what is left is for notes.
constexpr std::size_t max_record_size = std::size_t{16} * 1024;

std::unexpected<Failure> unusable(Fault fault, std::string_view detail = {}) {
  return std::unexpected(failure_of(fault, detail));
}

// A record has no lines; those that are in it came from the web form or the file of its owner, and
// are the folding white space of RFC 6376 §3.2 to him.
std::string with_blanks_for_line_ends(std::string_view text) {
  std::string unfolded(text);
  std::ranges::replace_if(unfolded, mail::is_folding_white_space, ' ');
  return unfolded;
}

// RFC 6376 §3.6.1: v= comes first if it is there, and is DKIM1, letter by letter.
bool has_known_version(const TagList& tags) {
  const auto version = tags.find("v");
  return !version || (*version == "DKIM1" && tags.tags().front().name == "v");
}

std::optional<crypto::KeyType> parse_key_type(std::string_view word) {
  if (mail::equals_ignoring_case(word, "rsa")) {
    return crypto::KeyType::rsa;
  }
  if (mail::equals_ignoring_case(word, "ed25519")) {
    return crypto::KeyType::ed25519;
  }
  return std::nullopt;
}

bool is_for_mail(const TagList& tags) {
  const auto services = tags.find("s");
  return !services || colon_list_contains(*services, "*") ||
         colon_list_contains(*services, "email");
}

bool has_flag(const TagList& tags, std::string_view flag) {
  const auto flags = tags.find("t");
  return flags && colon_list_contains(*flags, flag);
}

std::unexpected<Failure> unusable_key(crypto::KeyError error, std::size_t max_rsa_bits) {
  switch (error) {
    case crypto::KeyError::malformed:
      return unusable(Fault::invalid_key);
    case crypto::KeyError::wrong_type:
      return unusable(Fault::key_type_differs_from_record);
    case crypto::KeyError::too_large:
      return unusable(Fault::key_too_long, std::to_string(max_rsa_bits));
  }
  std::unreachable();
}

}  // namespace

std::expected<KeyRecord, Failure> parse_key_record(std::string_view text,
                                                   std::size_t max_rsa_bits) {
  if (text.size() > max_record_size) {
    return unusable(Fault::key_record_too_long);
  }
  const std::string unfolded = with_blanks_for_line_ends(text);
  const auto tags = TagList::parse(unfolded, mail::EmptyTags::skipped);
  if (!tags) {
    return unusable(Fault::malformed_key_record, mail::format_tag_list_error(tags.error()));
  }
  if (!has_known_version(*tags)) {
    return unusable(Fault::unknown_key_record_version);
  }
  const auto data = tags->find("p");
  if (!data) {
    return unusable(Fault::no_key_data);
  }
  if (data->empty()) {
    return unusable(Fault::key_revoked);
  }
  if (!is_for_mail(*tags)) {
    return unusable(Fault::key_not_for_mail);
  }
  const auto type = parse_key_type(tags->find("k").value_or("rsa"));
  if (!type) {
    return unusable(Fault::unknown_key_type);
  }
  const auto octets = crypto::decode_folded_base64(*data);
  if (!octets) {
    return unusable(Fault::invalid_key_data);
  }
  const auto key = crypto::PublicKey::parse(*type, *octets, max_rsa_bits);
  if (!key) {
    return unusable_key(key.error(), max_rsa_bits);
  }
  const auto hashes = tags->find("h");
  return KeyRecord{.key = *key,
                   .allows_sha256 = !hashes || colon_list_contains(*hashes, "sha256"),
                   .is_testing = has_flag(*tags, "y"),
                   .forbids_subdomains = has_flag(*tags, "s")};
}

}  // namespace sekisho::dkim
