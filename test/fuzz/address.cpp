// An address list, the same octets as a path, and as a From field whose display part need not
// parse.
#include "mail/address.hpp"

#include "fuzz/text_of.hpp"
#include "mail/author.hpp"
#include "mail/encoded_word.hpp"
#include "mail/header_field.hpp"
#include "mail/local_part.hpp"
#include "mail/lone_address.hpp"

#include <algorithm>
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

// One address is in the field, whoever reads it.
void check_lone(const mail::LoneAddress& lone, std::string_view text) {
  check(lone.mailbox);
  require(lone.mailbox.domain.has_value());
  require(std::ranges::count(text, '@') == 1);
  require(text.contains(lone.mailbox.local_part + "@" + lone.mailbox.domain_text));
  require(mail::is_local_part(lone.mailbox.local_part));
  require(!mail::may_hide_at_sign(text) && !mail::has_at_sign_lookalike(text));
}

void check_author(std::string_view text, const mail::AddressLimits& limits) {
  const mail::Author author = mail::find_author({{"From", std::string(text)}}, limits);
  const bool is_single = author.status == mail::AuthorStatus::single_domain;
  require(author.reason.empty() == is_single);
  require(!is_single || author.domains.size() == 1);
  require(is_single || author.fault != mail::FromFault::none);
  if (const auto lone = mail::find_lone_address(text)) {
    check_lone(*lone, text);
  }
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
  check_author(text, limits);
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
