#include "preflight/finding.hpp"

#include "mail/ascii.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace sekisho::preflight {

namespace {

struct Description {
  Id id;
  std::string_view word;
  std::string_view source;
  std::string_view remedy;
};

constexpr std::array<Description, id_count> descriptions{{
    {Id::from_missing, "from.missing", "RFC 5322 §3.6", "add a From field with one address"},
    {Id::from_many_fields, "from.many-fields", "RFC 5322 §3.6", "leave one From field"},
    {Id::from_many_authors, "from.many-authors", "RFC 5322 §3.6.2",
     "name one author in From; several need a Sender field, and large receivers refuse them"},
    {Id::from_syntax, "from.syntax", "RFC 5322 §3.4",
     "write From as: \"Display Name\" <local@domain>"},
    {Id::from_foreign, "from.foreign", "RFC 9989 §4.4",
     "write from a domain of your own, and put the author into Reply-To"},
    {Id::field_double, "field.double", "RFC 5322 §3.6", "leave one field of this name"},
    {Id::field_syntax, "field.syntax", "RFC 5322 §2.2",
     "correct the field; a line of the header is a name, a colon and a value"},
    {Id::date_missing, "date.missing", "RFC 5322 §3.6.1", "add a Date field"},
    {Id::date_syntax, "date.syntax", "RFC 5322 §3.3",
     "write the date as: Tue, 01 Dec 2026 09:30:00 +0900"},
    {Id::date_off, "date.off", "RFC 5322 §3.6.1", "set the clock of the program that writes Date"},
    {Id::msgid_missing, "msgid.missing", "RFC 5322 §3.6.4",
     "add a Message-ID field: <unique@your.domain>"},
    {Id::msgid_empty, "msgid.empty", "RFC 5322 §3.6.4",
     "put an identifier into Message-ID: <unique@your.domain>"},
    {Id::msgid_syntax, "msgid.syntax", "RFC 5322 §3.6.4",
     "write Message-ID as one <left@right>, without blanks inside"},
    {Id::msgid_foreign, "msgid.foreign", "RFC 5322 §3.6.4",
     "use a domain of your own on the right side of Message-ID"},
    {Id::to_none, "to.none", "RFC 5322 §3.6.3",
     "add a To field; \"undisclosed-recipients:;\" names nobody"},
    {Id::bcc_shown, "bcc.shown", "RFC 5322 §3.6.3",
     "remove the Bcc field: every recipient can read it"},
    {Id::line_998, "line.998", "RFC 5322 §2.1.1",
     "encode the body as quoted-printable or base64, and fold header fields"},
    {Id::line_78, "line.78", "RFC 5322 §2.1.1", "break lines before 78 characters"},
    {Id::bytes_bare_cr, "bytes.bare-cr", "RFC 5321 §2.3.8", "end lines with CRLF; remove lone CRs"},
    {Id::bytes_bare_lf, "bytes.bare-lf", "RFC 5321 §2.3.8", "end all lines alike, with CRLF"},
    {Id::bytes_nul, "bytes.nul", "RFC 5322 §2.3", "encode the part as base64"},
    {Id::bytes_8bit_header, "bytes.8bit-header", "RFC 6532 §3",
     "encode the words as RFC 2047 says"},
    {Id::bytes_8bit_body, "bytes.8bit-body", "RFC 2045 §6.2",
     "encode the part as quoted-printable or base64; declare 8bit at least"},
    {Id::word_syntax, "word.syntax", "RFC 2047 §2",
     "let a library write encoded words: =?utf-8?q?text?="},
    {Id::word_75, "word.75", "RFC 2047 §2", "split encoded words that are longer than 75"},
    {Id::word_place, "word.place", "RFC 2047 §5",
     "take encoded words out of addresses and quotation marks"},
    {Id::header_size, "header.size", "Postfix header_size_limit",
     "make the header smaller; mail servers cut or refuse large ones"},
    {Id::fold_wsp_only, "fold.wsp-only", "RFC 5322 §3.2.2",
     "remove the header line that holds only blanks"},
    {Id::mime_version, "mime.version", "RFC 2045 §4", "add the field MIME-Version: 1.0"},
    {Id::mime_type, "mime.type", "RFC 2045 §5.1", "correct the Content-Type field"},
    {Id::mime_boundary, "mime.boundary", "RFC 2046 §5.1.1",
     "give the multipart a boundary of 1 to 70 characters, and end it with --boundary--"},
    {Id::mime_cte, "mime.cte", "RFC 2045 §6",
     "use 7bit, 8bit, binary, quoted-printable or base64; for a multipart one of the first three"},
    {Id::mime_charset, "mime.charset", "RFC 2045 §5.2", "name a registered charset, such as utf-8"},
    {Id::mime_base64, "mime.base64", "RFC 2045 §6.8",
     "write base64 in lines of 76 characters at most, in its alphabet"},
    {Id::received_hops, "received.hops", "RFC 5321 §6.3", "look for a mail loop"},
    {Id::display_trick, "display.trick", "RFC 5322 §3.4",
     "write a plain name, without an address, control characters or mixed alphabets"},
    {Id::env_return, "env.return", "RFC 5321 §5.1",
     "give the sender's domain an MX record that accepts bounces"},
    {Id::env_null_not_auto, "env.null-not-auto", "RFC 5321 §4.5.5",
     "send with a sender's address; the null sender is for reports"},
    {Id::dkim_none, "dkim.none", "RFC 6376", "sign with a key of the author's domain"},
    {Id::dkim_fails, "dkim.fails", "RFC 6376 §6",
     "compare the published key, and look for programs that change signed mail"},
    {Id::dkim_unaligned, "dkim.unaligned", "RFC 9989 §4.4",
     "sign with a key of the author's own domain"},
    {Id::dkim_bits, "dkim.bits", "RFC 8301 §3.2", "make a new key of 2048 bits"},
    {Id::dkim_expired, "dkim.expired", "RFC 6376 §3.5", "send sooner, or sign with a later x="},
    {Id::dkim_future, "dkim.future", "RFC 6376 §3.5", "set the clock of the signing host"},
    {Id::dkim_cover, "dkim.cover", "RFC 6376 §5.4", "add the fields to h= of the signature"},
    {Id::dkim_l, "dkim.l", "RFC 6376 §8.2", "sign without l="},
    {Id::dkim_fragile, "dkim.fragile", "RFC 6376 §5.4",
     "sign relaxed, and leave fields out that relays change"},
    {Id::spf_result, "spf.result", "RFC 7208 §2.6",
     "permit the address in the SPF record of the sender's domain"},
    {Id::spf_aligned, "spf.aligned", "RFC 9989 §4.4",
     "use an envelope sender in the author's domain"},
    {Id::dmarc_result, "dmarc.result", "RFC 9989 §4.4",
     "let SPF or DKIM pass for the author's domain"},
    {Id::dmarc_record, "dmarc.record", "RFC 9989 §4.7",
     "publish a DMARC record for the author's domain"},
    {Id::iprev_result, "iprev.result", "RFC 8601 §3",
     "give the address a name (PTR) that leads back to it"},
    {Id::helo_name, "helo.name", "RFC 5321 §4.1.4",
     "say a name in HELO that has the sending address"},
    {Id::unsub_url, "unsub.url", "RFC 8058 §3.1",
     "add List-Unsubscribe: <https://your.domain/unsubscribe/TOKEN>"},
    {Id::unsub_post, "unsub.post", "RFC 8058 §5",
     "add exactly: List-Unsubscribe-Post: List-Unsubscribe=One-Click"},
    {Id::unsub_cover, "unsub.cover", "RFC 8058 §4",
     "sign List-Unsubscribe and List-Unsubscribe-Post; leave signing.signed_fields empty"},
    {Id::unsub_opaque, "unsub.opaque", "RFC 8058 §3.1",
     "name the recipient by a token in the URL that nobody can guess"},
    {Id::unsub_tls, "unsub.tls", "RFC 8058 §3.1",
     "give the host of the URL a valid certificate, and let it answer POST"},
    {Id::list_id, "list.id", "RFC 2919 §2", "add a List-Id field"},
    {Id::arc_forwarded, "arc.forwarded", "RFC 8617 §5.1", "seal mail that you forward"},
    {Id::bulk_rate, "bulk.rate", "receivers' rules",
     "meet the rules for bulk senders before the threshold is reached"},
    {Id::size, "size", "receivers' limits", "send a link in place of the attachment"},
    {Id::bimi_selector, "bimi.selector", "draft-brand-indicators-for-message-identification",
     "sign BIMI-Selector, and remove BIMI-Location and BIMI-Indicator"},
    {Id::tls_next_hop, "tls.next-hop", "receivers' rules",
     "set smtp_tls_security_level = may in Postfix"},
}};

const Description& description_of(Id id) {
  return descriptions[static_cast<std::size_t>(id)];
}

constexpr bool is_in_order() {
  for (std::size_t i = 0; i < descriptions.size(); ++i) {
    if (descriptions[i].id != static_cast<Id>(i)) {
      return false;
    }
  }
  return true;
}
static_assert(is_in_order());

}  // namespace

std::string_view format_level(Level level) {
  switch (level) {
    case Level::advice:
      return "advice";
    case Level::warning:
      return "warning";
    case Level::error:
      return "error";
  }
  std::unreachable();
}

std::string_view format_id(Id id) {
  return description_of(id).word;
}

std::optional<Id> parse_id(std::string_view word) {
  const auto* const found = std::ranges::find(descriptions, word, &Description::word);
  return found == descriptions.end() ? std::nullopt : std::optional(found->id);
}

std::string_view source_of(Id id) {
  return description_of(id).source;
}

std::string_view remedy_of(Id id) {
  return description_of(id).remedy;
}

bool is_form(Id id) {
  return id <= Id::received_hops && id != Id::from_foreign;
}

bool matches(std::string_view pattern, Id id) {
  if (pattern == "*") {
    return true;
  }
  if (!pattern.ends_with(".*")) {
    return pattern == format_id(id);
  }
  return format_id(id).starts_with(pattern.substr(0, pattern.size() - 1));
}

bool is_pattern(std::string_view pattern) {
  return std::ranges::any_of(descriptions, [&](const Description& description) {
    return matches(pattern, description.id);
  });
}

std::string printable(std::string_view text, std::size_t limit) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string shown;
  for (const char c : text) {
    if (shown.size() >= limit) {
      return shown + "...";
    }
    if (mail::is_control(c) || mail::is_eight_bit(c)) {
      const auto octet = static_cast<unsigned char>(c);
      shown += {'\\', 'x', digits[octet >> 4U], digits[octet & 0xFU]};
    } else {
      shown += c;
    }
  }
  return shown;
}

void add_finding(std::vector<Finding>& findings, Id id, Level level, Place where,
                 std::string evidence) {
  const auto same = std::ranges::count_if(findings, [&](const Finding& finding) {
    return finding.id == id && finding.where.field == where.field;
  });
  if (static_cast<std::size_t>(same) < max_findings_of_id) {
    findings.push_back({id, level, std::move(where), std::move(evidence), {}, {}});
  }
}

bool has_finding(const std::vector<Finding>& findings, Id id) {
  return std::ranges::find(findings, id, &Finding::id) != findings.end();
}

}  // namespace sekisho::preflight
