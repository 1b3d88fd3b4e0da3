#include "dkim/signature.hpp"

#include "dkim/auid.hpp"
#include "dkim/colon_list.hpp"
#include "mail/ascii.hpp"

#include <algorithm>
#include <charconv>
#include <limits>
#include <utility>

namespace sekisho::dkim {

namespace {

using mail::TagList;
using MaybeFailure = std::optional<Failure>;

// sig-v-tag; RFC 6376 §6.1.1: PERMFAIL (incompatible version).
MaybeFailure check_version(const TagList& tags) {
  const auto value = tags.find("v");
  if (!value) {
    return failure_of(Fault::no_version);
  }
  return *value == "1" ? MaybeFailure() : failure_of(Fault::unknown_version);
}

MaybeFailure read_algorithm(const TagList& tags, Signature& signature) {
  const auto value = tags.find("a");
  if (!value) {
    return failure_of(Fault::no_algorithm);
  }
  signature.algorithm = parse_algorithm(*value);
  return signature.algorithm ? MaybeFailure() : failure_of(Fault::unknown_algorithm);
}

MaybeFailure read_signature(const TagList& tags, Signature& signature) {
  const auto value = tags.find("b");
  if (!value) {
    return failure_of(Fault::no_signature);
  }
  signature.signature = crypto::decode_folded_base64(*value).value_or(crypto::Bytes());
  return signature.signature.empty() ? failure_of(Fault::invalid_signature) : MaybeFailure();
}

MaybeFailure read_body_hash(const TagList& tags, Signature& signature) {
  const auto value = tags.find("bh");
  if (!value) {
    return failure_of(Fault::no_body_hash);
  }
  signature.body_hash = crypto::decode_folded_base64(*value).value_or(crypto::Bytes());
  if (signature.body_hash.empty()) {
    return failure_of(Fault::invalid_body_hash);
  }
  const bool has_right_size =
      !signature.algorithm ||
      signature.body_hash.size() == crypto::digest_size(hash_of(*signature.algorithm));
  return has_right_size ? MaybeFailure() : failure_of(Fault::wrong_body_hash_size);
}

MaybeFailure read_canonicalization(const TagList& tags, Signature& signature) {
  const auto pair = parse_canonicalization_pair(tags.find("c").value_or("simple"));
  if (!pair) {
    return failure_of(Fault::unknown_canonicalization);
  }
  signature.header_canonicalization = pair->header;
  signature.body_canonicalization = pair->body;
  return {};
}

// domain-name = sub-domain 1*("." sub-domain): one label is not enough. Letters, digits and
// hyphens, or U-labels (RFC 8616 §5). The grammar has no dot at the end, yet there are signers that
// write one, and the name is the same.
MaybeFailure read_domain(const TagList& tags, Signature& signature) {
  const auto value = tags.find("d");
  if (!value) {
    return failure_of(Fault::no_domain);
  }
  const auto domain = mail::Domain::parse(*value);
  if (!domain || domain->label_count() < 2) {
    return failure_of(Fault::invalid_domain);
  }
  signature.domain = domain;
  return {};
}

MaybeFailure read_selector(const TagList& tags, Signature& signature) {
  const auto value = tags.find("s");
  if (!value) {
    return failure_of(Fault::no_selector);
  }
  const auto selector = mail::Domain::parse(*value);
  if (!selector || value->ends_with('.')) {
    return failure_of(Fault::invalid_selector);
  }
  signature.selector = selector->text();
  return {};
}

// field-name (RFC 5322 §2.2): printable ASCII without the colon.
bool is_field_name(std::string_view name) {
  return !name.empty() && std::ranges::all_of(name, [](char c) { return c > ' ' && c < '\x7f'; });
}

MaybeFailure read_signed_names(const TagList& tags, std::size_t limit, Signature& signature) {
  const auto value = tags.find("h");
  if (!value) {
    return failure_of(Fault::no_signed_names);
  }
  const std::vector<std::string_view> names = split_colon_list(*value, limit);
  if (names.size() > limit) {
    return failure_of(Fault::too_many_signed_names, std::to_string(limit));
  }
  if (!std::ranges::all_of(names, is_field_name)) {
    return failure_of(Fault::invalid_signed_names);
  }
  for (const std::string_view name : names) {
    signature.signed_names.push_back(mail::to_lower(name));
  }
  return {};
}

// RFC 6376 §6.1.1: PERMFAIL (From field not signed).
MaybeFailure check_from_is_signed(const Signature& signature) {
  const bool is_signed = std::ranges::count(signature.signed_names, "from") > 0;
  return is_signed ? MaybeFailure() : failure_of(Fault::from_not_signed);
}

// i= is `@d` where it is not given; RFC 6376 §6.1.1: PERMFAIL (domain mismatch).
MaybeFailure read_auid(const TagList& tags, Signature& signature) {
  const auto value = tags.find("i");
  if (!signature.domain) {
    return {};  // which is a fault that is noted already
  }
  if (!value) {
    signature.auid = '@' + signature.domain->text();
    return {};
  }
  const auto auid = parse_auid(*value);
  if (!auid) {
    return failure_of(Fault::invalid_auid);
  }
  if (!auid->domain.is_within(*signature.domain)) {
    return failure_of(Fault::auid_outside_domain);
  }
  signature.auid = auid->local_part + '@' + auid->domain.text();
  signature.auid_is_subdomain = auid->domain != *signature.domain;
  return {};
}

// 1*DIGIT, at most `max_digits`; a number that is too large for the type is its greatest value.
std::optional<std::uint64_t> parse_number(std::string_view text, std::size_t max_digits) {
  if (text.empty() || text.size() > max_digits || !std::ranges::all_of(text, mail::is_digit)) {
    return std::nullopt;
  }
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc() ? number : std::numeric_limits<std::uint64_t>::max();
}

// sig-l-tag = 1*76DIGIT
MaybeFailure read_body_length(const TagList& tags, Signature& signature) {
  constexpr std::size_t max_digits = 76;
  const auto value = tags.find("l");
  if (!value) {
    return {};
  }
  signature.body_length = parse_number(*value, max_digits);
  return signature.body_length ? MaybeFailure() : failure_of(Fault::invalid_body_length);
}

// RFC 6376 §3.5: more than 12 digits may be taken for infinite; so is what 12 digits cannot hold.
std::optional<std::chrono::sys_seconds> parse_time(std::string_view text) {
  constexpr std::size_t max_digits = 76;
  constexpr std::uint64_t infinite = 1'000'000'000'000;
  const auto number = parse_number(text, max_digits);
  if (!number) {
    return std::nullopt;
  }
  return std::chrono::sys_seconds(std::chrono::seconds(std::min(*number, infinite)));
}

MaybeFailure read_timestamp(const TagList& tags, Signature& signature) {
  const auto value = tags.find("t");
  if (!value) {
    return {};
  }
  signature.timestamp = parse_time(*value);
  return signature.timestamp ? MaybeFailure() : failure_of(Fault::invalid_timestamp);
}

MaybeFailure read_expiration(const TagList& tags, Signature& signature) {
  if (const auto value = tags.find("x")) {
    signature.expiration = parse_time(*value);
    if (!signature.expiration) {
      return failure_of(Fault::invalid_expiration);
    }
  }
  const bool in_order =
      !signature.timestamp || !signature.expiration || *signature.expiration > *signature.timestamp;
  return in_order ? MaybeFailure() : failure_of(Fault::expiration_not_after_timestamp);
}

// RFC 6376 §3.5: methods that are not known are ignored; one that is known must remain.
MaybeFailure check_query_method(const TagList& tags) {
  const auto value = tags.find("q");
  const bool is_known = !value || colon_list_contains(*value, "dns/txt");
  return is_known ? MaybeFailure() : failure_of(Fault::unknown_query_method);
}

// The name of the key record must be one that the DNS can hold.
MaybeFailure check_key_name(const Signature& signature) {
  constexpr std::size_t max_name = 253;
  constexpr std::string_view between = "._domainkey.";
  const bool fits =
      !signature.domain ||
      signature.selector.size() + between.size() + signature.domain->text().size() <= max_name;
  return fits ? MaybeFailure() : failure_of(Fault::key_name_too_long);
}

void note(ParsedSignature& parsed, MaybeFailure failure) {
  if (!parsed.failure) {
    parsed.failure = std::move(failure);
  }
}

}  // namespace

BodyHashRequest Signature::body_hash_request() const {
  return {body_canonicalization, hash_of(algorithm.value_or(Algorithm::rsa_sha256)), body_length};
}

ParsedSignature read_seal_tags(const TagList& tags) {
  ParsedSignature parsed;
  Signature& signature = parsed.signature;
  note(parsed, read_domain(tags, signature));
  note(parsed, read_selector(tags, signature));
  note(parsed, check_key_name(signature));
  note(parsed, read_algorithm(tags, signature));
  note(parsed, read_signature(tags, signature));
  note(parsed, read_timestamp(tags, signature));
  return parsed;
}

ParsedSignature read_common_tags(const TagList& tags, std::size_t max_signed_names) {
  ParsedSignature parsed = read_seal_tags(tags);
  Signature& signature = parsed.signature;
  note(parsed, read_body_hash(tags, signature));
  note(parsed, read_canonicalization(tags, signature));
  note(parsed, read_expiration(tags, signature));
  note(parsed, read_signed_names(tags, max_signed_names, signature));
  note(parsed, read_body_length(tags, signature));
  note(parsed, check_query_method(tags));
  return parsed;
}

ParsedSignature parse_signature(std::string_view value, std::size_t max_signed_names) {
  const auto tags = TagList::parse(value);
  if (!tags) {
    return {{}, failure_of(Fault::malformed_tag_list, format_tag_list_error(tags.error()))};
  }
  ParsedSignature parsed = read_common_tags(*tags, max_signed_names);
  note(parsed, read_auid(*tags, parsed.signature));
  note(parsed, check_from_is_signed(parsed.signature));
  if (auto failure = check_version(*tags)) {
    parsed.failure = std::move(failure);  // what other versions mean by the other tags is not known
  }
  return parsed;
}

}  // namespace sekisho::dkim
