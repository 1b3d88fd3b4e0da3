#include "milter/monitor/message_facts.hpp"

#include <algorithm>
#include <cstddef>
#include <optional>
#include <utility>

namespace sekisho::milter {

namespace {

constexpr std::size_t most_signatures = 10;

void add(Facts& facts, std::string_view key, std::string_view value,
         std::string_view journal = {}) {
  facts.push_back({.key = key, .value = std::string(value), .journal = journal});
}

void add_if_any(Facts& facts, std::string_view key, std::string_view value) {
  if (!value.empty()) {
    add(facts, key, value);
  }
}

void tell_if_any(Facts& facts, std::string_view key, std::string_view text) {
  if (!text.empty()) {
    facts.push_back({.key = key, .value = Sentence{std::string(text)}});
  }
}

void count(Facts& facts, std::string_view key, std::uint64_t number) {
  facts.push_back({.key = key, .value = number});
}

void add_tls(Facts& facts, const tls::Connection& tls) {
  if (tls.version == tls::Version::none) {
    return;
  }
  add(facts, "tls", tls::format_version(tls.version), "SEKISHO_TLS");
  add_if_any(facts, "cipher", tls.cipher);
  if (tls.bits > 0) {
    count(facts, "bits", tls.bits);
  }
  if (tls.certificate) {
    add(facts, "cert", tls.certificate->subject);
    add_if_any(facts, "cert_issuer", tls.certificate->issuer);
  }
}

void add_client(Facts& facts, const findings::Findings& found) {
  add(facts, "client", findings::format_client(found.client), "SEKISHO_CLIENT");
  add(facts, "helo", found.client.helo);
  if (found.origin != findings::Origin::outside) {
    add(facts, "origin", findings::format_origin(found.origin));
  }
  add_if_any(facts, "login", found.client.login);
  add_tls(facts, found.client.tls);
  facts.push_back({.key = "from",
                   .value = EnvelopeAddress{found.envelope.sender},
                   .journal = "SEKISHO_SENDER"});
}

void add_author(Facts& facts, const mail::Author& author) {
  if (author.status == mail::AuthorStatus::single_domain) {
    add(facts, "author", author.domains.front().text(), "SEKISHO_AUTHOR");
  } else {
    add(facts, "author", mail::format_author_status(author.status));
  }
  if (mail::has_unparsable_display(author)) {
    add(facts, "display", "unparsable");
  }
}

Facts signature_facts(const dkim::Result& signature) {
  Facts facts;
  add(facts, "result", dkim::format_result_code(signature.code));
  add_if_any(facts, "d", signature.domain ? signature.domain->text() : "");
  add_if_any(facts, "s", signature.selector);
  if (signature.code != dkim::ResultCode::pass) {
    tell_if_any(facts, "why", signature.reason);
  }
  if (signature.added_lines > 0) {
    add(facts, "change", "body.tail");
    count(facts, "lines", signature.added_lines);
  }
  return facts;
}

void add_signatures(Facts& facts, const findings::Findings& found) {
  if (!found.dkim_checked) {
    return;
  }
  const std::size_t shown = std::min(found.dkim.size(), most_signatures);
  Entries entries;
  for (std::size_t i = 0; i < shown; ++i) {
    entries.push_back(signature_facts(found.dkim[i]));
  }
  facts.push_back({.key = "dkim", .value = std::move(entries)});
  if (shown < found.dkim.size()) {
    count(facts, "dkim_more", found.dkim.size() - shown);
  }
}

void add_dmarc(Facts& facts, const dmarc::Result& dmarc) {
  add(facts, "dmarc", dmarc::format_result_code(dmarc.code), "SEKISHO_DMARC");
  if (dmarc.record) {
    add(facts, "p", dmarc::format_policy(dmarc.policy));
  }
}

void add_results(Facts& facts, const findings::Findings& found) {
  if (found.iprev) {
    add(facts, "iprev", iprev::format_result_code(found.iprev->code));
  }
  if (found.spf_helo) {
    add(facts, "spf_helo", spf::format_result_code(found.spf_helo->code));
  }
  if (found.spf_mail_from) {
    add(facts, "spf", spf::format_result_code(found.spf_mail_from->code));
  }
  add_signatures(facts, found);
  if (found.arc_checked) {
    add(facts, "arc", arc::format_chain_status(found.arc.status));
  }
  if (found.dmarc) {
    add_dmarc(facts, *found.dmarc);
  }
}

void add_outgoing(Facts& facts, const findings::Findings& found) {
  const findings::Outgoing& outgoing = found.outgoing;
  if (!outgoing.signatures.empty()) {
    Entries entries;
    for (const findings::SignatureMade& signature : outgoing.signatures) {
      add(entries.emplace_back(), "d", signature.domain.text());
      add(entries.back(), "s", signature.selector);
    }
    facts.push_back({.key = "signed", .value = std::move(entries), .under = "dkim"});
  }
  if (outgoing.not_signed != findings::NotSigned::none) {
    facts.push_back({.key = "unsigned",
                     .value = Sentence{findings::describe_not_signed(found)},
                     .under = "dkim"});
  }
  if (outgoing.sealed_instance > 0) {
    count(facts, "sealed", outgoing.sealed_instance);
  }
}

// The ids of errors and warnings, each once; advice is for whoever asks.
void add_preflight(Facts& facts, const std::optional<preflight::Report>& report) {
  if (!report) {
    return;
  }
  std::string ids;
  for (const preflight::Finding& finding : report->findings) {
    const std::string id(preflight::format_id(finding.id));
    const bool is_told = ("," + ids + ",").contains("," + id + ",");
    if (finding.level != preflight::Level::advice && !is_told) {
      ids += (ids.empty() ? "" : ",") + id;
    }
  }
  add(facts, "preflight", ids.empty() ? "clean" : ids, "SEKISHO_PREFLIGHT");
}

void add_disposition(Facts& facts, const policy::Disposition& disposition) {
  add(facts, "action", policy::format_action(disposition.action), "SEKISHO_ACTION");
  if (disposition.withheld) {
    add(facts, "would", policy::format_action(*disposition.withheld));
  }
  tell_if_any(facts, "reason", disposition.reason);
}

}  // namespace

MessageFacts message_facts(const checkpoint::Verdict& verdict, std::chrono::milliseconds waited) {
  const findings::Findings& found = verdict.findings;
  MessageFacts message{.queue_id = found.envelope.queue_id, .facts = {}};
  Facts& facts = message.facts;
  add_client(facts, found);
  count(facts, "nrcpt", found.envelope.recipients.size());
  add_author(facts, found.author);
  add_results(facts, found);
  add_outgoing(facts, found);
  add_preflight(facts, verdict.preflight);
  add_disposition(facts, verdict.disposition);
  count(facts, "ms", static_cast<std::uint64_t>(waited.count()));
  return message;
}

MessageFacts recipient_facts(const checkpoint::Verdict& verdict, std::chrono::milliseconds waited) {
  const findings::Findings& found = verdict.findings;
  MessageFacts message{.queue_id = found.envelope.queue_id, .facts = {}};
  Facts& facts = message.facts;
  add_client(facts, found);
  facts.push_back({.key = "rcpt", .value = EnvelopeAddress{found.envelope.recipients.front()}});
  add_results(facts, found);
  add_disposition(facts, verdict.disposition);
  count(facts, "ms", static_cast<std::uint64_t>(waited.count()));
  return message;
}

}  // namespace sekisho::milter
