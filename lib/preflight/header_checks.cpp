#include "preflight/header_checks.hpp"

#include "dmarc/public_suffixes.hpp"
#include "mail/address.hpp"
#include "mail/ascii.hpp"
#include "preflight/content_type.hpp"
#include "preflight/date.hpp"
#include "preflight/encoded_words.hpp"
#include "preflight/message_id.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace sekisho::preflight {

namespace {

using std::chrono::days;

constexpr std::size_t max_hops = 50;

// RFC 5322 §3.6, RFC 2045 §4, RFC 2919 §3, RFC 2369 §2. From has an id of its own.
constexpr std::array<std::string_view, 20> single_fields{"Date",
                                                         "Sender",
                                                         "Reply-To",
                                                         "To",
                                                         "Cc",
                                                         "Bcc",
                                                         "Message-ID",
                                                         "In-Reply-To",
                                                         "References",
                                                         "Subject",
                                                         "MIME-Version",
                                                         "Content-Type",
                                                         "Content-Transfer-Encoding",
                                                         "Content-Disposition",
                                                         "Content-ID",
                                                         "Content-Description",
                                                         "List-Id",
                                                         "Return-Path",
                                                         "List-Help",
                                                         "List-Post"};
constexpr std::array<std::string_view, 5> address_fields{"Sender", "Reply-To", "To", "Cc", "Bcc"};

/// The fields of a message by name, with where they stand.
class Fields {
 public:
  explicit Fields(const FormReader& form) : form_(&form) {}

  [[nodiscard]] std::optional<std::size_t> find(std::string_view name, std::size_t from = 0) const {
    const mail::HeaderSection& header = form_->header();
    for (std::size_t i = from; i < header.size(); ++i) {
      if (mail::is_named(header[i], name)) {
        return i;
      }
    }
    return std::nullopt;
  }
  [[nodiscard]] std::string_view value(std::size_t index) const {
    return form_->header()[index].value;
  }
  [[nodiscard]] Place place(std::size_t index) const { return form_->place_of(index); }
  /// True: a field that is not there is missing. Otherwise it may stand where the header was cut.
  [[nodiscard]] bool are_all() const { return form_->is_whole() && !form_->is_cut(); }

 private:
  const FormReader* form_;
};

void check_singles(const FormReader& form, const Fields& fields, std::vector<Finding>& findings) {
  for (const std::string_view name : single_fields) {
    const auto first = fields.find(name);
    const auto second = first ? fields.find(name, *first + 1) : std::nullopt;
    if (second) {
      const std::size_t count = mail::fields_named(form.header(), name).size();
      // Trace fields: some relays add a second one, and no receiver minds.
      const Level level = name == "Return-Path" ? Level::warning : Level::error;
      add_finding(findings, Id::field_double, level, fields.place(*second),
                  std::to_string(count) + " " + std::string(name) + " fields");
    }
  }
}

void check_date(const Fields& fields, std::chrono::sys_seconds now,
                std::vector<Finding>& findings) {
  const auto at = fields.find("Date");
  if (!at) {
    if (fields.are_all()) {
      add_finding(findings, Id::date_missing, Level::error, {}, "no Date field");
    }
    return;
  }
  const ParsedDate date = parse_date(fields.value(*at));
  if (date.fault != DateFault::none) {
    const Level level = date.fault == DateFault::obsolete ? Level::advice : Level::error;
    add_finding(findings, Id::date_syntax, level, fields.place(*at),
                std::string(describe_date_fault(date.fault)) + ": " +
                    printable(mail::trimmed(fields.value(*at))));
    return;
  }
  const auto off = std::chrono::abs(*date.time - now);
  if (off > days(1)) {
    add_finding(findings, Id::date_off, Level::warning, fields.place(*at),
                std::to_string(std::chrono::duration_cast<days>(off).count()) + " days " +
                    (*date.time < now ? "in the past" : "in the future"));
  }
}

bool is_related(const std::string& right, const mail::Domain& author) {
  const auto domain = mail::Domain::parse(right);
  if (!domain) {
    return false;
  }
  const dmarc::PublicSuffixes suffixes;
  return suffixes.organizational_domain(*domain) == suffixes.organizational_domain(author);
}

void check_message_id(const Fields& fields, const mail::Author& author,
                      std::vector<Finding>& findings) {
  const auto at = fields.find("Message-ID");
  if (!at) {
    if (fields.are_all()) {
      add_finding(findings, Id::msgid_missing, Level::error, {}, "no Message-ID field");
    }
    return;
  }
  const MessageId id = parse_message_id(fields.value(*at));
  const std::string shown = printable(mail::trimmed(fields.value(*at)));
  switch (id.fault) {
    case MessageIdFault::empty:
      add_finding(findings, Id::msgid_empty, Level::error, fields.place(*at),
                  "an empty Message-ID");
      return;
    case MessageIdFault::syntax:
      add_finding(findings, Id::msgid_syntax, Level::error, fields.place(*at),
                  "not one <left@right>: " + shown);
      return;
    case MessageIdFault::obsolete:
      add_finding(findings, Id::msgid_syntax, Level::advice, fields.place(*at),
                  "an obsolete form: " + shown);
      return;
    case MessageIdFault::none:
      break;
  }
  if (author.domains.size() == 1 && !is_related(id.right, author.domains.front())) {
    add_finding(findings, Id::msgid_foreign, Level::advice, fields.place(*at),
                printable(id.right) + " is not the author's domain");
  }
}

void check_address_field(const Fields& fields, std::size_t at, std::vector<Finding>& findings) {
  const auto mailboxes = mail::parse_address_list(fields.value(at));
  if (mailboxes || mailboxes.error() == mail::AddressError::empty) {
    return;
  }
  // A name in Latin-1 is one fault, and bytes.8bit-header tells it.
  if (mailboxes.error() == mail::AddressError::bad_character) {
    return;
  }
  add_finding(findings, Id::field_syntax, Level::warning, fields.place(at),
              std::string(mail::format_address_error(mailboxes.error())));
}

void check_recipients(const Fields& fields, std::vector<Finding>& findings) {
  for (const std::string_view name : address_fields) {
    if (const auto at = fields.find(name)) {
      check_address_field(fields, *at, findings);
    }
  }
  if (fields.are_all() && !fields.find("To") && !fields.find("Cc")) {
    add_finding(findings, Id::to_none, Level::warning, {}, "neither To nor Cc");
  }
  if (const auto bcc = fields.find("Bcc")) {
    const auto mailboxes = mail::parse_address_list(fields.value(*bcc));
    if (mailboxes && !mailboxes->empty()) {
      add_finding(findings, Id::bcc_shown, Level::warning, fields.place(*bcc),
                  std::to_string(mailboxes->size()) + (mailboxes->size() == 1
                                                           ? " blind recipient is shown"
                                                           : " blind recipients are shown"));
    }
  }
}

void check_words(const FormReader& form, const Fields& fields, std::vector<Finding>& findings) {
  constexpr std::array<std::string_view, 3> texts{"Subject", "Comments", "Content-Description"};
  constexpr std::array<std::string_view, 6> addresses{"From", "Sender", "Reply-To",
                                                      "To",   "Cc",     "Bcc"};
  constexpr std::array<std::string_view, 7> structured{
      "Message-ID",   "In-Reply-To",         "References",      "Date",
      "Content-Type", "Content-Disposition", "List-Unsubscribe"};
  const auto has = [](const auto& names, const mail::HeaderField& field) {
    return std::ranges::any_of(names,
                               [&](std::string_view name) { return mail::is_named(field, name); });
  };
  for (std::size_t i = 0; i < form.header().size(); ++i) {
    const mail::HeaderField& field = form.header()[i];
    if (!field.value.contains("=?")) {
      continue;
    }
    if (has(texts, field)) {
      check_encoded_words(field.value, WordContext::text, fields.place(i), findings);
    } else if (has(addresses, field)) {
      check_encoded_words(field.value, WordContext::addresses, fields.place(i), findings);
    } else if (has(structured, field)) {
      check_encoded_words(field.value, WordContext::nowhere, fields.place(i), findings);
    }
  }
}

void check_mime_version(const FormReader& form, const Fields& fields,
                        std::vector<Finding>& findings) {
  const auto at = fields.find("MIME-Version");
  if (at) {
    const auto version = without_comments(fields.value(*at));
    if (!version || *version != "1.0") {
      add_finding(findings, Id::mime_version, Level::warning, fields.place(*at),
                  "not 1.0: " + printable(mail::trimmed(fields.value(*at))));
    }
    return;
  }
  const bool has_content = std::ranges::any_of(form.header(), [](const mail::HeaderField& field) {
    return mail::is_named(field, "Content-Type") ||
           mail::is_named(field, "Content-Transfer-Encoding");
  });
  if (has_content && fields.are_all()) {
    add_finding(findings, Id::mime_version, Level::warning, {},
                "Content fields without MIME-Version");
  }
}

void check_hops(const FormReader& form, std::vector<Finding>& findings) {
  const std::size_t hops = mail::fields_named(form.header(), "Received").size();
  if (hops > max_hops) {
    add_finding(findings, Id::received_hops, Level::error, {"Received", 0, 0},
                std::to_string(hops) + " Received fields");
  }
}

// Only receivers may write these (draft-brand-indicators, "Header fields").
void check_bimi(const Fields& fields, std::vector<Finding>& findings) {
  for (const std::string_view name : {"BIMI-Location", "BIMI-Indicator"}) {
    if (const auto at = fields.find(name)) {
      add_finding(findings, Id::bimi_selector, Level::warning, fields.place(*at),
                  "a field that only receivers write");
    }
  }
}

}  // namespace

void check_header(const FormReader& form, const mail::Author& author, std::chrono::sys_seconds now,
                  std::vector<Finding>& findings) {
  const Fields fields(form);
  check_singles(form, fields, findings);
  check_date(fields, now, findings);
  check_message_id(fields, author, findings);
  check_recipients(fields, findings);
  check_words(form, fields, findings);
  check_mime_version(form, fields, findings);
  check_hops(form, findings);
  check_bimi(fields, findings);
}

}  // namespace sekisho::preflight
