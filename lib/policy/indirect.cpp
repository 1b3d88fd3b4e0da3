#include "policy/indirect.hpp"

#include "mail/ascii.hpp"

#include <algorithm>
#include <cstddef>
#include <utility>

namespace sekisho::policy {

namespace {

constexpr IndirectSign list_signs[] = {IndirectSign::list_id, IndirectSign::list_post,
                                       IndirectSign::mailing_list, IndirectSign::precedence};

constexpr IndirectSign forwarder_signs[] = {
    IndirectSign::resent_from,     IndirectSign::resent_sender,
    IndirectSign::resent_to,       IndirectSign::x_forwarded_to,
    IndirectSign::x_forwarded_for, IndirectSign::x_sieve_redirected_from,
    IndirectSign::delivered_to};

// Fields that lists have beside those that name them, and bulk mail that comes directly as well, so
// that they are no signs by themselves (RFC 2369).
constexpr std::string_view accompanying_fields[] = {"List-Help", "List-Unsubscribe",
                                                    "List-Subscribe", "List-Owner", "List-Archive"};

bool is_present(const mail::HeaderSection& header, std::string_view name) {
  return std::ranges::any_of(
      header, [name](const mail::HeaderField& field) { return mail::is_named(field, name); });
}

// Precedence: list, as Mailman and its elders write it.
bool has_list_precedence(const mail::HeaderSection& header) {
  return std::ranges::any_of(mail::fields_named(header, "Precedence"),
                             [](const mail::HeaderField* field) {
                               std::string value = mail::unfold(field->value);
                               std::erase_if(value, mail::is_blank);
                               return mail::equals_ignoring_case(value, "list");
                             });
}

bool has_sign(const mail::HeaderSection& header, IndirectSign sign) {
  return sign == IndirectSign::precedence ? has_list_precedence(header)
                                          : is_present(header, format_indirect_sign(sign));
}

std::string find_list_id(const mail::HeaderSection& header) {
  const auto fields = mail::fields_named(header, "List-Id");
  if (fields.size() != 1) {
    return {};
  }
  std::string value = mail::unfold(fields.front()->value);
  const std::size_t open = value.rfind('<');
  const std::size_t close = value.rfind('>');
  if (open != std::string::npos && close != std::string::npos && open < close) {
    value = value.substr(open + 1, close - open - 1);
  }
  std::erase_if(value, mail::is_blank);
  return mail::to_lower(value);
}

void find_list(const mail::HeaderSection& header, Signs& signs) {
  std::size_t fields = 0;
  IndirectSign clearest = IndirectSign::none;
  for (const IndirectSign sign : list_signs) {
    if (has_sign(header, sign)) {
      clearest = clearest == IndirectSign::none ? sign : clearest;
      ++fields;
    }
  }
  fields += static_cast<std::size_t>(std::ranges::count_if(
      accompanying_fields, [&](std::string_view name) { return is_present(header, name); }));
  (fields > 1 ? signs.header : signs.lone_list_field) = clearest;
}

// RFC 2919 §2: the identifier of a list lies below a domain of its owner's.
bool is_signed_by_list(const std::string& list_id, const findings::Findings& findings) {
  const auto name = mail::Domain::parse(list_id);
  return name && std::ranges::any_of(findings.dkim, [&](const dkim::Result& signature) {
           return signature.code == dkim::ResultCode::pass && signature.domain &&
                  name->is_within(*signature.domain);
         });
}

// SRS0=hash=timestamp=domain=user, SRS1=hash=domain==hash=…; "+" and "-" are the other separators
// (Sender Rewriting Scheme, 2004).
bool is_rewritten(std::string_view sender) {
  constexpr std::size_t prefix_octets = 4;
  const std::string_view prefix = sender.substr(0, prefix_octets);
  const bool is_srs =
      mail::equals_ignoring_case(prefix, "SRS0") || mail::equals_ignoring_case(prefix, "SRS1");
  return is_srs && sender.size() > prefix_octets &&
         std::string_view("=+-").contains(sender[prefix_octets]) && sender.contains('@');
}

}  // namespace

std::string_view format_indirect_sign(IndirectSign sign) {
  switch (sign) {
    case IndirectSign::none:
      return "";
    case IndirectSign::list_id:
      return "List-Id";
    case IndirectSign::list_post:
      return "List-Post";
    case IndirectSign::mailing_list:
      return "Mailing-List";
    case IndirectSign::precedence:
      return "Precedence";
    case IndirectSign::resent_from:
      return "Resent-From";
    case IndirectSign::resent_sender:
      return "Resent-Sender";
    case IndirectSign::resent_to:
      return "Resent-To";
    case IndirectSign::x_forwarded_to:
      return "X-Forwarded-To";
    case IndirectSign::x_forwarded_for:
      return "X-Forwarded-For";
    case IndirectSign::x_sieve_redirected_from:
      return "X-Sieve-Redirected-From";
    case IndirectSign::delivered_to:
      return "Delivered-To";
    case IndirectSign::rewritten_sender:
      return "SRS sender";
    case IndirectSign::arc_chain:
      return "ARC chain";
  }
  std::unreachable();
}

bool is_list_sign(IndirectSign sign) {
  return std::ranges::find(list_signs, sign) != std::end(list_signs);
}

Signs find_signs(const mail::HeaderSection& header) {
  Signs signs;
  signs.list_id = find_list_id(header);
  find_list(header, signs);
  if (signs.header != IndirectSign::none) {
    return signs;
  }
  const auto* const forwarder = std::ranges::find_if(
      forwarder_signs, [&](IndirectSign sign) { return has_sign(header, sign); });
  if (forwarder != std::end(forwarder_signs)) {
    signs.header = *forwarder;
  }
  return signs;
}

IndirectSign find_indirect_sign(const Signs& signs, const findings::Findings& findings) {
  if (signs.header != IndirectSign::none) {
    return signs.header;
  }
  if (signs.lone_list_field != IndirectSign::none && is_signed_by_list(signs.list_id, findings)) {
    return signs.lone_list_field;
  }
  if (is_rewritten(findings.envelope.sender)) {
    return IndirectSign::rewritten_sender;
  }
  return findings.arc.status == arc::ChainStatus::pass ? IndirectSign::arc_chain
                                                       : IndirectSign::none;
}

}  // namespace sekisho::policy
