#include "dkim/fault.hpp"

#include <array>
#include <cstddef>
#include <utility>

namespace sekisho::dkim {

namespace {

struct Entry {
  Fault fault;
  ResultCode code;
  std::string_view text;  ///< `{}` is the place of the detail.
};

using enum ResultCode;

constexpr auto entries = std::to_array<Entry>({
    {Fault::none, pass, ""},

    {Fault::malformed_tag_list, permerror, "{}"},
    {Fault::no_version, permerror, "no v= tag"},
    {Fault::unknown_version, permerror, "version is not 1"},
    {Fault::no_algorithm, permerror, "no a= tag"},
    {Fault::unknown_algorithm, permerror, "algorithm is not known"},
    {Fault::no_signature, permerror, "no b= tag"},
    {Fault::invalid_signature, permerror, "b= is not base64"},
    {Fault::no_body_hash, permerror, "no bh= tag"},
    {Fault::invalid_body_hash, permerror, "bh= is not base64"},
    {Fault::wrong_body_hash_size, permerror, "bh= has not the length of its hash"},
    {Fault::unknown_canonicalization, permerror, "canonicalisation is not known"},
    {Fault::no_domain, permerror, "no d= tag"},
    {Fault::invalid_domain, permerror, "d= is not a domain name"},
    {Fault::no_selector, permerror, "no s= tag"},
    {Fault::invalid_selector, permerror, "s= is not a selector"},
    {Fault::no_signed_names, permerror, "no h= tag"},
    {Fault::too_many_signed_names, policy, "h= has more than {} names"},
    {Fault::invalid_signed_names, permerror, "h= is not a list of field names"},
    {Fault::from_not_signed, permerror, "h= does not contain From"},
    {Fault::invalid_auid, permerror, "i= is not an address"},
    {Fault::auid_outside_domain, permerror, "i= is not within d="},
    {Fault::invalid_body_length, permerror, "l= is not a number"},
    {Fault::invalid_timestamp, permerror, "t= is not a time"},
    {Fault::invalid_expiration, permerror, "x= is not a time"},
    {Fault::expiration_not_after_timestamp, permerror, "x= is not later than t="},
    {Fault::unknown_query_method, permerror, "q= names no method that is known"},
    {Fault::key_name_too_long, permerror, "s= and d= are too long for a name"},
    {Fault::seal_signed, permerror, "h= contains ARC-Seal"},
    {Fault::signed_names_in_seal, permerror, "h= in a seal"},
    // RFC 8301 §3.1: rsa-sha1 must not be used for verifying, so nobody knows whether it is
    // correct.
    {Fault::sha1_algorithm, policy, "rsa-sha1 is not accepted (RFC 8301)"},
    // RFC 6376 §3.5: a signature out of its time may be considered invalid. That is a failed test,
    // not an error in the signature.
    {Fault::timestamp_in_future, fail, "signature is dated in the future"},
    {Fault::expired, fail, "signature expired"},
    {Fault::too_many_signatures, policy, "not tried: more than {} signatures"},

    {Fault::no_key, permerror, "no key for signature"},
    {Fault::key_lookup_failed, temperror, "key look-up failed: {}"},
    {Fault::too_many_key_lookups, policy, "not looked up: the message asks for too many keys"},
    {Fault::key_record_too_long, permerror, "key record is too long"},
    {Fault::malformed_key_record, permerror, "key record is malformed: {}"},
    {Fault::unknown_key_record_version, permerror, "key record is not of version DKIM1"},
    {Fault::no_key_data, permerror, "key record has no p= tag"},
    {Fault::key_revoked, permerror, "key revoked"},
    {Fault::key_not_for_mail, permerror, "key is not for e-mail"},
    {Fault::unknown_key_type, permerror, "key type is not known"},
    {Fault::invalid_key_data, permerror, "p= is not base64"},
    {Fault::invalid_key, permerror, "key record holds no valid key"},
    {Fault::key_type_differs_from_record, permerror, "key is of another type than k= says"},
    // Not a fault of the signature: this host limits its work (RFC 8301 §3.2 asks for 4096 bits).
    {Fault::key_too_long, policy, "key is longer than {} bits"},
    {Fault::hash_not_allowed, permerror, "key does not allow this hash algorithm"},
    {Fault::key_type_differs_from_signature, permerror, "key is of another type than a= says"},
    {Fault::subdomain_not_allowed, permerror, "i= lies below d=, which the key forbids"},

    // RFC 6376 §3.5: an l= beyond the end of the body breaks a rule of the syntax.
    {Fault::body_length_beyond_body, permerror, "l= is larger than the body"},
    {Fault::body_hash_mismatch, fail, "body hash did not verify"},
    {Fault::signature_mismatch, fail, "signature did not verify"},
    {Fault::key_too_short, policy, "key has {}"},
    {Fault::partial_body, policy, "l= leaves a part of the body unsigned"},
});

constexpr bool is_complete() {
  for (std::size_t i = 0; i < entries.size(); ++i) {
    if (static_cast<std::size_t>(entries[i].fault) != i) {
      return false;
    }
  }
  return entries.back().fault == Fault::partial_body;
}
static_assert(is_complete(), "one entry for each fault, in the order of the enum");

const Entry& entry_of(Fault fault) {
  return entries.at(static_cast<std::size_t>(fault));
}

}  // namespace

std::string_view format_result_code(ResultCode code) {
  switch (code) {
    case pass:
      return "pass";
    case fail:
      return "fail";
    case policy:
      return "policy";
    case neutral:
      return "neutral";
    case temperror:
      return "temperror";
    case permerror:
      return "permerror";
  }
  std::unreachable();
}

ResultCode result_of(Fault fault) {
  return entry_of(fault).code;
}

std::string describe_fault(Fault fault, std::string_view detail) {
  constexpr std::string_view place = "{}";
  std::string text(entry_of(fault).text);
  if (const std::size_t begin = text.find(place); begin != text.npos) {
    text.replace(begin, place.size(), detail);
  }
  return text;
}

Failure failure_of(Fault fault, std::string_view detail) {
  return {result_of(fault), fault, describe_fault(fault, detail)};
}

}  // namespace sekisho::dkim
