#include "keys/signing_table.hpp"

#include "mail/ascii.hpp"

#include <algorithm>
#include <optional>
#include <utility>

namespace sekisho::keys {

namespace {

using Requests = std::vector<dkim::SignatureRequest>;

// Longer than any address of SMTP (RFC 5321 §4.5.3.1), so that no pattern takes long.
constexpr std::size_t max_author_octets = max_pattern_octets;
constexpr std::string_view author_domain_name = "%";

// A-labels for U-labels, as far as they are labels: patterns may break them.
std::string normalized_labels(std::string_view text) {
  std::string name;
  for (;;) {
    const std::size_t dot = std::min(text.find('.'), text.size());
    const std::string_view label = text.substr(0, dot);
    const auto parsed = label.contains('*') ? std::nullopt : mail::Domain::parse(label);
    name += parsed ? parsed->text() : mail::to_lower(label);
    if (dot == text.size()) {
      return name;
    }
    name += '.';
    text.remove_prefix(dot + 1);
  }
}

struct Parts {
  std::string_view local_part;  // with its "@"; empty: none is asked for
  std::string_view domain;
};

Parts split_author(std::string_view text) {
  const std::size_t at = text.rfind('@');
  return at == std::string_view::npos ? Parts{{}, text}
                                      : Parts{text.substr(0, at + 1), text.substr(at + 1)};
}

std::string normalized_author(std::string_view text) {
  const Parts parts = split_author(text);
  return mail::to_lower(parts.local_part) + normalized_labels(parts.domain);
}

// The one domain in which all authors are for whom this line is; nullopt where it has several.
std::optional<mail::Domain> only_domain(std::string_view author, TableKind kind) {
  const Parts parts = split_author(author);
  if (kind == TableKind::patterns && parts.local_part.empty()) {
    return std::nullopt;  // never matches: a pattern is for the whole address
  }
  if (kind == TableKind::patterns && author.contains('|')) {
    return std::nullopt;  // each alternative may have a domain of its own
  }
  return mail::Domain::parse(parts.domain);
}

// One of author_forms().
bool is_exact_form(std::string_view author) {
  const Parts parts = split_author(author);
  if (parts.local_part.contains('*') || parts.local_part == "@") {
    return false;
  }
  return parts.domain == "*" ||
         mail::Domain::parse(parts.domain.substr(parts.domain.starts_with('.') ? 1 : 0));
}

// Why i= cannot be what the table says, as far as that can be told without an author.
std::optional<std::string> fault_of_auid(const SigningTableEntry& entry, const KeyChoice* choice) {
  const auto any = mail::Domain::parse("example.org");
  const std::string example = with_percent(entry.auid, any->text());
  const auto domain = mail::Domain::parse(std::string_view(example).substr(example.rfind('@') + 1));
  if (!domain || !dkim::is_auid_of(example, *domain)) {
    return "the second field is no identity; i= is left out";
  }
  const bool is_fixed = !entry.auid.contains('%') && choice != nullptr && choice->domain();
  if (is_fixed && !domain->is_within(*choice->domain())) {
    return "the identity is not in " + choice->domain()->text() + "; i= is left out";
  }
  return std::nullopt;
}

// i= for this author. RFC 6376 §3.5 wants it within d=; opendkim too leaves it out where it is not.
std::string auid_for(const SigningTableEntry& entry, const mail::Domain& author_domain,
                     const mail::Domain& signing_domain) {
  if (entry.auid.empty()) {
    return {};
  }
  const std::string auid = with_percent(entry.auid, author_domain.text());
  return dkim::is_auid_of(auid, signing_domain) ? auid : std::string();
}

}  // namespace

std::expected<SigningTableEntry, std::string> parse_signing_table_entry(TableKind kind,
                                                                        const TableLine& line) {
  const std::size_t colon = std::min(line.value.find(':'), line.value.size());
  const std::size_t identity = line.value.find_first_not_of(" \t:", colon);
  SigningTableEntry entry{.author = normalized_author(line.key),
                          .pattern = std::nullopt,
                          .key_name = line.value.substr(0, colon),
                          .auid = identity == std::string::npos ? "" : line.value.substr(identity)};
  if (entry.key_name.empty()) {
    return std::unexpected("the name of a key is wanted");
  }
  if (kind == TableKind::exact && !is_exact_form(entry.author)) {
    return std::unexpected(
        entry.author.contains('*')
            ? "only user@* and * may stand here; for other patterns name the table with refile:"
            : "the first field is no address, no domain, and no *");
  }
  if (kind == TableKind::patterns) {
    auto pattern = Pattern::parse(entry.author);
    if (!pattern) {
      return std::unexpected(std::move(pattern).error());
    }
    entry.pattern = *std::move(pattern);
  }
  return entry;
}

std::vector<std::string> author_forms(const std::string& local_part, const mail::Domain& domain) {
  const std::string user = mail::to_lower(local_part) + "@";
  std::vector<std::string> forms = {user + domain.text(), domain.text()};
  std::string_view rest = domain.text();
  for (std::size_t dot = rest.find('.'); dot != std::string_view::npos; dot = rest.find('.', 1)) {
    rest.remove_prefix(dot);
    forms.push_back(user + std::string(rest));
    forms.emplace_back(rest);
  }
  forms.push_back(user + "*");
  forms.emplace_back("*");
  return forms;
}

SigningTable::SigningTable(const Table& table, KeyTable keys, bool multiple_signatures,
                           std::vector<std::string>& problems)
    : kind_(table.kind()), multiple_signatures_(multiple_signatures), keys_(std::move(keys)) {
  for (const TableLine& line : table.lines()) {
    auto entry = parse_signing_table_entry(table.kind(), line);
    std::string problem = entry ? "" : entry.error();
    const bool is_linked = entry && link(*entry, problem);
    if (!problem.empty()) {
      problems.push_back(table.place(line.number) + problem);
    }
    if (!is_linked) {
      continue;
    }
    if (kind_ == TableKind::exact && !by_author_.emplace(entry->author, entries_.size()).second) {
      problems.push_back(table.place(line.number) + entry->author +
                         " stands in the table already; this line has no effect");
      continue;
    }
    entries_.push_back(*std::move(entry));
  }
}

// Finds the entry's key, and what is wrong with its identity. False: the line cannot be used.
bool SigningTable::link(SigningTableEntry& entry, std::string& problem) {
  const auto domain = only_domain(entry.author, kind_);
  const bool depends = entry.key_name == author_domain_name;
  KeyChoice* choice = nullptr;
  if (!depends || domain) {
    const auto match = keys_.find(depends ? domain->text() : entry.key_name);
    if (match.found == KeyTable::Found::unknown) {
      problem =
          "there is no key " + (depends ? domain->text() : entry.key_name) + " in the KeyTable";
    }
    if (match.found != KeyTable::Found::usable) {
      return false;
    }
    choice = match.choice;
    if (domain) {
      choice->foresee(*domain);
    }
  }
  if (!entry.auid.empty()) {
    if (auto fault = fault_of_auid(entry, choice)) {
      problem = *std::move(fault);
      entry.auid.clear();
    }
  }
  return true;
}

// False: this author has no such key.
bool SigningTable::request(const SigningTableEntry& entry, const mail::Domain& domain,
                           Requests& requests) const {
  const KeyChoice* choice =
      keys_.find_usable(entry.key_name == author_domain_name ? domain.text() : entry.key_name);
  auto key = choice == nullptr ? nullptr : choice->for_author(domain);
  if (!key) {
    return false;
  }
  std::string auid = auid_for(entry, domain, key->domain);
  requests.push_back({std::move(key), std::move(auid)});
  return true;
}

Requests SigningTable::find(const std::string& local_part, const mail::Domain& domain) const {
  Requests requests;
  if (local_part.size() > max_author_octets) {
    return requests;
  }
  if (kind_ == TableKind::patterns) {
    const std::string author = mail::to_lower(local_part) + "@" + domain.text();
    for (const SigningTableEntry& entry : entries_) {
      if (entry.pattern && entry.pattern->matches(author) && request(entry, domain, requests) &&
          !multiple_signatures_) {
        break;
      }
    }
    return requests;
  }
  for (const std::string& form : author_forms(local_part, domain)) {
    const auto found = by_author_.find(form);
    if (found != by_author_.end() && request(entries_[found->second], domain, requests) &&
        !multiple_signatures_) {
      break;
    }
  }
  return requests;
}

}  // namespace sekisho::keys
