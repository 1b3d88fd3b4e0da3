#include "keys/key_table.hpp"

#include "crypto/base64.hpp"
#include "keys/domain_paths.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include <string.h>  // NOLINT(modernize-deprecated-headers): explicit_bzero

namespace sekisho::keys {

namespace {

using KeyText = std::variant<std::string, crypto::PrivateKey>;

bool is_path(std::string_view text) {
  return text.starts_with('/') || text.starts_with("./") || text.starts_with("../");
}

// A PEM file on one line, which is no PEM any more, without its first and last dashes.
std::string_view without_armour(std::string_view text) {
  constexpr std::string_view dashes = "-----";
  if (!text.starts_with(dashes)) {
    return text;
  }
  const std::size_t begin = text.find(dashes, dashes.size());
  if (begin == std::string_view::npos) {
    return text;
  }
  text.remove_prefix(begin + dashes.size());
  return text.substr(0, text.find(dashes));
}

std::expected<KeyText, std::string> parse_inline_key(std::string_view text) {
  auto octets = crypto::decode_folded_base64(without_armour(text));
  if (!octets || octets->empty()) {
    return std::unexpected("the key is neither a path, nor PEM, nor base64");
  }
  auto key = crypto::PrivateKey::parse_der(*octets);
  explicit_bzero(octets->data(), octets->size());
  if (!key) {
    return std::unexpected(std::string(format_private_key_error(key.error())));
  }
  return *std::move(key);
}

using KeyOf = std::expected<std::variant<crypto::PrivateKey, KeyChoice::KeysByDomain>, std::string>;

KeyOf read_key(const KeyText& key, bool may_be_inline, KeyFiles& files,
               std::vector<std::string>& problems) {
  const auto* path = std::get_if<std::string>(&key);
  if (path == nullptr) {
    if (!may_be_inline) {
      return std::unexpected("the key stands in a table that others than its owner have access to");
    }
    return std::get<crypto::PrivateKey>(key);
  }
  if (path->contains('%')) {
    return read_keys_by_domain(*path, files, problems);
  }
  const auto& read = files.read(*path);
  if (!read) {
    return std::unexpected(read.error());
  }
  return *read;
}

}  // namespace

std::expected<KeyTableEntry, std::string> parse_key_table_entry(std::string_view value) {
  std::array<std::string_view, 2> fields;
  for (std::string_view& field : fields) {
    const std::size_t colon = value.find(':');
    if (colon == std::string_view::npos) {
      return std::unexpected("domain:selector:key is wanted");
    }
    field = trimmed(value.substr(0, colon));
    value.remove_prefix(colon + 1);
  }
  value = trimmed(value);
  auto domain = mail::Domain::parse(fields[0]);
  if (!domain && fields[0] != "%") {
    return std::unexpected("the first field is neither a domain nor %");
  }
  if (!is_selector(fields[1])) {
    return std::unexpected("the second field is no selector");
  }
  if (value.contains(':')) {
    return std::unexpected("more than three fields");
  }
  if (is_path(value)) {
    return KeyTableEntry{std::move(domain), std::string(fields[1]), std::string(value)};
  }
  auto key = parse_inline_key(value);
  if (!key) {
    return std::unexpected(std::move(key.error()));
  }
  return KeyTableEntry{std::move(domain), std::string(fields[1]), *std::move(key)};
}

KeyTable::KeyTable(const Table& table, KeyFiles& files, std::vector<std::string>& problems) {
  for (const TableLine& line : table.lines()) {
    const auto report = [&](const std::string& reason) {
      problems.push_back(table.place(line.number) + reason);
    };
    if (const auto added = add_line(table.kind(), line.key); !added) {
      report(added.error());
      continue;
    }
    const auto entry = parse_key_table_entry(line.value);
    if (!entry) {
      report(entry.error());
      continue;
    }
    std::vector<std::string> key_problems;
    auto key = read_key(entry->key, table.is_private(), files, key_problems);
    std::ranges::for_each(key_problems, report);
    if (!key) {
      report(key.error());
      continue;
    }
    lines_.back().choice = choices_.size();
    choices_.emplace_back(entry->domain, entry->selector, *std::move(key));
  }
}

std::expected<void, std::string> KeyTable::add_line(TableKind kind, const std::string& name) {
  if (!by_name_.emplace(name, lines_.size()).second) {
    return std::unexpected("the name " + name +
                           " stands in the table already; this line has no effect");
  }
  lines_.emplace_back();
  if (kind != TableKind::patterns) {
    return {};
  }
  auto pattern = Pattern::parse(name);
  if (!pattern) {
    return std::unexpected(std::move(pattern).error());
  }
  if (!pattern->is_literal()) {
    patterns_.push_back(lines_.size() - 1);
    lines_.back().pattern = *std::move(pattern);
  }
  return {};
}

// The first matching line counts. Names without special characters are found by hash, because
// tables with many thousand of them are common, and reading the SigningTable looks up each.
const KeyTable::Line* KeyTable::line_of(std::string_view name) const {
  const auto named = by_name_.find(std::string(name));
  const bool is_meant = named != by_name_.end() && !lines_[named->second].pattern;
  const std::size_t end = is_meant ? named->second : lines_.size();
  for (const std::size_t i : patterns_) {
    if (i > end) {
      break;
    }
    const auto& pattern = lines_[i].pattern;
    if (pattern && pattern->matches(name)) {
      return &lines_[i];
    }
  }
  return is_meant ? &lines_[end] : nullptr;
}

KeyTable::Match KeyTable::find(std::string_view name) {
  const Line* line = line_of(name);
  if (line == nullptr) {
    return {};
  }
  if (!line->choice) {
    return {Found::unusable, nullptr};
  }
  return {Found::usable, &choices_[*line->choice]};
}

const KeyChoice* KeyTable::find_usable(std::string_view name) const {
  const Line* line = line_of(name);
  return line == nullptr || !line->choice ? nullptr : &choices_[*line->choice];
}

}  // namespace sekisho::keys
