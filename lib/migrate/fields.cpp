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

// What OpenDKIM 2.11 signs without SignHeaders, as its signatures show: neither Message-ID nor the
// MIME fields.
constexpr std::array<std::string_view, 20> usual_fields{"From",
                                                        "Reply-To",
                                                        "Subject",
                                                        "Date",
                                                        "To",
                                                        "Cc",
                                                        "Resent-Date",
                                                        "Resent-From",
                                                        "Resent-Sender",
                                                        "Resent-To",
                                                        "Resent-Cc",
                                                        "In-Reply-To",
                                                        "References",
                                                        "List-Id",
                                                        "List-Help",
                                                        "List-Unsubscribe",
                                                        "List-Subscribe",
                                                        "List-Post",
                                                        "List-Owner",
                                                        "List-Archive"};

bool contains(const Names& names, std::string_view name) {
  return std::ranges::any_of(
      names, [&](const std::string& one) { return mail::equals_ignoring_case(one, name); });
}

// A list of names. With "*" it is a delta to the usual ones: opendkim.conf(5), OmitHeaders.
struct FieldList {
  Names names;
  Names removed;
  Names ignored;  // of a delta, what has neither + nor - before it: as opendkim does
  bool is_delta = false;
};

FieldList read_fields(const DataSet& set) {
  FieldList list;
  list.is_delta =
      std::ranges::any_of(set.members, [](const Member& member) { return member.text == "*"; });
  for (const Member& member : set.members) {
    const std::string& name = member.text;
    if (name == "*") {
      continue;
    }
    if (!list.is_delta) {
      list.names.push_back(name);
    } else if (name.starts_with('+')) {
      list.names.push_back(name.substr(1));
    } else if (name.starts_with('-')) {
      list.removed.push_back(name.substr(1));
    } else {
      list.ignored.push_back(name);
    }
  }
  return list;
}

void tell_ignored(const FieldList& list, const Statement& statement, Conversion& conversion) {
  for (const std::string& name : list.ignored) {
    conversion.draft().note(NoteKind::needless, statement,
                            name + ": beside * a name has no effect without + or - before it");
  }
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
  FieldList list{.names = usual(), .removed = {}, .ignored = {}};
  if (const Statement* const sign = conversion.find("SignHeaders")) {
    const auto set = conversion.data_set(*sign);
    if (!set) {
      return;
    }
    list = read_fields(*set);
    tell_ignored(list, *sign, conversion);
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
  Names names = accepted(list.names, dkim::find_signed_fields_fault, statement, conversion);
  if (!contains(names, "From")) {
    names.insert(names.begin(), "From");  // an empty list would mean the usual ones
  }
  conversion.draft().set("signing.signed_fields", quoted(names), statement);
}

}  // namespace

std::string default_signed_fields() {
  return quoted(usual());
}

void convert_sign_headers(const Statement& statement, Conversion& conversion) {
  set_signed_fields(statement, conversion);
}

void convert_omit_headers(const Statement& statement, Conversion& conversion) {
  const auto set = conversion.data_set(statement);
  if (!set) {
    return;
  }
  const FieldList omitted = read_fields(*set);
  tell_ignored(omitted, statement, conversion);
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
