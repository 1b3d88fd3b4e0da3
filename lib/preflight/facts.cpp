#include "preflight/facts.hpp"

#include <algorithm>
#include <array>

namespace sekisho::preflight {

namespace {

constexpr std::size_t max_ids = 6;

struct Description {
  Fact fact;
  std::string_view word;
  std::array<Id, max_ids> ids;
  std::size_t id_count;
};

template <typename... Ids>
constexpr Description describe(Fact fact, std::string_view word, Ids... ids) {
  return {fact, word, {ids...}, sizeof...(ids)};
}

constexpr std::array<Description, fact_count> descriptions{
    describe(Fact::auth_none, "auth.none", Id::spf_result, Id::dkim_none, Id::dkim_fails,
             Id::dkim_expired, Id::dkim_bits),
    describe(Fact::auth_temporary, "auth.temporary", Id::spf_result, Id::dkim_fails, Id::dkim_none),
    describe(Fact::auth_incomplete, "auth.incomplete", Id::spf_result, Id::dkim_none,
             Id::dkim_fails, Id::dmarc_result, Id::dmarc_record, Id::dkim_unaligned),
    describe(Fact::spf_hard_fail, "spf.hard-fail", Id::spf_result),
    describe(Fact::spf_not_passed, "spf.not-passed", Id::spf_result),
    describe(Fact::spf_suspicious, "spf.suspicious", Id::spf_result),
    describe(Fact::spf_sends_nothing, "spf.sends-nothing", Id::spf_result),
    describe(Fact::spf_author_missing, "spf.author-missing", Id::spf_result, Id::spf_aligned),
    describe(Fact::dkim_not_passed, "dkim.not-passed", Id::dkim_none, Id::dkim_fails,
             Id::dkim_expired, Id::dkim_future, Id::dkim_bits, Id::dkim_l),
    describe(Fact::dkim_weak_key, "dkim.weak-key", Id::dkim_bits),
    describe(Fact::dmarc_no_record, "dmarc.no-record", Id::dmarc_record),
    describe(Fact::dmarc_not_aligned, "dmarc.not-aligned", Id::dmarc_result, Id::dkim_unaligned,
             Id::spf_aligned, Id::dmarc_record),
    describe(Fact::dmarc_fails, "dmarc.fails", Id::dmarc_result),
    describe(Fact::dmarc_refused, "dmarc.refused", Id::dmarc_result),
    describe(Fact::iprev_failed, "iprev.failed", Id::iprev_result),
    describe(Fact::ipv6_unauthenticated, "ipv6.unauthenticated", Id::iprev_result, Id::spf_result,
             Id::dkim_none),
    describe(Fact::tls_none, "tls.none", Id::tls_next_hop),
    describe(Fact::from_invalid, "from.invalid", Id::from_missing, Id::from_many_fields,
             Id::from_many_authors, Id::from_syntax),
    describe(Fact::from_foreign, "from.foreign", Id::from_foreign),
    describe(Fact::msgid_invalid, "msgid.invalid", Id::msgid_missing, Id::msgid_empty,
             Id::msgid_syntax),
    describe(Fact::field_double, "field.double", Id::field_double),
    describe(Fact::field_malformed, "field.malformed", Id::word_place, Id::bytes_8bit_header,
             Id::field_syntax, Id::word_syntax, Id::date_syntax),
    describe(Fact::message_malformed, "message.malformed", Id::bytes_nul, Id::bytes_bare_cr,
             Id::bytes_bare_lf, Id::mime_boundary, Id::mime_type, Id::line_998),
    describe(Fact::header_large, "header.large", Id::header_size),
    describe(Fact::message_large, "message.large", Id::size),
    describe(Fact::hops_many, "hops.many", Id::received_hops),
    describe(Fact::domain_missing, "domain.missing", Id::env_return, Id::dmarc_record),
    describe(Fact::date_off, "date.off", Id::date_off, Id::date_missing, Id::date_syntax),
    describe(Fact::unsubscribe_missing, "unsubscribe.missing", Id::unsub_url),
    describe(Fact::one_click_missing, "one-click.missing", Id::unsub_post, Id::unsub_cover,
             Id::unsub_url),
    describe(Fact::arc_missing, "arc.missing", Id::arc_forwarded),
};

constexpr bool is_in_order() {
  for (std::size_t i = 0; i < descriptions.size(); ++i) {
    if (descriptions[i].fact != static_cast<Fact>(i)) {
      return false;
    }
  }
  return true;
}
static_assert(is_in_order());

}  // namespace

std::string_view format_fact(Fact fact) {
  return descriptions[static_cast<std::size_t>(fact)].word;
}

std::optional<Fact> parse_fact(std::string_view word) {
  const auto* const found = std::ranges::find(descriptions, word, &Description::word);
  return found == descriptions.end() ? std::nullopt : std::optional(found->fact);
}

std::span<const Id> findings_of(Fact fact) {
  const Description& description = descriptions[static_cast<std::size_t>(fact)];
  return std::span(description.ids).first(description.id_count);
}

}  // namespace sekisho::preflight
