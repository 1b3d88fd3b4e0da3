#include "migrate/opendkim_keys.hpp"

#include "keys/key_table.hpp"
#include "keys/signing_table.hpp"
#include "keys/table.hpp"
#include "mail/domain.hpp"
#include "migrate/milter_options.hpp"

#include <charconv>
#include <utility>

namespace sekisho::migrate {

namespace {

// Why keys have no use here; nullopt where they have.
std::optional<std::string> why_unused(const Conversion& conversion) {
  if (!signs(conversion)) {
    return "nothing is signed in this Mode";
  }
  return std::nullopt;
}

// Whose mail a member of Domain means, as sign.domain has it.
std::optional<std::string> signed_domain(const Member& member, bool has_patterns) {
  const std::string& text = member.text;
  if (text == "*") {
    return text;  // of a plain list, too, as opendkim does
  }
  const bool is_below = has_patterns && text.starts_with("*.");
  const auto domain = mail::Domain::parse(is_below ? text.substr(2) : text);
  return domain ? std::optional((is_below ? "." : "") + domain->text()) : std::nullopt;
}

// The lines of a table of KeyFile's key, after its domain.
std::vector<Line> key_lines(const Statement& key_file, const Statement& selector,
                            const Conversion& conversion) {
  return {{"selector", quoted(selector.value), {format_origin(selector)}},
          {"key_file", quoted(conversion.path(key_file.value)), {format_origin(key_file)}}};
}

void add_sign(const std::string& whose, const Statement& domain, std::vector<Line> lines,
              Conversion& conversion) {
  lines.insert(lines.begin(), {"domain", quoted(whose), {format_origin(domain)}});
  conversion.draft().add({"sign", std::move(lines)}, domain);
}

// With SubDomains, mail of a sub-domain is signed in the name of the domain that is listed.
void add_domain(const Member& member, bool has_patterns, const Statement& domain,
                const std::vector<Line>& lines, Conversion& conversion) {
  const auto whose = signed_domain(member, has_patterns);
  const Statement origin{domain.name, member.text, member.place};
  if (!whose) {
    conversion.draft().note(NoteKind::lost, origin, member.text + ": not a domain");
    return;
  }
  add_sign(*whose, origin, lines, conversion);
  if (*whose == "*") {
    conversion.draft().note(
        NoteKind::by_hand, domain,
        "this key signs for the author's domain of every message, whichever it is; name the "
        "domains that have its public key in the DNS instead");
  }
  if (conversion.is_on("SubDomains") && mail::Domain::parse(*whose)) {
    const Statement* const below = conversion.find("SubDomains");
    std::vector<Line> more = lines;
    more.push_back({"signing_domain", quoted(*whose), {format_origin(*below)}});
    add_sign("." + *whose, origin, std::move(more), conversion);
  }
}

// The specification of a table with a path that does not depend on the working directory.
std::string absolute(const std::string& value, const Conversion& conversion) {
  const DataSetName name = name_data_set(value);
  if (name.kind == DataSetKind::list) {
    return value;
  }
  const std::string path = conversion.path(name.rest);
  return (name.kind == DataSetKind::patterns ? "refile:" : "file:") + path;
}

// The lines of a table; nullopt where it cannot be read at all.
std::optional<keys::TableLines> table_lines(const Statement& statement, Conversion& conversion) {
  const DataSetName name = name_data_set(statement.value);
  if (name.kind == DataSetKind::list) {
    return keys::parse_table_list(name.rest);
  }
  const auto text = conversion.text_of(conversion.path(name.rest), statement);
  if (!text) {
    return std::nullopt;
  }
  return keys::parse_table_file(*text);
}

bool is_database(const Statement& statement) {
  return name_data_set(statement.value).kind == DataSetKind::database;
}

// Why a table is of no use. One alone is refused by OpenDKIM and by Sekisho.
std::optional<std::string> why_lost(const Statement& statement, const std::string& other,
                                    const Conversion& conversion) {
  if (is_database(statement)) {
    return "only file:, refile: and csl: can be read; nothing is signed until it is written out "
           "into a file";
  }
  const Statement* const table = conversion.find(other);
  if (table == nullptr || is_database(*table)) {
    return "nothing is signed without a " + other + " that can be read";
  }
  return std::nullopt;
}

// Sets the option and notes what lines of the table have no effect. `find_fault` looks at a line,
// `other` is the option of the table that goes with it.
template <typename FindFault>
void convert_table(const std::string& option, const std::string& other, const Statement& statement,
                   Conversion& conversion, FindFault find_fault) {
  if (const auto unused = why_unused(conversion)) {
    conversion.draft().note(NoteKind::needless, statement, *unused);
    return;
  }
  if (const auto lost = why_lost(statement, other, conversion)) {
    conversion.draft().note(NoteKind::lost, statement, *lost);
    return;
  }
  const auto table = table_lines(statement, conversion);
  if (!table) {
    return;
  }
  const bool is_list = name_data_set(statement.value).kind == DataSetKind::list;
  const std::string file = conversion.path(name_data_set(statement.value).rest);
  const auto place_of = [&](std::size_t line) {
    return is_list ? statement.place : Place{file, line};
  };
  for (const std::string& problem : table->problems) {
    const std::size_t colon = problem.find(": ");
    std::size_t line = 0;
    std::from_chars(problem.data(), problem.data() + colon, line);
    conversion.draft().note(NoteKind::lost, {statement.name, "", place_of(line)},
                            problem.substr(colon + 2));
  }
  for (const keys::TableLine& line : table->lines) {
    if (const std::optional<std::string> fault = find_fault(line)) {
      conversion.draft().note(NoteKind::lost, {statement.name, "", place_of(line.number)}, *fault);
    }
  }
  conversion.draft().set(option, quoted(absolute(statement.value, conversion)), statement);
}

}  // namespace

bool signs(const Conversion& conversion) {
  return conversion.value_of("Mode", "sv").contains('s');
}

void convert_key_file(const Statement& statement, Conversion& conversion) {
  if (const auto unused = why_unused(conversion)) {
    conversion.draft().note(NoteKind::needless, statement, *unused);
    return;
  }
  if (conversion.find("KeyTable") != nullptr) {
    conversion.draft().note(NoteKind::needless, statement, "KeyTable takes its place");
    return;
  }
  const Statement* const domain = conversion.find("Domain");
  const Statement* const selector = conversion.find("Selector");
  if (domain == nullptr || selector == nullptr) {
    conversion.draft().note(NoteKind::lost, statement,
                            "nothing is signed without Domain and Selector");
    return;
  }
  const auto domains = conversion.data_set(*domain);
  if (!domains) {
    return;
  }
  const std::vector<Line> lines = key_lines(statement, *selector, conversion);
  for (const Member& member : domains->members) {
    add_domain(member, domains->has_patterns, *domain, lines, conversion);
  }
}

void convert_beside_key_file(const Statement& statement, Conversion& conversion) {
  if (const auto unused = why_unused(conversion)) {
    conversion.draft().note(NoteKind::needless, statement, *unused);
  } else if (conversion.find("KeyTable") != nullptr) {
    conversion.draft().note(NoteKind::needless, statement, "KeyTable takes its place");
  } else if (conversion.find("KeyFile") == nullptr) {
    conversion.draft().note(NoteKind::lost, statement, "nothing is signed without KeyFile");
  }
}

void convert_key_table(const Statement& statement, Conversion& conversion) {
  convert_table("signing.key_table", "SigningTable", statement, conversion,
                [](const keys::TableLine& line) -> std::optional<std::string> {
                  const auto entry = keys::parse_key_table_entry(line.value);
                  return entry ? std::nullopt : std::optional(entry.error());
                });
}

void convert_signing_table(const Statement& statement, Conversion& conversion) {
  const bool has_patterns = name_data_set(statement.value).kind == DataSetKind::patterns;
  const auto kind = has_patterns ? keys::TableKind::patterns : keys::TableKind::exact;
  convert_table("signing.signing_table", "KeyTable", statement, conversion,
                [kind](const keys::TableLine& line) -> std::optional<std::string> {
                  const auto entry = keys::parse_signing_table_entry(kind, line);
                  return entry ? std::nullopt : std::optional(entry.error());
                });
}

}  // namespace sekisho::migrate
