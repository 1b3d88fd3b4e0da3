#include "arc/signatures.hpp"

#include "arc/instance.hpp"
#include "mail/ascii.hpp"
#include "mail/tag_list.hpp"

#include <algorithm>
#include <string>
#include <utility>

namespace sekisho::arc {

namespace {

dkim::ParsedSignature malformed(mail::TagListError error) {
  return {{},
          dkim::failure_of(dkim::Fault::malformed_tag_list, mail::format_tag_list_error(error))};
}

void note(dkim::ParsedSignature& parsed, dkim::Fault fault) {
  if (!parsed.failure) {
    parsed.failure = dkim::failure_of(fault);
  }
}

// seal-cv-tag = %s"cv" [CFWS] "=" [CFWS] chain-status
// chain-status = ("none" / "fail" / "pass")
std::optional<ChainStatus> parse_chain_status(std::string_view word) {
  using enum ChainStatus;
  for (const ChainStatus status : {none, fail, pass}) {
    if (mail::equals_ignoring_case(word, format_chain_status(status))) {
      return status;
    }
  }
  return std::nullopt;
}

}  // namespace

dkim::ParsedSignature parse_message_signature(std::string_view value,
                                              std::size_t max_signed_names) {
  const std::string text = as_tag_list(value);
  const auto tags = mail::TagList::parse(text);
  if (!tags) {
    return malformed(tags.error());
  }
  dkim::ParsedSignature parsed = dkim::read_common_tags(*tags, max_signed_names);
  const auto is_signed = [&parsed](std::string_view name) {
    return std::ranges::count(parsed.signature.signed_names, name) > 0;
  };
  if (!is_signed("from")) {  // RFC 6376 §6.1.1
    note(parsed, dkim::Fault::from_not_signed);
  }
  if (is_signed("arc-seal")) {
    note(parsed, dkim::Fault::seal_signed);
  }
  return parsed;
}

Seal parse_seal(std::string_view value) {
  const std::string text = as_tag_list(value);
  const auto tags = mail::TagList::parse(text);
  if (!tags) {
    return {malformed(tags.error()), std::nullopt};
  }
  Seal seal{dkim::read_seal_tags(*tags), std::nullopt};
  if (tags->find("h")) {  // RFC 8617 §4.1.3
    note(seal.parsed, dkim::Fault::signed_names_in_seal);
  }
  if (const auto status = tags->find("cv")) {
    seal.chain_status = parse_chain_status(without_comments(*status));
  }
  return seal;
}

}  // namespace sekisho::arc
