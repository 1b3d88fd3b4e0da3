#include "report/import/feedback_reader.hpp"

#include "mail/ascii.hpp"
#include "mail/domain.hpp"
#include "report/format/digest.hpp"
#include "report/format/printable.hpp"
#include "report/import/mime_field.hpp"

#include <algorithm>
#include <charconv>
#include <string>
#include <utility>

namespace sekisho::report::import {

namespace {

// Of the header section and the fields that are looked at; a mail may quote megabytes.
constexpr std::size_t max_text = 65'536;
constexpr std::size_t max_shown = 300;

// The domain behind the last @ of a field; "" where there is none.
std::string domain_in(std::string_view field) {
  const std::size_t at = field.rfind('@');
  if (at == field.npos) {
    return "";
  }
  const std::string_view name = field.substr(at + 1);
  const auto domain = mail::Domain::parse(name.substr(0, name.find_first_of("> \t\r\n,;)\"'")));
  return domain ? domain->text() : "";
}

// Some put the name of the host behind it.
std::optional<dns::IpAddress> address_in(std::string_view field) {
  field = field.substr(0, field.find_first_of(" \t("));
  if (field.starts_with('[') && field.ends_with(']')) {
    field = field.substr(1, field.size() - 2);
  }
  return dns::IpAddress::parse(field);
}

std::uint64_t incidents_in(std::string_view field) {
  constexpr std::uint64_t most = 1'000'000'000;
  std::uint64_t count = 0;
  const auto read = std::from_chars(field.data(), field.data() + field.size(), count);
  return read.ec == std::errc{} && count != 0 ? std::min(count, most) : 1;
}

std::string text_in(std::string_view header, std::string_view name) {
  return format::printable(field_value(header, name), max_shown);
}

std::string first_of(std::string first, std::string second) {
  return first.empty() ? std::move(second) : std::move(first);
}

bool is_original(const MimePart& part) {
  return part.type == "message/rfc822" || part.type == "message/global" ||
         part.type == "text/rfc822-headers" || part.type == "message/rfc822-headers" ||
         part.type == "text/rfc822-header" || part.type == "message/global-headers";
}

// Up to the empty line.
std::string_view header_section(std::string_view text) {
  const std::size_t end = std::min(text.find("\n\n"), text.find("\n\r\n"));
  return text.substr(0, end == text.npos ? text.size() : end + 1);
}

// From the line that begins with `words`; "" where there is none.
std::string_view from_line(std::string_view text, std::string_view words) {
  for (std::size_t place = 0; place < text.size();) {
    const std::string_view rest = text.substr(place);
    if (mail::equals_ignoring_case(rest.substr(0, words.size()), words)) {
      return rest;
    }
    const std::size_t end = rest.find('\n');
    place = end == rest.npos ? text.size() : place + end + 1;
  }
  return {};
}

// What stands behind `words` in the line that begins with them.
std::string_view line_value(std::string_view text, std::string_view words) {
  std::string_view line = from_line(text, words);
  line = line.substr(0, line.find('\n'));
  line.remove_prefix(std::min(words.size(), line.size()));
  return mail::trimmed<mail::is_folding_white_space>(line);
}

/// The fields of the report, and the header section of the message that it is about.
struct Sections {
  std::string fields;
  std::string original;
};

void read_original(format::FeedbackReport& report, std::string_view header) {
  report.author_domain = domain_in(field_value(header, "From"));
  report.personal.from = text_in(header, "From");
  report.personal.to = text_in(header, "To");
  report.personal.subject = text_in(header, "Subject");
  report.personal.message_id = text_in(header, "Message-ID");
}

format::FeedbackReport report_of(const Sections& sections, const MimeMessage& mail) {
  format::FeedbackReport report;
  const std::string_view fields = sections.fields;
  read_original(report, header_section(sections.original));
  report.type = format::parse_feedback_type(main_value(field_value(fields, "Feedback-Type")));
  const auto reported = mail::Domain::parse(field_value(fields, "Reported-Domain"));
  report.author_domain =
      first_of(std::move(report.author_domain), reported ? reported->text() : "");
  report.source = address_in(field_value(fields, "Source-IP"));
  report.auth_failure =
      format::printable(main_value(field_value(fields, "Auth-Failure")), max_shown);
  report.identity_alignment =
      format::printable(mail::to_lower(field_value(fields, "Identity-Alignment")), max_shown);
  report.delivery_result =
      format::printable(main_value(field_value(fields, "Delivery-Result")), max_shown);
  report.arrival_date = first_of(text_in(fields, "Arrival-Date"), text_in(fields, "Received-Date"));
  report.incidents = incidents_in(field_value(fields, "Incidents"));
  report.personal.mail_from = text_in(fields, "Original-Mail-From");
  report.personal.to = first_of(text_in(fields, "Original-Rcpt-To"), report.personal.to);
  report.reporter = domain_in(field_value(mail.header, "From"));
  report.digest = format::digest_of(sections.fields + '\n' + sections.original);
  return report;
}

std::optional<Sections> standard_sections(const MimeMessage& mail) {
  const auto fields = std::ranges::find(mail.parts, "message/feedback-report", &MimePart::type);
  if (fields == mail.parts.end()) {
    return std::nullopt;
  }
  Sections sections{.fields = decode_beginning(*fields, max_text), .original = {}};
  const auto original = std::find_if(fields + 1, mail.parts.end(), is_original);
  if (original != mail.parts.end()) {
    sections.original = decode_beginning(*original, max_text);
  }
  return sections;
}

// The mail says that it is one, and its parts cannot be told apart.
std::optional<Sections> broken_sections(const MimeMessage& mail) {
  if (mail.report_type != "feedback-report") {
    return std::nullopt;
  }
  for (const MimePart& part : mail.parts) {
    const std::string text = decode_beginning(part, max_text);
    if (const std::string_view found = from_line(text, "Feedback-Type:"); !found.empty()) {
      const std::string_view fields = header_section(found);
      const std::string_view behind = found.substr(fields.size());
      const std::string_view original = from_line(behind, "From:");
      return Sections{.fields = std::string(fields), .original = std::string(original)};
    }
  }
  return Sections{.fields = "Feedback-Type: auth-failure\n", .original = {}};
}

// What Exim sends: the fields are lines of a text for people, and the header section follows.
std::optional<format::FeedbackReport> read_exim(const MimeMessage& mail) {
  if (mail.type != "multipart/report" || mail.parts.empty()) {
    return std::nullopt;
  }
  const std::string text = decode_beginning(mail.parts.front(), max_text);
  const std::string_view begin = from_line(text, "  Sender Domain:");
  if (begin.empty()) {
    return std::nullopt;
  }
  const std::string_view fields = header_section(begin);
  const std::string_view behind = begin.substr(fields.size());
  format::FeedbackReport report;
  read_original(report, header_section(from_line(behind, "From:")));
  const auto domain = mail::Domain::parse(line_value(fields, "  Sender Domain:"));
  report.author_domain = domain ? domain->text() : std::move(report.author_domain);
  report.type = format::FeedbackType::auth_failure;
  report.source = address_in(line_value(fields, "  Sender IP Address:"));
  report.arrival_date = format::printable(line_value(fields, "  Received date:"), max_shown);
  report.auth_failure = "dmarc";
  report.reporter = domain_in(field_value(mail.header, "From"));
  report.digest = format::digest_of(text);
  return report;
}

}  // namespace

std::optional<format::FeedbackReport> read_feedback(const MimeMessage& mail) {
  auto sections = standard_sections(mail);
  if (!sections) {
    sections = broken_sections(mail);
  }
  return sections ? std::optional(report_of(*sections, mail)) : read_exim(mail);
}

}  // namespace sekisho::report::import
