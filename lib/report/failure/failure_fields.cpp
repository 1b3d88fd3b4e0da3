#include "report/failure/failure_fields.hpp"

#include "authres/authentication_results.hpp"
#include "authres/describe.hpp"
#include "crypto/base64.hpp"
#include "mail/ascii.hpp"
#include "report/failure/field_text.hpp"
#include "report/failure/signed_header.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <utility>

namespace sekisho::report::failure {

namespace {

/// The fields of one report, in their order.
class FieldWriter {
 public:
  void add(std::string_view name, std::string_view value) {
    text_ += field_text(name, value, FieldCharset::ascii);
  }
  void add_if_any(std::string_view name, std::string_view value) {
    if (!value.empty()) {
      add(name, value);
    }
  }
  /// A base64string (RFC 6376 §2.10), in lines.
  void add_base64(std::string_view name, std::string_view octets) {
    constexpr std::size_t columns = 72;
    const std::string code = crypto::encode_base64(
        {reinterpret_cast<const std::uint8_t*>(octets.data()), octets.size()});
    text_.append(name).append(":");
    for (std::size_t i = 0; i < code.size(); i += columns) {
      text_.append(i == 0 ? " " : "\r\n ").append(code, i, columns);
    }
    text_ += "\r\n";
  }
  [[nodiscard]] std::string take() { return std::move(text_); }

 private:
  std::string text_;
};

// RFC 6591 §3.3, RFC 9991 §4.
std::string_view auth_failure(const findings::Findings& found, const SelectedReport& wanted) {
  switch (wanted.kind) {
    case FailureKind::dmarc:
      return "dmarc";
    case FailureKind::spf:
      return "spf";
    case FailureKind::dkim:
      break;
  }
  const dkim::Fault fault = found.dkim[wanted.signature].fault;
  if (fault == dkim::Fault::body_hash_mismatch) {
    return "bodyhash";
  }
  return fault == dkim::Fault::key_revoked ? "revoked" : "signature";
}

// Whether the names that such a record leads to may hold the sender's local part (RFC 7208 §7.2,
// the macros `l` and `s`).
bool leads_on_by_sender(const spf::UsedRecord& record) {
  const std::string text = mail::to_lower(record.text);
  return text.contains("%{l") || text.contains("%{s");
}

// RFC 6591 §3.1: "it MUST reflect only a single authentication method's result". Why a policy of
// ours was not followed is nobody's business but ours.
std::string authentication_results(const findings::Findings& found, const SelectedReport& wanted,
                                   const ReportContext& context) {
  findings::Findings one;
  switch (wanted.kind) {
    case FailureKind::dmarc:
      one.dmarc = found.dmarc;
      break;
    case FailureKind::dkim:
      one.dkim = {found.dkim[wanted.signature]};
      one.dkim_checked = true;
      break;
    case FailureKind::spf:
      one.spf_mail_from = found.spf_mail_from;
      if (context.redactor != nullptr &&
          std::ranges::any_of(one.spf_mail_from->records, leads_on_by_sender)) {
        one.spf_mail_from->reason.clear();  // it names the record that decided
      }
      break;
  }
  authres::AuthenticationResults results = authres::describe(one, {}, context.authserv_id);
  if (context.redactor != nullptr) {
    results = redacted_results(std::move(results), *context.redactor);
  }
  return authres::format(results);
}

// RFC 9991 §4: the mechanisms that failed to authenticate an aligned identity; RFC 7489 had those
// that did.
std::string_view identity_alignment(const dmarc::Result& dmarc) {
  if (dmarc.dkim_aligned) {
    return dmarc.spf_aligned ? "none" : "spf";
  }
  return dmarc.spf_aligned ? "dkim" : "dkim, spf";
}

// RFC 6591 §3.2.2.
std::string_view delivery_result(policy::Action action) {
  switch (action) {
    case policy::Action::accept:
      return "delivered";
    case policy::Action::reject:
      return "reject";
    case policy::Action::quarantine:
    case policy::Action::discard:
      return "policy";
    case policy::Action::tempfail:
      return "other";
  }
  std::unreachable();
}

// The signature that a report tells of: its subject, or of a DMARC failure the first aligned one
// that does not pass (RFC 9991 §4).
const dkim::Result* told_signature(const findings::Findings& found, const SelectedReport& wanted) {
  if (wanted.kind == FailureKind::spf) {
    return nullptr;
  }
  if (wanted.kind == FailureKind::dkim) {
    return &found.dkim[wanted.signature];
  }
  const auto first = std::ranges::find_if(found.dkim, [&](const dkim::Result& signature) {
    return signature.code != dkim::ResultCode::pass && signature.domain &&
           is_aligned_domain(*signature.domain, *found.dmarc, found.dmarc->record->dkim_alignment);
  });
  return first == found.dkim.end() ? nullptr : &*first;
}

void add_signature(FieldWriter& fields, const dkim::Result& signature,
                   const ReportContext& context) {
  const std::string& auid = signature.auid;
  fields.add("DKIM-Domain", signature.domain->text());
  fields.add_if_any("DKIM-Identity",
                    context.redactor != nullptr ? context.redactor->mailbox(auid) : auid);
  fields.add_if_any("DKIM-Selector", signature.selector);
}

// RFC 6591 §3.2.4: wanted of what is not redacted, and never of what is. The octets of a body are
// gone by the time that its hash is wrong, so there is no DKIM-Canonicalized-Body; a header section
// that had to be cut short would give others than were verified.
void add_signed_header(FieldWriter& fields, const EvaluatedMessage& message,
                       const SelectedReport& wanted, const ReportContext& context) {
  if (wanted.kind != FailureKind::dkim || context.redactor != nullptr ||
      octets_of(message.header) > max_reported_header_octets) {
    return;
  }
  const std::string octets = signed_header(message.header, message.findings.dkim[wanted.signature]);
  if (!octets.empty()) {
    fields.add_base64("DKIM-Canonicalized-Header", octets);
  }
}

bool tells_spf(const findings::Findings& found, const SelectedReport& wanted) {
  if (!found.spf_mail_from || found.spf_mail_from->code == spf::ResultCode::pass) {
    return false;
  }
  if (wanted.kind == FailureKind::spf) {
    return true;
  }
  const auto domain = mail::Domain::parse(found.spf_mail_from->domain);
  return wanted.kind == FailureKind::dmarc && domain &&
         is_aligned_domain(*domain, *found.dmarc, found.dmarc->record->spf_alignment);
}

// RFC 6591 §3.2.6, §4: one for every record that was used.
void add_spf_records(FieldWriter& fields, const spf::Result& spf, const ReportContext& context) {
  bool may_name_sender = false;
  for (const spf::UsedRecord& record : spf.records) {
    const auto domain = mail::Domain::parse(record.domain);
    std::string name = domain ? domain->text() : spf.domain;
    if (may_name_sender && context.redactor != nullptr) {
      name = context.redactor->pseudonym(name);
    }
    fields.add("SPF-DNS", "txt : " + name + " : " + quoted_string(record.text));
    may_name_sender = may_name_sender || leads_on_by_sender(record);
  }
}

std::string path_text(const std::string& path, const ReportContext& context) {
  return "<" + (context.redactor != nullptr ? context.redactor->mailbox(path) : path) + ">";
}

// RFC 5965 §3.2, §3.3. Redacted, recipients are left out altogether: the domain alone would tell
// to whom mail is forwarded (RFC 9991 §7.1).
void add_envelope(FieldWriter& fields, const EvaluatedMessage& message,
                  const ReportContext& context) {
  const findings::Envelope& envelope = message.findings.envelope;
  fields.add_if_any("Original-Envelope-Id", envelope.queue_id);
  fields.add("Original-Mail-From", path_text(envelope.sender, context));
  if (context.redactor == nullptr) {
    constexpr std::size_t max_recipients = 100;
    const std::size_t told = std::min(envelope.recipients.size(), max_recipients);
    for (std::size_t i = 0; i < told; ++i) {
      fields.add("Original-Rcpt-To", path_text(envelope.recipients[i], context));
    }
  }
  fields.add("Arrival-Date", date_text(message.arrival));
}

// RFC 5965 §3.2: an address as RFC 5321 §4.1.3 writes it within brackets. RFC 6692 §3: the port
// goes with it.
void add_client(FieldWriter& fields, const findings::Client& client) {
  if (!client.address) {
    return;
  }
  fields.add("Source-IP", (client.address->is_v6() ? "IPv6:" : "") + client.address->text());
  if (client.port != 0) {
    fields.add("Source-Port", std::to_string(client.port));
  }
}

}  // namespace

std::string failure_fields(const EvaluatedMessage& message, const SelectedReport& wanted,
                           const ReportContext& context) {
  const findings::Findings& found = message.findings;
  FieldWriter fields;
  fields.add("Feedback-Type", "auth-failure");
  fields.add("User-Agent", "Sekisho/" + context.version);
  fields.add("Version", "1");
  fields.add("Auth-Failure", auth_failure(found, wanted));
  fields.add("Authentication-Results", authentication_results(found, wanted, context));
  fields.add("Identity-Alignment", identity_alignment(*found.dmarc));
  fields.add("Delivery-Result", delivery_result(message.action));
  if (const dkim::Result* signature = told_signature(found, wanted)) {
    add_signature(fields, *signature, context);
  }
  add_signed_header(fields, message, wanted, context);
  if (tells_spf(found, wanted)) {
    add_spf_records(fields, *found.spf_mail_from, context);
  }
  add_envelope(fields, message, context);
  add_client(fields, found.client);
  fields.add("Reported-Domain", found.dmarc->author_domain->text());
  return fields.take();
}

}  // namespace sekisho::report::failure
