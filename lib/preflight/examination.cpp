#include "preflight/examination.hpp"

#include "dkim/key_fetches.hpp"
#include "dkim/signature.hpp"
#include "dmarc/public_suffixes.hpp"
#include "mail/address.hpp"
#include "preflight/fact_finding.hpp"
#include "preflight/header_checks.hpp"
#include "preflight/recipients.hpp"
#include "preflight/route_checks.hpp"
#include "preflight/sent_counter.hpp"
#include "preflight/unsubscribe.hpp"

#include <algorithm>
#include <utility>

namespace sekisho::preflight {

namespace {

bool has_field(const mail::HeaderSection& header, std::string_view name) {
  return !mail::fields_named(header, name).empty();
}

/// The organizational domain of the author, as far as anything tells it.
std::optional<mail::Domain> organization_of(const mail::Author& author,
                                            const dmarc::Result& dmarc) {
  if (dmarc.organizational_domain || author.domains.size() != 1) {
    return dmarc.organizational_domain;
  }
  return dmarc::PublicSuffixes().organizational_domain(author.domains.front());
}

Alignment align(const std::optional<mail::Domain>& domain, const mail::Author& author,
                const std::optional<mail::Domain>& organization) {
  if (!domain || author.domains.size() != 1) {
    return Alignment::none;
  }
  if (*domain == author.domains.front()) {
    return Alignment::strict;
  }
  return organization && domain->is_within(*organization) ? Alignment::relaxed : Alignment::none;
}

/// Results come in the order of the fields.
std::vector<JudgedSignature> judge_signatures(const mail::HeaderSection& header,
                                              const std::vector<dkim::Result>& results,
                                              const mail::Author& author,
                                              const dmarc::Result& dmarc,
                                              std::size_t max_signed_names) {
  const auto organization = organization_of(author, dmarc);
  const auto fields = mail::fields_named(header, "DKIM-Signature");
  std::vector<JudgedSignature> judged;
  for (std::size_t i = 0; i < std::min(fields.size(), results.size()); ++i) {
    judged.push_back({dkim::parse_signature(fields[i]->value, max_signed_names).signature,
                      results[i], align(results[i].domain, author, organization)});
  }
  return judged;
}

bool is_temporary(const RouteResult& route, std::span<const JudgedSignature> signatures) {
  return dkim_passes(signatures) == Tristate::unknown ||
         route.dmarc.code == dmarc::ResultCode::temperror ||
         std::ranges::any_of(route.addresses, [](const AddressResult& each) {
           return each.spf.code == spf::ResultCode::temperror ||
                  each.iprev.code == iprev::ResultCode::temperror;
         });
}

std::vector<std::string> addresses_of(const mail::HeaderSection& header,
                                      const std::vector<std::string>& recipients) {
  std::vector<std::string> addresses = recipients;
  for (const mail::HeaderField* field : mail::fields_named(header, "To")) {
    for (const mail::Mailbox& mailbox :
         mail::parse_address_list(field->value).value_or(std::vector<mail::Mailbox>{})) {
      addresses.push_back(mailbox.local_part + "@" + mailbox.domain_text);
    }
  }
  return addresses;
}

constexpr unsigned warned_percentage = 50;

/// At least one: a message whose recipients are not known has some.
std::uint64_t recipients_at(const ReceiverRules& rules, const Receiver& receiver,
                            const std::vector<std::string>& recipients) {
  const auto count = std::ranges::count_if(
      recipient_domains(recipients),
      [&](const mail::Domain& domain) { return rules.of_domain(domain) == &receiver; });
  return std::max<std::uint64_t>(static_cast<std::uint64_t>(count), 1);
}

}  // namespace

Examination::Examination(Environment environment, Request request, const ReceiverRules& rules)
    : environment_(std::move(environment)),
      request_(std::move(request)),
      rules_(&rules),
      key_lookups_(environment_.open_lookups()),
      form_(
          {.header_octets = request_.header_octets,
           .header_fields = request_.header_fields,
           .smtputf8 = request_.envelope.smtputf8},
          findings_, [this](const mail::HeaderSection& header) { end_header(header); },
          [this](std::string_view chunk) { body_hashes_.update(chunk); }) {
  if (request_.is_bulk_sender) {
    request_.receivers.bulk = request_.receivers.names;
  }
}

Examination::~Examination() = default;

void Examination::add(std::string_view chunk) {
  form_.add(chunk);
}

std::optional<std::string> Examination::sender() const {
  if (request_.envelope.sender || author_.mailboxes.empty()) {
    return request_.envelope.sender;
  }
  const mail::Mailbox& author = author_.mailboxes.front();
  return author.domain ? std::optional(author.local_part + "@" + author.domain->text())
                       : std::nullopt;
}

void Examination::end_header(const mail::HeaderSection& header) {
  author_ = form_.is_whole() ? mail::find_author(header)
                             : mail::without_domain(mail::AuthorStatus::header_too_large,
                                                    mail::FromFault::header_too_large);
  sender_ = sender();
  const bool has_domain = author_.status == mail::AuthorStatus::single_domain;
  std::vector<mail::Domain> signing_domains;
  if (form_.is_whole()) {
    verifier_.emplace(dkim::KeyFetches(*key_lookups_, environment_.key_records), header,
                      has_domain ? std::optional(author_.domains.front()) : std::nullopt,
                      environment_.dkim, environment_.now, body_hashes_);
    signing_domains = verifier_->domains();
  }
  if (request_.own_body_hash) {
    static_cast<void>(body_hashes_.request(*request_.own_body_hash));
  }
  signing_domains.insert(signing_domains.end(), request_.own_signing_domains.begin(),
                         request_.own_signing_domains.end());
  route_.emplace(environment_, request_.envelope, sender_.value_or(""), author_, signing_domains);
}

void Examination::check_size() {
  for (const std::string& name : request_.receivers.names) {
    const Receiver* receiver = rules_->find(name);
    if (receiver != nullptr && receiver->max_octets > 0 && form_.octets() > receiver->max_octets) {
      add_finding(findings_, Id::size, Level::error, {},
                  std::to_string(form_.octets()) + " octets, and " + name + " takes " +
                      std::to_string(receiver->max_octets));
    }
  }
}

// The message counts, too: the one that reaches the threshold is judged as a bulk sender's.
void Examination::check_volume(Report& report) {
  if (!request_.sent_before || !report.author) {
    return;
  }
  const std::string author = counted_author(*report.author);
  for (const std::string& name : request_.receivers.names) {
    const Receiver* receiver = rules_->find(name);
    if (receiver == nullptr || receiver->bulk_limit == 0) {
      continue;
    }
    const std::uint64_t before = request_.sent_before(author, *receiver);
    report.volumes.push_back({author, name, before, receiver->bulk_limit});
    const std::uint64_t after =
        before + recipients_at(*rules_, *receiver, request_.envelope.recipients);
    if (after >= receiver->bulk_limit && !request_.is_bulk_sender) {
      request_.receivers.bulk.push_back(name);
    }
    if (after * 100 >= std::uint64_t{warned_percentage} * receiver->bulk_limit) {
      add_finding(findings_, Id::bulk_rate, Level::advice, {},
                  std::to_string(before) + " messages of " + author + " to " + name +
                      " in 24 hours; from " + std::to_string(receiver->bulk_limit) +
                      " on the rules for bulk senders apply");
    }
  }
}

void Examination::check_forwarding(bool is_indirect) {
  const bool is_ours = author_.domains.size() == 1 && request_.has_own_key &&
                       request_.has_own_key(author_.domains.front());
  if (is_indirect && !is_ours && has_field(form_.header(), "Received") &&
      !has_field(form_.header(), "ARC-Seal")) {
    add_finding(findings_, Id::arc_forwarded, Level::advice, {},
                "the message is forwarded, and not sealed");
  }
}

// The body hashes of these signatures were asked for before the body. Their keys are asked for only
// now, and a slow body may have used up the time of the other look-ups.
std::vector<dkim::Result> Examination::verify(const mail::HeaderSection& header) {
  key_lookups_->set_deadline(std::chrono::steady_clock::now() + environment_.timeout);
  const bool has_domain = author_.status == mail::AuthorStatus::single_domain;
  dkim::Verifier verifier(dkim::KeyFetches(*key_lookups_, environment_.key_records), header,
                          has_domain ? std::optional(author_.domains.front()) : std::nullopt,
                          environment_.dkim, environment_.now, body_hashes_);
  return verifier.finish(body_hashes_);
}

void Examination::judge(const mail::HeaderSection& header, const std::vector<dkim::Result>& results,
                        Report& report) {
  const RouteResult route = route_->finish(author_, results);
  const auto signatures =
      judge_signatures(header, results, author_, route.dmarc, environment_.dkim.max_signed_names);
  const bool is_indirect = request_.is_indirect && request_.is_indirect(header);
  check_signatures(
      header, signatures,
      {.is_bulk_sender = is_bulk_sender(),
       .needs_strict =
           route.dmarc.record && route.dmarc.record->dkim_alignment == dmarc::AlignmentMode::strict,
       .has_author = author_.status == mail::AuthorStatus::single_domain,
       .offers_one_click = offers_one_click(header) && has_field(header, "List-Unsubscribe"),
       .has_bimi_selector = has_field(header, "BIMI-Selector")},
      findings_);
  std::optional<bool> has_own_key;
  if (request_.has_own_key && author_.domains.size() == 1) {
    has_own_key = request_.has_own_key(author_.domains.front());
  }
  const RouteContext context{author_,          request_.envelope,
                             sender_,          signatures,
                             report.kind,      is_automatic(header, report.kind),
                             is_bulk_sender(), is_indirect,
                             has_own_key,      request_.next_hop_tls};
  check_route(route, context, *rules_, findings_);
  check_forwarding(is_indirect);
  report.has_temporary_errors = is_temporary(route, signatures);
  report.replies = judge_by_receivers(
      *rules_, request_.receivers, find_facts(findings_, route, context),
      author_.domains.size() == 1 ? &author_.domains.front() : nullptr, findings_);
}

Report Examination::finish(std::span<const mail::HeaderField> signatures) {
  form_.finish();
  body_hashes_.finish();
  mail::HeaderSection header(signatures.rbegin(), signatures.rend());
  header.insert(header.end(), form_.header().begin(), form_.header().end());
  std::vector<dkim::Result> results;
  if (verifier_) {
    results = signatures.empty() ? verifier_->finish(body_hashes_) : verify(header);
  }
  Report report;
  report.rules_date = rules_->date;
  report.kind = find_kind(form_.header(), form_.content_type(), author_);
  report.sender = sender_;
  if (author_.domains.size() == 1) {
    report.author = author_.domains.front();
  }
  check_volume(report);
  check_from(form_, author_, findings_);
  check_header(form_, author_, environment_.now, findings_);
  check_unsubscribe(form_,
                    {.kind = report.kind,
                     .is_bulk_sender = is_bulk_sender(),
                     .recipients = addresses_of(form_.header(), request_.envelope.recipients)},
                    findings_);
  check_size();
  report.unsubscribe_uri = one_click_uri(form_.header());
  judge(header, results, report);
  report.findings = std::move(findings_);
  std::ranges::stable_sort(report.findings, std::ranges::greater{}, &Finding::level);
  return report;
}

bool has_level(const Report& report, Level least) {
  return std::ranges::any_of(report.findings,
                             [&](const Finding& finding) { return finding.level >= least; });
}

}  // namespace sekisho::preflight
