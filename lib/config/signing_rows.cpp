// Sections [signing] and [[sign]].
#include "config/option_row.hpp"
#include "dkim/header_choice.hpp"

#include <array>
#include <chrono>

namespace sekisho::config {

template <>
struct Words<dkim::Canonicalization> {
  static constexpr std::array<Word<dkim::Canonicalization>, 2> all{
      {{"simple", dkim::Canonicalization::simple}, {"relaxed", dkim::Canonicalization::relaxed}}};
};

namespace {

using Names = std::vector<std::string>;

std::optional<std::string> other_names(const std::optional<std::string>& fault) {
  return fault ? std::optional("other names: " + *fault) : std::nullopt;
}

// Of the entry that was begun last.
void add_sign_entries(std::vector<Option>& table) {
  table.push_back(row(
      "sign.domain", [](auto& o) -> auto& { return o.signing.keys.entries.back().domain; },
      "Domain of the authors: example.org, .example.org for its subdomains, or *."));
  table.push_back(row(
      "sign.selector", [](auto& o) -> auto& { return o.signing.keys.entries.back().selector; },
      "Selector of the key (s=)."));
  table.push_back(row(
      "sign.key_file", [](auto& o) -> auto& { return o.signing.keys.entries.back().key_file; },
      "Private key, a PEM file."));
  table.push_back(row(
      "sign.signing_domain",
      [](auto& o) -> auto& { return o.signing.keys.entries.back().signing_domain; },
      "Domain of the signature (d=); empty: the author's domain."));
}

}  // namespace

void add_signing_rows(std::vector<Option>& table) {
  table.push_back(row(
      "signing.internal_networks",
      [](auto& o) -> auto& { return o.signing.origin.internal_networks; },
      "Networks whose mail is our own: signed, and never refused because of DMARC."));
  table.push_back(row(
      "signing.daemons", [](auto& o) -> auto& { return o.signing.origin.daemons; },
      "Daemons of the MTA ({daemon_name}) whose mail is our own."));
  table.push_back(row(
      "signing.login_map", [](auto& o) -> auto& { return o.signing.login_map; },
      "File that lists the authors that each login may use; empty: all."));
  table.push_back(row(
      "signing.header_canonicalization",
      [](auto& o) -> auto& { return o.signing.signature.header_canonicalization; },
      "Canonicalization of the header."));
  table.push_back(row(
      "signing.body_canonicalization",
      [](auto& o) -> auto& { return o.signing.signature.body_canonicalization; },
      "Canonicalization of the body."));
  table.push_back(row(
      "signing.expiry", [](auto& o) -> auto& { return o.signing.signature.expiry; },
      "Time for which a signature is valid (x=); \"0s\": without limit.",
      between<std::chrono::seconds>(std::chrono::seconds{0}, std::chrono::days{366})));
  table.push_back(row(
      "signing.signed_fields", [](auto& o) -> auto& { return o.signing.signature.signed_fields; },
      "Header fields to sign, if present; empty: those of RFC 6376 \u00a75.4.1.",
      Check<Names>(
          [](const Names& names) { return other_names(dkim::find_signed_fields_fault(names)); })));
  table.push_back(row(
      "signing.always_signed", [](auto& o) -> auto& { return o.signing.signature.always_signed; },
      "Header fields to sign, if present, in addition to signed_fields. From is always signed.",
      Check<Names>(
          [](const Names& names) { return other_names(dkim::find_signed_fields_fault(names)); })));
  table.push_back(row(
      "signing.oversigned_fields",
      [](auto& o) -> auto& { return o.signing.signature.oversigned_fields; },
      "Header fields to protect against another field of the same name.",
      Check<Names>([](const Names& names) {
        return other_names(dkim::find_oversigned_fields_fault(names));
      })));
  table.push_back(row(
      "signing.require_published", [](auto& o) -> auto& { return o.signing.require_published; },
      "Do not sign with a key whose DNS record is missing or holds another key."));
  table.push_back(row(
      "signing.key_table", [](auto& o) -> auto& { return o.signing.keys.key_table; },
      "KeyTable in the format of OpenDKIM: file:PATH, refile:PATH, csl:LIST or a path."));
  table.push_back(row(
      "signing.signing_table", [](auto& o) -> auto& { return o.signing.keys.signing_table; },
      "SigningTable in the format of OpenDKIM, specified in the same way."));
  table.push_back(row(
      "signing.multiple_signatures",
      [](auto& o) -> auto& { return o.signing.keys.multiple_signatures; },
      "Sign with all matches in the SigningTable instead of the first."));
  table.push_back(row(
      "signing.allow_readable_keys",
      [](auto& o) -> auto& { return o.signing.keys.allow_readable_keys; },
      "Accept key files that group or others can read."));
  add_sign_entries(table);
}

}  // namespace sekisho::config
