// An address list, and the same octets as a path.
#include "mail/address.hpp"

#include "fuzz/text_of.hpp"
#include "mail/header_field.hpp"

#include <optional>
#include <string>

using namespace sekisho;
using fuzz::require;

namespace {

bool is_same(const mail::Mailbox& a, const mail::Mailbox& b) {
  return a.local_part == b.local_part && a.domain_text == b.domain_text && a.domain == b.domain;
}

void check(const mail::Mailbox& mailbox) {
  require(!mailbox.domain_text.empty());
  require(mail::is_clean_value(mailbox.domain_text) && mail::is_clean_value(mailbox.local_part));
  require(mailbox.domain == mail::Domain::parse(mailbox.domain_text));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = fuzz::text_of(data, size);
  const mail::AddressLimits limits{.mailboxes = 20, .comment_depth = 5};
  if (const auto mailboxes = mail::parse_address_list(text, limits)) {
    require(!mailboxes->empty() && mailboxes->size() <= limits.mailboxes);
    const auto unfolded = mail::parse_address_list(mail::unfold(text), limits);
    require(unfolded && unfolded->size() == mailboxes->size());
    for (std::size_t i = 0; i < mailboxes->size(); ++i) {
      check((*mailboxes)[i]);
      require(is_same((*mailboxes)[i], (*unfolded)[i]));
    }
  }
  const std::optional<mail::Mailbox> sender = mail::parse_path(text).value_or(std::nullopt);
  if (sender) {
    check(*sender);
    // A path that has no brackets yet is the same list of one, in brackets.
    const auto list = mail::parse_address_list("<" + std::string(text) + ">");
    require(text.starts_with('<') ||
            (list && list->size() == 1 && is_same(list->front(), *sender)));
  }
  return 0;
}
