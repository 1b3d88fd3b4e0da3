#include "dkim_diagnosis/account.hpp"

#include "dkim_diagnosis/original.hpp"
#include "mail/ascii.hpp"

#include <algorithm>
#include <array>
#include <initializer_list>
#include <string_view>
#include <utility>

namespace sekisho::dkim_diagnosis {

namespace {

constexpr std::size_t max_examined = 20;

bool has(const SignatureDiagnosis& diagnosis, ChangeId id) {
  return std::ranges::count(diagnosis.body.changes, id, &BodyChange::id) > 0 ||
         std::ranges::count(diagnosis.header.changes, id, &HeaderChange::id) > 0;
}

bool has_any(const SignatureDiagnosis& diagnosis, std::initializer_list<ChangeId> ids) {
  return std::ranges::any_of(ids, [&](ChangeId id) { return has(diagnosis, id); });
}

bool is_changed(const SignatureDiagnosis& diagnosis) {
  const auto differs = [](State state) {
    return state == State::changed || state == State::explained;
  };
  return differs(diagnosis.body.state) || differs(diagnosis.header.state);
}

bool has_field(const Message& message, std::string_view name) {
  return !mail::fields_named(message.header, name).empty();
}

bool came_through_list(const Message& message) {
  return has_field(message, "List-Id") || has_field(message, "List-Post") ||
         has_field(message, "List-Unsubscribe") || has_field(message, "Mailing-List");
}

// What readers see as the author or the subject, put above what was signed.
bool shows_another(const SignatureDiagnosis& diagnosis) {
  return std::ranges::any_of(diagnosis.header.changes, [](const HeaderChange& change) {
    const bool is_shown = mail::equals_ignoring_case(change.field, "From") ||
                          mail::equals_ignoring_case(change.field, "Subject") ||
                          mail::equals_ignoring_case(change.field, "Date");
    return is_shown && change.id == ChangeId::head_added;
  });
}

// What stands in the brackets that Subject begins with, where they were added. Gateways warn there;
// a list puts its name.
std::string_view added_tag(const SignatureDiagnosis& diagnosis) {
  const auto change =
      std::ranges::find(diagnosis.header.changes, ChangeId::head_subject_tag, &HeaderChange::id);
  if (change == diagnosis.header.changes.end() || !change->now) {
    return {};
  }
  const std::string_view subject = mail::trimmed<mail::is_folding_white_space>(*change->now);
  const std::size_t end = subject.find(']');
  return subject.starts_with('[') && end != subject.npos ? subject.substr(1, end - 1)
                                                         : std::string_view();
}

bool is_warning(std::string_view tag) {
  constexpr std::array<std::string_view, 10> words = {"ext",     "extern",  "external", "caution",
                                                      "warning", "suspect", "spam",     "unknown",
                                                      "phish",   "phishing"};
  const auto end = std::ranges::find_if_not(tag, mail::is_alphanumeric);
  const std::string_view first(tag.begin(), end);
  return std::ranges::any_of(
      words, [&](std::string_view word) { return mail::equals_ignoring_case(first, word); });
}

// Without any field of a list, its name in Subject and its footer show it.
bool looks_like_list(const SignatureDiagnosis& diagnosis) {
  const std::string_view tag = added_tag(diagnosis);
  return !tag.empty() && !is_warning(tag) &&
         has_any(diagnosis, {ChangeId::body_tail, ChangeId::body_part_tail});
}

bool is_fault_of_signer(const SignatureDiagnosis& diagnosis) {
  using enum KeyState;
  const KeyState key = diagnosis.key;
  return key == other_key || key == revoked || key == gone || key == expired ||
         has_any(diagnosis, {ChangeId::body_canon, ChangeId::body_tail_crlf, ChangeId::sig_length});
}

ChangedBy find_changed_by(const SignatureDiagnosis& diagnosis, const Message& message) {
  if (shows_another(diagnosis) ||
      (diagnosis.body.state == State::same && has(diagnosis, ChangeId::body_l))) {
    return ChangedBy::forger;
  }
  if (is_fault_of_signer(diagnosis)) {
    return ChangedBy::signer;
  }
  if (came_through_list(message) &&
      has_any(diagnosis, {ChangeId::body_tail, ChangeId::body_head, ChangeId::body_part_tail,
                          ChangeId::body_unwrap_list, ChangeId::body_block,
                          ChangeId::head_subject_tag, ChangeId::head_from_munge,
                          ChangeId::head_added, ChangeId::head_gone, ChangeId::head_type})) {
    return ChangedBy::list;
  }
  if (has(diagnosis, ChangeId::head_from_munge) || looks_like_list(diagnosis)) {
    return ChangedBy::list;
  }
  if (has_any(diagnosis, {ChangeId::body_tail, ChangeId::body_head, ChangeId::body_part_tail,
                          ChangeId::body_block, ChangeId::body_urls, ChangeId::head_subject_tag,
                          ChangeId::body_unwrap_list})) {
    return ChangedBy::gateway;
  }
  const bool is_explained =
      diagnosis.body.state != State::changed && diagnosis.header.state != State::changed;
  return is_explained && is_changed(diagnosis) ? ChangedBy::relay : ChangedBy::unknown;
}

void add(std::vector<Advice>& list, Advice advice) {
  if (std::ranges::count(list, advice) == 0) {
    list.push_back(advice);
  }
}

void advise_on_key(const SignatureDiagnosis& diagnosis, std::vector<Advice>& list) {
  switch (diagnosis.key) {
    case KeyState::made_by_published:
    case KeyState::unknown:
      break;
    case KeyState::other_key:
      add(list, diagnosis.fits.empty() ? Advice::publish_key : Advice::right_selector);
      break;
    case KeyState::revoked:
    case KeyState::gone:
      add(list, Advice::publish_key);
      break;
    case KeyState::expired:
      add(list, Advice::longer_expiry);
      break;
  }
}

void advise_on_layout(const SignatureDiagnosis& diagnosis, std::vector<Advice>& list) {
  const bool simple_header = diagnosis.canonicalization.header == dkim::Canonicalization::simple;
  if (simple_header && has_any(diagnosis, {ChangeId::head_fold, ChangeId::head_case,
                                           ChangeId::head_blanks, ChangeId::sig_self})) {
    add(list, Advice::relaxed_header);
  }
  if (diagnosis.canonicalization.body == dkim::Canonicalization::simple &&
      has(diagnosis, ChangeId::body_blanks)) {
    add(list, Advice::relaxed_body);
  }
  if (has_any(diagnosis, {ChangeId::body_cte, ChangeId::body_charset, ChangeId::body_wrap,
                          ChangeId::head_8bit, ChangeId::head_word, ChangeId::head_cte})) {
    add(list, Advice::seven_bit);
  }
}

void advise(const SignatureDiagnosis& diagnosis, ChangedBy who, std::vector<Advice>& list) {
  advise_on_key(diagnosis, list);
  if (!is_changed(diagnosis) && !has(diagnosis, ChangeId::body_l)) {
    return;
  }
  advise_on_layout(diagnosis, list);
  if (who == ChangedBy::list) {
    add(list, Advice::list_settings);
    add(list, Advice::trusted_sealer);
  }
  if (who == ChangedBy::gateway) {
    add(list, Advice::sign_last);
    add(list, Advice::trusted_sealer);
  }
  if (who == ChangedBy::relay) {
    add(list, Advice::relay_settings);
  }
  if (has(diagnosis, ChangeId::head_added)) {
    add(list, Advice::fewer_fields);
  }
  if (has(diagnosis, ChangeId::body_l)) {
    add(list, Advice::no_body_length);
  }
  if (has_any(diagnosis, {ChangeId::body_canon, ChangeId::body_tail_crlf, ChangeId::sig_length})) {
    add(list, Advice::repair_signer);
  }
  if (diagnosis.body.state == State::changed || diagnosis.header.state == State::changed) {
    add(list, Advice::compare_original);
  }
}

bool is_worth_a_search(const SignatureView& view) {
  return view.result.code != dkim::ResultCode::pass;
}

}  // namespace

std::string_view format_changed_by(ChangedBy who) {
  switch (who) {
    case ChangedBy::list:
      return "list";
    case ChangedBy::relay:
      return "relay";
    case ChangedBy::gateway:
      return "gateway";
    case ChangedBy::forger:
      return "forger";
    case ChangedBy::signer:
      return "signer";
    case ChangedBy::unknown:
      return "unknown";
  }
  std::unreachable();
}

std::string_view describe_advice(Advice advice) {
  switch (advice) {
    case Advice::trusted_sealer:
      return "here: if the host that changed it adds ARC seals and is known, list it in "
             "arc.trusted_sealers";
    case Advice::list_settings:
      return "at the list: no footer and no tag in Subject, or From replaced with the list's "
             "address";
    case Advice::sign_last:
      return "at the sender: sign after the last program that adds text";
    case Advice::seven_bit:
      return "at the signer: send quoted-printable or base64, with no line above 998 octets";
    case Advice::relaxed_header:
      return "at the signer: c=relaxed/relaxed, so that folds and blanks do not count";
    case Advice::relaxed_body:
      return "at the signer: c=relaxed/relaxed, so that blanks at the end of lines do not count";
    case Advice::fewer_fields:
      return "at the signer: do not sign absent Reply-To, Sender or List- fields, which lists add";
    case Advice::publish_key:
      return "at the signer: publish the key that signs, and keep it for some days after it is "
             "replaced";
    case Advice::right_selector:
      return "at the signer: name the selector of the key that signs in s=";
    case Advice::no_body_length:
      return "at the signer: do not use l=, which lets others append text";
    case Advice::repair_signer:
      return "at the signer: the signing program does not write what RFC 6376 says";
    case Advice::relay_settings:
      return "at the relay: accept 8BITMIME and pass the message on without converting it";
    case Advice::longer_expiry:
      return "at the signer: let x= be some days later, since mail may wait in queues";
    case Advice::compare_original:
      return "compare with the message as it was sent: sekisho why --original FILE";
  }
  std::unreachable();
}

Account give_account(const Message& message, std::span<const SignatureView> signatures,
                     std::span<const Witness> witnesses, Budget& budget, const Message* original) {
  Account account;
  const std::size_t examined = std::min(signatures.size(), max_examined);
  account.left_out = signatures.size() - examined;
  std::size_t searches = static_cast<std::size_t>(
      std::ranges::count_if(signatures.first(examined), is_worth_a_search));
  for (const SignatureView& view : signatures.first(examined)) {
    const double share = searches > 1 ? 1.0 / static_cast<double>(searches) : 1.0;
    searches -= searches > 0 && is_worth_a_search(view) ? 1 : 0;
    Budget part = budget.part(share);
    SignatureDiagnosis diagnosis = diagnose(view, message, part);
    if (original != nullptr && is_worth_a_search(view)) {
      compare_with_original(view, message, *original, part, diagnosis);
    }
    budget.add(part);
    Between between = is_worth_a_search(view)
                          ? find_change(diagnosis, *view.field, message, witnesses)
                          : Between();
    const ChangedBy who = find_changed_by(diagnosis, message);
    account.changed_by = account.changed_by == ChangedBy::unknown && is_worth_a_search(view)
                             ? who
                             : account.changed_by;
    if (is_worth_a_search(view)) {
      advise(diagnosis, who, account.advice);
    }
    account.signatures.push_back({std::move(diagnosis), std::move(between)});
  }
  return account;
}

}  // namespace sekisho::dkim_diagnosis
