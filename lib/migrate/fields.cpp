#include "migrate/fields.hpp"

#include "dkim/header_choice.hpp"
#include "mail/ascii.hpp"
#include "migrate/milter_options.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace sekisho::migrate {

namespace {

using Names = std::vector<std::string>;
using FindFault = std::optional<std::string> (*)(std::span<const std::string>);

// RFC 6376 §5.4.1, what OpenDKIM signs without SignHeaders.
constexpr std::array<std::string_view, 20> usual_fields{
    "From",      "Reply-To",   "Subject",          "Date",
    "To",        "Cc",         "Resent-Date",      "Resent-From",
    "Resent-To", "Resent-Cc",  "In-Reply-To",      "References",
    "List-Id",   "List-Help",  "List-Unsubscribe", "List-Subscribe",
    "List-Post", "List-Owner", "List-Archive",     "Message-ID"};

bool contains(const Names& names, std::string_view name) {
  return std::ranges::any_of(
      names, [&](const std::string& one) { return mail::equals_ignoring_case(one, name); });
}

// What a list of names comes to where "*" stands for the usual ones: opendkim.conf(5), OmitHeaders.
struct FieldList {
  Names names;
  Names removed;
  bool is_delta = false;
};

FieldList read_fields(const DataSet& set) {
  FieldList list;
  list.is_delta =
      std::ranges::any_of(set.members, [](const Member& member) { return member.text == "*"; });
  for (const Member& member : set.members) {
    std::string_view name = member.text;
    const bool is_removed = list.is_delta && name.starts_with('-');
    if (list.is_delta && (is_removed || name.starts_with('+'))) {
      name.remove_prefix(1);
    }
    if (name != "*" && !name.empty()) {
      (is_removed ? list.removed : list.names).emplace_back(name);
    }
  }
  return list;
}

// Leaves out the names that Sekisho does not take, and says so.
Names accepted(const Names& names, FindFault find_fault, const Statement& statement,
               Conversion& conversion) {
  Names good;
  for (const std::string& name : names) {
    const Names alone{name};
    const auto fault = name.contains('*') ? "patterns are not known" : find_fault(alone);
    if (fault) {
      conversion.draft().note(NoteKind::lost, statement, name + ": " + *fault);
    } else if (!contains(good, name)) {
      good.push_back(name);
    }
  }
  return good;
}

Names usual() {
  return {usual_fields.begin(), usual_fields.end()};
}

void remove(Names& names, const Names& unwanted) {
  std::erase_if(names, [&](const std::string& name) {
    return contains(unwanted, name) && !mail::equals_ignoring_case(name, "From");
  });
}

// The fields of SignHeaders, or the usual ones, without those of OmitHeaders.
void set_signed_fields(const Statement& statement, Conversion& conversion) {
  FieldList list{usual(), {}, false};
  if (const Statement* const sign = conversion.find("SignHeaders")) {
    const auto set = conversion.data_set(*sign);
    if (!set) {
      return;
    }
    list = read_fields(*set);
    if (list.is_delta) {
      const Names extra = std::exchange(list.names, usual());
      list.names.insert(list.names.end(), extra.begin(), extra.end());
      remove(list.names, list.removed);
    }
  }
  if (const Statement* const omit = conversion.find("OmitHeaders")) {
    if (const auto set = conversion.data_set(*omit)) {
      remove(list.names, read_fields(*set).names);
    }
  }
  const Names names = accepted(list.names, dkim::find_signed_fields_fault, statement, conversion);
  conversion.draft().set("signing.signed_fields", quoted(names), statement);
}

}  // namespace

void convert_sign_headers(const Statement& statement, Conversion& conversion) {
  set_signed_fields(statement, conversion);
}

void convert_omit_headers(const Statement& statement, Conversion& conversion) {
  const auto set = conversion.data_set(statement);
  if (!set) {
    return;
  }
  const FieldList omitted = read_fields(*set);
  const Names fields = usual();
  const bool matters =
      conversion.find("SignHeaders") != nullptr ||
      std::ranges::any_of(omitted.names, [&](const auto& name) { return contains(fields, name); });
  if (!matters) {
    conversion.draft().note(NoteKind::needless, statement, "none of them is signed anyway");
    return;
  }
  set_signed_fields(statement, conversion);
}

void convert_oversign_headers(const Statement& statement, Conversion& conversion) {
  const auto set = conversion.data_set(statement);
  if (!set) {
    return;
  }
  const Names names =
      accepted(read_fields(*set).names, dkim::find_oversigned_fields_fault, statement, conversion);
  conversion.draft().set("signing.oversigned_fields", quoted(names), statement);
}

void convert_canonicalization(const Statement& statement, Conversion& conversion) {
  // What stands alone is for the header (opendkim.conf(5), Canonicalization).
  const std::string value = mail::to_lower(statement.value);
  const std::size_t slash = value.find('/');
  const std::string body = slash == std::string::npos ? "simple" : value.substr(slash + 1);
  conversion.draft().set("signing.header_canonicalization", quoted(value.substr(0, slash)),
                         statement);
  conversion.draft().set("signing.body_canonicalization", quoted(body), statement);
}

}  // namespace sekisho::migrate
