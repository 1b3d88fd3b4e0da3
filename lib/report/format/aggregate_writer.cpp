#include "report/format/aggregate_writer.hpp"

#include "report/format/xml_writer.hpp"

#include <algorithm>
#include <span>
#include <string>
#include <utility>

namespace sekisho::report::format {

namespace {

template <typename T>
void optional_word(XmlWriter& xml, const char* name, const std::optional<T>& value,
                   std::string_view (*format)(T)) {
  if (value) {
    xml.element(name, format(*value));
  }
}

std::string seconds_text(std::chrono::sys_seconds time) {
  return std::to_string(time.time_since_epoch().count());
}

void write_period(XmlWriter& xml, const std::optional<Period>& period) {
  if (!period) {
    return;
  }
  xml.begin("date_range");
  xml.element("begin", seconds_text(period->begin));
  xml.element("end", seconds_text(period->end));
  xml.end();
}

// RFC 9990 §3.1.1.3 has one element for all.
std::string joined(const std::vector<std::string>& errors) {
  std::string text;
  for (const std::string& error : errors) {
    text.append(text.empty() ? "" : "; ").append(error);
  }
  return text;
}

void write_metadata(XmlWriter& xml, const Metadata& metadata, Form form) {
  xml.begin("report_metadata");
  xml.element("org_name", metadata.org_name);
  xml.element("email", metadata.email);
  xml.optional_element("extra_contact_info", metadata.extra_contact_info);
  xml.element("report_id", metadata.report_id);
  write_period(xml, metadata.period);
  if (form == Form::rfc9990) {
    xml.optional_element("error", joined(metadata.errors));
    xml.optional_element("generator", metadata.generator);
  } else {
    for (const std::string& error : metadata.errors) {
      xml.element("error", error);
    }
  }
  xml.end();
}

// RFC 9990 §3.1.1.5.
void write_policy(XmlWriter& xml, const PolicyPublished& policy) {
  xml.begin("policy_published");
  xml.element("domain", policy.domain);
  optional_word(xml, "discovery_method", policy.discovery_method, format_discovery_method);
  optional_word(xml, "p", policy.policy, dmarc::format_policy);
  optional_word(xml, "sp", policy.subdomain_policy, dmarc::format_policy);
  optional_word(xml, "np", policy.nonexistent_policy, dmarc::format_policy);
  xml.optional_element("fo", policy.failure_options);
  optional_word(xml, "adkim", policy.dkim_alignment, format_alignment_mode);
  optional_word(xml, "aspf", policy.spf_alignment, format_alignment_mode);
  if (policy.testing) {
    xml.element("testing", *policy.testing ? "y" : "n");
  }
  xml.end();
}

// RFC 7489 appendix C, where pct and fo must be there.
void write_old_policy(XmlWriter& xml, const PolicyPublished& policy) {
  xml.begin("policy_published");
  xml.element("domain", policy.domain);
  optional_word(xml, "adkim", policy.dkim_alignment, format_alignment_mode);
  optional_word(xml, "aspf", policy.spf_alignment, format_alignment_mode);
  optional_word(xml, "p", policy.policy, dmarc::format_policy);
  optional_word(xml, "sp", policy.subdomain_policy, dmarc::format_policy);
  xml.element("pct", std::to_string(policy.percent.value_or(100)));
  xml.element("fo", policy.failure_options.empty() ? "0" : policy.failure_options);
  xml.end();
}

bool has_type(Form form, OverrideType type) {
  switch (type) {
    case OverrideType::local_policy:
    case OverrideType::mailing_list:
    case OverrideType::other:
    case OverrideType::trusted_forwarder:
      return true;
    case OverrideType::policy_test_mode:
      return form == Form::rfc9990;
    case OverrideType::forwarded:
    case OverrideType::sampled_out:
      return form == Form::rfc7489;
  }
  std::unreachable();
}

void write_reason(XmlWriter& xml, const OverrideReason& reason, Form form) {
  std::string_view type = format_override_type(reason.type);
  std::string comment = reason.comment;
  if (!has_type(form, reason.type)) {
    comment = std::string(type).append(comment.empty() ? "" : ": ").append(comment);
    type = format_override_type(OverrideType::other);
  }
  xml.begin("reason");
  xml.element("type", type);
  xml.optional_element("comment", comment);
  xml.end();
}

void write_row(XmlWriter& xml, const AggregateRecord& record, Form form) {
  const bool says_pass = form == Form::rfc9990 || record.disposition != ActionDisposition::pass;
  xml.begin("row");
  xml.element("source_ip", record.source.text());
  xml.element("count", std::to_string(record.count));
  xml.begin("policy_evaluated");
  xml.element("disposition",
              format_disposition(says_pass ? record.disposition : ActionDisposition::none));
  xml.element("dkim", record.dkim_aligned ? "pass" : "fail");
  xml.element("spf", record.spf_aligned ? "pass" : "fail");
  for (const OverrideReason& reason : record.reasons) {
    write_reason(xml, reason, form);
  }
  xml.end();
  xml.end();
}

void write_identifiers(XmlWriter& xml, const AggregateRecord& record, Form form) {
  xml.begin("identifiers");
  if (form == Form::rfc9990) {
    xml.element("header_from", record.header_from);
    xml.element("envelope_from", record.envelope_from);  // empty: the null sender (§3.1.1.10)
    xml.optional_element("envelope_to", record.envelope_to);
  } else {
    xml.optional_element("envelope_to", record.envelope_to);
    xml.element("envelope_from", record.envelope_from);
    xml.element("header_from", record.header_from);
  }
  xml.end();
}

void write_dkim(XmlWriter& xml, const DkimAuthResult& dkim) {
  xml.begin("dkim");
  xml.element("domain", dkim.domain);
  xml.element("selector", dkim.selector);
  xml.element("result", format_auth_result(dkim.result));
  xml.optional_element("human_result", dkim.human_result);
  xml.end();
}

void write_spf(XmlWriter& xml, const SpfAuthResult& spf, Form form) {
  xml.begin("spf");
  xml.element("domain", spf.domain);
  xml.element("scope", format_scope(spf.scope));
  xml.element("result", format_auth_result(spf.result));
  if (form == Form::rfc9990) {
    xml.optional_element("human_result", spf.human_result);
  }
  xml.end();
}

void write_spf_results(XmlWriter& xml, const AggregateRecord& record, Form form) {
  if (form == Form::rfc9990) {
    const auto mfrom = std::ranges::find(record.spf, SpfScope::mfrom, &SpfAuthResult::scope);
    if (mfrom != record.spf.end()) {
      write_spf(xml, *mfrom, form);
    }
    return;
  }
  for (const SpfAuthResult& spf : record.spf) {
    write_spf(xml, spf, form);
  }
  if (record.spf.empty()) {  // RFC 7489 appendix C: there will always be at least one
    write_spf(xml, {.domain = record.envelope_from}, form);
  }
}

}  // namespace

AggregateWriter::AggregateWriter(const AggregateHeader& header, Sink sink)
    : xml_(std::make_unique<XmlWriter>(std::move(sink))), form_(header.form) {
  xml_->begin("feedback");
  if (form_ == Form::rfc9990) {
    xml_->attribute("xmlns", dmarc_namespace);
  }
  xml_->element("version", "1.0");
  write_metadata(*xml_, header.metadata, form_);
  if (form_ == Form::rfc9990) {
    write_policy(*xml_, header.policy);
  } else {
    write_old_policy(*xml_, header.policy);
  }
  xml_->flush();
}

AggregateWriter::~AggregateWriter() = default;

void AggregateWriter::record(const AggregateRecord& record) {
  xml_->begin("record");
  write_row(*xml_, record, form_);
  write_identifiers(*xml_, record, form_);
  xml_->begin("auth_results");
  // RFC 9990 §3.1.3: no more than 100, the most telling first, as the record has them.
  const std::size_t signatures = std::min(record.dkim.size(), max_record_results);
  for (const DkimAuthResult& dkim : std::span(record.dkim).first(signatures)) {
    write_dkim(*xml_, dkim);
  }
  write_spf_results(*xml_, record, form_);
  xml_->end();
  xml_->end();
  xml_->flush();
}

void AggregateWriter::finish() {
  xml_->end();
  xml_->flush();
}

}  // namespace sekisho::report::format
