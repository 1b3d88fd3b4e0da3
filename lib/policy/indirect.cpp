#include "policy/indirect.hpp"

#include "mail/ascii.hpp"

#include <algorithm>
#include <cstddef>
#include <string_view>

namespace sekisho::policy {

namespace {

// From the clearest sign to the weakest. Fields that senders of bulk mail put into what they send
// directly (List-Unsubscribe, List-Help, Precedence: bulk) say nothing about the way of a message.
constexpr std::string_view sign_fields[] = {
    "List-Id",          // mailing lists, RFC 7960 §3.2.3; RFC 2919
    "List-Post",        // RFC 2369 §3.4: one can write to it, so it is a list of people
    "Mailing-List",     // what ezmlm writes
    "Resent-From",      // resent by a person, RFC 7960 §3.2.2; RFC 5322 §3.6.6
    "Resent-Sender",    //
    "Resent-To",        //
    "X-Forwarded-To",   // aliases and forwarding mailboxes, RFC 7960 §3.2.1
    "X-Forwarded-For",  //
    "Delivered-To",     // was delivered once before it came here, RFC 9228
    "ARC-Seal",         // an intermediary sealed it, RFC 8617 §3.6
};

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

}  // namespace

std::string find_indirect_signs(const mail::HeaderSection& header) {
  for (const std::string_view name : sign_fields) {
    if (is_present(header, name)) {
      return std::string(name);
    }
  }
  return has_list_precedence(header) ? "Precedence" : "";
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

}  // namespace sekisho::policy
