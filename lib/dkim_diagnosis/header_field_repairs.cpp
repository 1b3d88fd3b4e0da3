#include "dkim_diagnosis/header_field_repairs.hpp"

#include "dkim_diagnosis/mime_parts.hpp"
#include "mail/ascii.hpp"
#include "mail/line_ends.hpp"

#include <algorithm>
#include <set>
#include <utility>

namespace sekisho::dkim_diagnosis {

namespace {

bool names_addresses(const mail::HeaderField& field) {
  return std::ranges::any_of(
      std::initializer_list<std::string_view>{"From", "To", "Cc", "Reply-To", "Sender", "Bcc",
                                              "Resent-From", "Resent-To", "Resent-Cc"},
      [&](std::string_view name) { return mail::is_named(field, name); });
}

// The kind of change, if the old value is known for certain.
ChangeId id_of(std::string_view name) {
  if (mail::equals_ignoring_case(name, "Content-Type")) {
    return ChangeId::head_type;
  }
  if (mail::equals_ignoring_case(name, "From")) {
    return ChangeId::head_from_munge;
  }
  return mail::equals_ignoring_case(name, "Content-Transfer-Encoding") ? ChangeId::head_cte
                                                                       : ChangeId::head_gone;
}

// Copies of the field under another name: X-Original-Subject, X-Google-Original-Message-ID.
bool is_copy_of(const mail::HeaderField& field, std::string_view name) {
  const std::string lower = mail::to_lower(mail::trimmed(field.name));
  const std::string wanted = "-" + mail::to_lower(name);
  return lower.size() > wanted.size() && lower.ends_with(wanted) &&
         (lower.starts_with("x-") || lower.contains("original") || lower.contains("old"));
}

void add_copies(std::string_view name, ChangeId id, const FieldHints& hints,
                FieldRepairs& repairs) {
  for (const mail::HeaderField& copy : hints.copied) {
    if (mail::is_named(copy, name)) {
      repairs.push_back({id, {std::string(name), copy.value}, true});
      repairs.push_back({id, {std::string(name), ' ' + copy.value}, true});
    }
  }
  for (const mail::HeaderField& field : *hints.header) {
    if (is_copy_of(field, name) && field.value.size() <= max_repaired_value) {
      repairs.push_back({id, {std::string(name), field.value}, true});
    }
  }
}

void add_contents(std::string_view name, ChangeId id, const FieldHints& hints,
                  FieldRepairs& repairs) {
  const bool is_type = mail::equals_ignoring_case(name, "Content-Type");
  if (!is_type && !mail::equals_ignoring_case(name, "Content-Transfer-Encoding")) {
    return;
  }
  for (const Content& content : hints.contents) {
    const std::string& value = is_type ? content.type : content.encoding;
    if (!value.empty() && value.size() <= max_repaired_value) {
      repairs.push_back({id, {std::string(name), value}, true});
      const mail::HeaderField field{std::string(name), value};
      add_layout_repairs(field, repairs);
      if (is_type) {
        add_content_type_repairs(field, repairs);
      }
    }
  }
}

constexpr std::string_view usual_encodings[] = {
    "8bit", "7bit", "quoted-printable", "base64", "binary",
    "8BIT", "7BIT", "QUOTED-PRINTABLE", "BASE64", "7Bit",
    "8Bit"};
constexpr std::string_view usual_types[] = {
    "text/plain; charset=utf-8",
    "text/plain; charset=\"utf-8\"",
    "text/plain; charset=UTF-8",
    "text/plain; charset=\"UTF-8\"",
    "text/plain; charset=us-ascii",
    "text/plain; charset=\"us-ascii\"",
    "text/plain; charset=US-ASCII",
    "text/plain; charset=iso-8859-1",
    "text/plain; charset=ISO-8859-1",
    "text/plain; charset=\"iso-8859-1\"",
    "text/plain; charset=windows-1252",
    "text/plain; charset=\"windows-1252\"",
    "text/plain; charset=iso-8859-15",
    "text/plain",
    "text/plain; charset=utf-8; format=flowed",
    "text/plain; charset=UTF-8; format=flowed",
    "text/plain; charset=us-ascii; format=flowed",
    "text/plain; charset=\"utf-8\"; format=flowed",
    "text/plain; format=flowed",
    "text/html; charset=utf-8",
    "text/html; charset=\"utf-8\"",
    "text/html; charset=UTF-8",
    "text/html; charset=\"UTF-8\"",
    "text/html; charset=iso-8859-1",
    "text/html; charset=us-ascii",
    "text/html",
};

void add_usual_values(std::string_view name, ChangeId id, FieldRepairs& repairs) {
  const auto offer = [&](std::string_view value, bool is_likely) {
    repairs.push_back({id, {std::string(name), " " + std::string(value)}, is_likely});
  };
  if (mail::equals_ignoring_case(name, "Content-Transfer-Encoding")) {
    for (const std::string_view value : usual_encodings) {
      offer(value, &value < &usual_encodings[4]);
    }
  }
  if (mail::equals_ignoring_case(name, "Content-Type")) {
    for (const std::string_view value : usual_types) {
      offer(value, &value < &usual_types[4]);
    }
  }
  if (mail::equals_ignoring_case(name, "MIME-Version")) {
    offer("1.0", true);
  }
  if (mail::equals_ignoring_case(name, "To") || mail::equals_ignoring_case(name, "Cc")) {
    for (const std::string_view value :
         {"undisclosed-recipients:;", "undisclosed-recipients: ;", "Undisclosed recipients:;",
          "undisclosed recipients:;", "Undisclosed-recipients:;", ""}) {
      offer(value, false);
    }
  }
}

// Where the message was sent to, and who has sent it, as other fields tell.
void add_addresses_of(std::string_view name, const FieldHints& hints, FieldRepairs& repairs) {
  const bool is_receiver =
      mail::equals_ignoring_case(name, "To") || mail::equals_ignoring_case(name, "Cc");
  const bool is_sender =
      mail::equals_ignoring_case(name, "Sender") || mail::equals_ignoring_case(name, "Reply-To");
  for (const mail::HeaderField& field : *hints.header) {
    const auto is = [&](std::string_view other) { return mail::is_named(field, other); };
    const bool fits =
        (is_receiver && (is("X-Original-To") || is("Delivered-To") || is("X-Envelope-To") ||
                         is("Envelope-To") || is("To") || is("Cc"))) ||
        (is_sender && (is("From") || is("Return-Path") || is("X-Sender") || is("Reply-To")));
    if (fits && field.value.size() <= max_repaired_value) {
      repairs.push_back({ChangeId::head_gone, {std::string(name), field.value}});
    }
  }
}

std::string joined_folds(std::string_view value, std::string_view with) {
  std::string joined;
  for (std::size_t i = 0; i < value.size(); ++i) {
    if (value.substr(i).starts_with(mail::crlf)) {
      i = std::min(value.find_first_not_of(" \t\r\n", i), value.size()) - 1;
      joined += with;
      continue;
    }
    joined += value[i];
  }
  return joined;
}

// The same folds, each with a space or a tab at its beginning.
std::string refolded(std::string_view value, char blank) {
  std::string text(value);
  for (std::size_t at = text.find(mail::crlf); at != std::string::npos;
       at = text.find(mail::crlf, at + 1)) {
    if (at + mail::crlf.size() < text.size()) {
      text[at + mail::crlf.size()] = blank;
    }
  }
  return text;
}

std::string folded_after(std::string_view value, char mark, std::string_view fold) {
  std::string folded;
  for (std::size_t i = 0; i < value.size(); ++i) {
    folded += value[i];
    if (value[i] == mark && i + 1 < value.size()) {
      i = std::min(value.find_first_not_of(" \t\r\n", i + 1), value.size()) - 1;
      folded += fold;
    }
  }
  return folded;
}

// Folded at the last blank before each limit (RFC 5322 §2.2.3).
std::string folded_at(std::string_view name, std::string_view value, std::size_t limit,
                      bool with_tab) {
  std::string folded;
  std::size_t column = name.size() + 1;
  for (std::size_t at = 0; at < value.size();) {
    const std::size_t word = std::min(value.find_first_not_of(' ', at), value.size());
    const std::size_t end = std::min(value.find(' ', word), value.size());
    const bool breaks = at > 0 && column + (end - at) > limit;
    folded += breaks ? std::string(mail::crlf) + (with_tab ? "\t" : " ") +
                           std::string(value.substr(word, end - word))
                     : std::string(value.substr(at, end - at));
    column = breaks ? 1 + end - word : column + end - at;
    at = end;
  }
  return folded;
}

std::string collapsed(std::string_view value) {
  std::string text;
  for (const char c : value) {
    if (!(c == ' ' && text.ends_with(' '))) {
      text += c == '\t' ? ' ' : c;
    }
  }
  return text;
}

// RFC 5322 writes Message-ID; others Message-Id and message-id.
std::vector<std::string> other_names(std::string_view name) {
  std::vector<std::string> forms = {mail::to_lower(name)};
  std::string capitals = forms.front();
  for (std::size_t i = 0; i < capitals.size(); ++i) {
    const bool is_first = i == 0 || capitals[i - 1] == '-';
    capitals[i] = is_first && capitals[i] >= 'a' && capitals[i] <= 'z'
                      ? static_cast<char>(capitals[i] - 'a' + 'A')
                      : capitals[i];
  }
  forms.push_back(capitals);
  std::string upper = forms.front();
  std::ranges::transform(upper, upper.begin(), [](char c) {
    return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  });
  forms.push_back(upper);
  for (const std::string_view known : {"Message-ID", "MIME-Version", "Content-ID", "List-ID", "CC",
                                       "DKIM-Signature", "ARC-Seal"}) {
    if (mail::equals_ignoring_case(known, name)) {
      forms.emplace_back(known);
    }
  }
  return forms;
}

using Seen = std::set<std::pair<std::string, std::string>>;

void take_new(FieldRepairs& repairs, bool likely, Seen& seen, FieldRepairs& unique) {
  for (FieldRepair& repair : repairs) {
    if (repair.is_likely == likely && unique.size() < max_field_repairs &&
        repair.field.value.size() <= 2 * max_repaired_value &&
        seen.emplace(repair.field.name, repair.field.value).second) {
      unique.push_back(std::move(repair));
    }
  }
}

FieldRepairs without_doubles(FieldRepairs repairs, const mail::HeaderField* field) {
  Seen seen;
  if (field != nullptr) {
    seen.emplace(field->name, field->value);
  }
  FieldRepairs unique;
  take_new(repairs, true, seen, unique);
  take_new(repairs, false, seen, unique);
  return unique;
}

}  // namespace

void add_layout_repairs(const mail::HeaderField& field, FieldRepairs& repairs) {
  const auto offer = [&](ChangeId id, std::string value) {
    repairs.push_back({id, {field.name, std::move(value)}});
  };
  const std::string unfolded = joined_folds(field.value, " ");
  for (const std::string_view with :
       {" ", "", "\t", "\r\n ", "\r\n\t", "\r\n        ", "\r\n  ", "\r\n    "}) {
    offer(ChangeId::head_fold, joined_folds(field.value, with));
  }
  offer(ChangeId::head_fold, refolded(field.value, ' '));
  offer(ChangeId::head_fold, refolded(field.value, '\t'));
  for (const char mark : {',', ';'}) {
    for (const std::string_view fold : {"\r\n ", "\r\n\t", "\r\n        ", "\r\n    "}) {
      offer(ChangeId::head_fold, folded_after(field.value, mark, fold));
    }
  }
  for (const std::size_t limit : {78U, 76U, 77U, 75U, 72U, 80U, 79U, 74U, 70U, 998U}) {
    offer(ChangeId::head_fold, folded_at(field.name, unfolded, limit, false));
    offer(ChangeId::head_fold, folded_at(field.name, unfolded, limit, true));
  }
  for (const char mark : {',', ';', ':'}) {
    offer(ChangeId::head_blanks, folded_after(unfolded, mark, " "));
    offer(ChangeId::head_blanks, folded_after(unfolded, mark, ""));
  }
  const std::string_view content = mail::trimmed<mail::is_folding_white_space>(field.value);
  for (const std::string_view lead : {" ", "", "  ", "\t", "\r\n ", "\r\n\t"}) {
    for (const std::string_view trail : {"", " ", "  ", "\t"}) {
      offer(ChangeId::head_blanks, std::string(lead) + std::string(content) + std::string(trail));
    }
  }
  offer(ChangeId::head_blanks, collapsed(unfolded));
  offer(ChangeId::head_blanks, collapsed(field.value));
  for (std::size_t i = 0; i < content.size() && content.size() < 200; ++i) {
    if (mail::is_blank(content[i])) {  // two blanks, a tab, or none in one place
      for (const std::string_view blank : {"  ", "\t", ""}) {
        offer(ChangeId::head_blanks, " " + std::string(content.substr(0, i)) + std::string(blank) +
                                         std::string(content.substr(i + 1)));
      }
    }
  }
  for (std::string& name : other_names(field.name)) {
    repairs.push_back({ChangeId::head_case, {std::move(name), field.value}});
  }
  const std::string_view bare_name = mail::trimmed(field.name);
  repairs.push_back({ChangeId::head_blanks, {std::string(bare_name) + ' ', field.value}});
  repairs.push_back({ChangeId::head_blanks, {std::string(bare_name), field.value}});
  offer(ChangeId::head_case, mail::to_lower(field.value));
}

void add_content_type_repairs(const mail::HeaderField& field, FieldRepairs& repairs) {
  const std::string type(mail::trimmed<mail::is_folding_white_space>(
      std::string_view(field.value).substr(0, field.value.find(';'))));
  std::vector<std::pair<std::string, std::string>> parameters;
  for (const char* name : {"charset", "format", "delsp", "boundary", "name", "type", "protocol",
                           "micalg", "report-type", "reply-type", "method"}) {
    if (auto value = parameter_of(field.value, name)) {
      parameters.emplace_back(name, *std::move(value));
    }
  }
  const auto write = [&](const auto& list, std::string_view separator, bool quotes) {
    std::string text = type;
    for (const auto& [name, value] : list) {
      const bool needs = quotes || value.find_first_of(" ()<>@,;:\\/[]?=") != std::string::npos;
      text += std::string(separator) + name + '=' + (needs ? '"' + value + '"' : value);
    }
    repairs.push_back({ChangeId::head_type, {field.name, " " + text}});
  };
  std::vector<decltype(parameters)> lists = {parameters};
  lists.emplace_back(parameters.rbegin(), parameters.rend());
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    auto& list = lists.emplace_back(parameters);
    list.erase(list.begin() + static_cast<std::ptrdiff_t>(i));
  }
  for (const char* charset : {"utf-8", "UTF-8", "us-ascii", "US-ASCII", "iso-8859-1", "ISO-8859-1",
                              "windows-1252", "Windows-1252", "iso-8859-15", "ISO-8859-15"}) {
    auto& list = lists.emplace_back(parameters);
    std::erase_if(list, [](const auto& each) { return each.first == "charset"; });
    list.insert(list.begin(), {"charset", charset});
  }
  auto& flowed = lists.emplace_back(parameters);
  flowed.emplace_back("format", "flowed");
  auto& delsp = lists.emplace_back(flowed);
  delsp.emplace_back("delsp", "yes");
  for (const auto& list : lists) {
    for (const std::string_view separator : {"; ", ";", ";\r\n\t", ";\r\n "}) {
      write(list, separator, false);
      write(list, separator, true);
    }
  }
  repairs.push_back({ChangeId::head_type, {field.name, mail::to_lower(field.value)}});
}

FieldRepairs repair_field(const mail::HeaderField& field, const FieldHints& hints) {
  const std::string_view name = mail::trimmed(field.name);
  FieldRepairs repairs;
  if (field.value.size() > max_repaired_value) {
    return repairs;
  }
  const ChangeId id = id_of(name);
  add_copies(name, id, hints, repairs);
  add_contents(name, id, hints, repairs);
  add_usual_values(name, id, repairs);
  add_layout_repairs(field, repairs);
  if (mail::is_named(field, "Subject")) {
    add_subject_repairs(field, repairs);
  }
  if (mail::is_named(field, "Date")) {
    add_date_repairs(field, repairs);
  }
  if (mail::is_named(field, "Content-Type")) {
    add_content_type_repairs(field, repairs);
  }
  add_word_repairs(field, repairs);
  if (names_addresses(field)) {
    add_address_repairs(field, repairs);
    add_addresses_of(name, hints, repairs);
  }
  if (mail::is_named(field, "From")) {
    add_from_repairs(field, hints, repairs);
  }
  return without_doubles(std::move(repairs), &field);
}

FieldRepairs restore_field(std::string_view name, const FieldHints& hints) {
  FieldRepairs repairs;
  add_copies(name, ChangeId::head_gone, hints, repairs);
  add_contents(name, ChangeId::head_gone, hints, repairs);
  add_usual_values(name, ChangeId::head_gone, repairs);
  add_addresses_of(name, hints, repairs);
  for (FieldRepair& repair : repairs) {
    repair.id = ChangeId::head_gone;
  }
  return without_doubles(std::move(repairs), nullptr);
}

}  // namespace sekisho::dkim_diagnosis
