#include "report/failure/redactor.hpp"

#include "crypto/hexadecimal.hpp"
#include "crypto/hmac.hpp"
#include "mail/address.hpp"
#include "mail/ascii.hpp"
#include "mail/domain.hpp"
#include "report/failure/field_text.hpp"
#include "report/failure/redacted_fields.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <utility>

namespace sekisho::report::failure {

namespace {

enum class Treatment : std::uint8_t {
  message_id,
  date,
  word,
  list_id,
  received,
  received_spf,
  results,
  arc_results,
  tags,
  addresses,
  withhold,
};

constexpr std::array<std::pair<std::string_view, Treatment>, 36> treatments{{
    {"message-id", Treatment::message_id},
    {"resent-message-id", Treatment::message_id},
    {"date", Treatment::date},
    {"resent-date", Treatment::date},
    {"mime-version", Treatment::word},
    {"content-transfer-encoding", Treatment::word},
    {"content-type", Treatment::word},
    {"auto-submitted", Treatment::word},
    {"precedence", Treatment::word},
    {"list-id", Treatment::list_id},
    {"received", Treatment::received},
    {"received-spf", Treatment::received_spf},
    {"authentication-results", Treatment::results},
    {"arc-authentication-results", Treatment::arc_results},
    {"arc-seal", Treatment::tags},
    {"arc-message-signature", Treatment::tags},
    {"dkim-signature", Treatment::tags},
    {"from", Treatment::addresses},
    {"sender", Treatment::addresses},
    {"author", Treatment::addresses},
    {"reply-to", Treatment::addresses},
    {"to", Treatment::addresses},
    {"cc", Treatment::addresses},
    {"bcc", Treatment::addresses},
    {"resent-from", Treatment::addresses},
    {"resent-sender", Treatment::addresses},
    {"resent-to", Treatment::addresses},
    {"resent-cc", Treatment::addresses},
    {"resent-bcc", Treatment::addresses},
    {"return-path", Treatment::addresses},
    {"delivered-to", Treatment::addresses},
    {"x-original-to", Treatment::addresses},
    {"envelope-to", Treatment::addresses},
    {"errors-to", Treatment::addresses},
    {"disposition-notification-to", Treatment::addresses},
    {"original-from", Treatment::addresses},
}};

Treatment treatment_of(const mail::HeaderField& field) {
  const auto* const found = std::ranges::find_if(
      treatments, [&](const auto& entry) { return mail::is_named(field, entry.first); });
  return found == treatments.end() ? Treatment::withhold : found->second;
}

// Nullopt: it is to be withheld.
std::optional<std::string> shown_value(Treatment treatment, std::string_view value,
                                       const Redactor& redactor) {
  switch (treatment) {
    case Treatment::message_id:
      return plain_message_id(value);
    case Treatment::date:
      return plain_date(value);
    case Treatment::word:
      return plain_word(value);
    case Treatment::list_id:
      return plain_list_id(value);
    case Treatment::received:
      return redacted_received(value, redactor);
    case Treatment::received_spf:
      return redacted_received_spf(value, redactor);
    case Treatment::results:
      return redacted_authentication_results(value, redactor);
    case Treatment::arc_results:
      return redacted_arc_results(value, redactor);
    case Treatment::tags:
      return redacted_tags(value, redactor);
    case Treatment::addresses:
    case Treatment::withhold:
      return std::nullopt;
  }
  std::unreachable();
}

}  // namespace

std::string Redactor::pseudonym(std::string_view text) const {
  constexpr std::size_t octets = 8;
  const crypto::Bytes code = crypto::hmac_sha256(key_, mail::to_lower(text));
  return crypto::encode_hexadecimal(std::span(code).first(octets));
}

std::string Redactor::mailbox(std::string_view address) const {
  const auto at = address.rfind('@');
  if (address.empty()) {
    return {};
  }
  const auto domain =
      at == std::string_view::npos ? std::nullopt : mail::Domain::parse(address.substr(at + 1));
  if (!domain) {
    return pseudonym(address);
  }
  return (at == 0 ? "" : pseudonym(address.substr(0, at))) + "@" + domain->text();
}

std::string Redactor::domain(std::string_view text) const {
  const auto domain = mail::Domain::parse(text);
  return domain && domain->label_count() > 1 ? domain->text() : pseudonym(text);
}

std::string Redactor::withheld(std::string_view value) const {
  return "[withheld " + pseudonym(value) + "]";
}

std::string Redactor::address_list(std::string_view value) const {
  const auto mailboxes = mail::parse_address_list(value);
  if (!mailboxes) {
    return mail::trimmed(value) == "<>" ? "<>" : withheld(value);
  }
  std::string list;
  for (const mail::Mailbox& one : *mailboxes) {
    list += list.empty() ? "" : ", ";
    list += one.domain ? pseudonym(one.local_part) + "@" + one.domain->text()
                       : pseudonym(one.local_part + "@" + one.domain_text);
  }
  return list;
}

std::string Redactor::field(const mail::HeaderField& field) const {
  const std::string value = mail::unfold(field.value);
  const Treatment treatment = treatment_of(field);
  if (treatment == Treatment::withhold || value.size() > max_field_octets) {
    return withheld(value);
  }
  if (treatment == Treatment::addresses) {
    return address_list(value);
  }
  const auto shown = shown_value(treatment, value, *this);
  return shown ? *shown : withheld(value);
}

}  // namespace sekisho::report::failure
