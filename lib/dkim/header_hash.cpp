#include "dkim/header_hash.hpp"

#include "mail/ascii.hpp"
#include "mail/line_ends.hpp"

#include <algorithm>

namespace sekisho::dkim {

namespace {

// By length first, which tells most names apart; case does not matter.
bool comes_before(std::string_view a, std::string_view b) {
  constexpr auto lower = [](char c) { return mail::to_lower(c); };
  return a.size() != b.size() ? a.size() < b.size()
                              : std::ranges::lexicographical_compare(a, b, {}, lower, lower);
}

std::string_view without_blanks_behind(std::string_view name) {
  return name.substr(0, name.find_last_not_of(mail::blanks) + 1);
}

// Where the value of a tag-spec begins if its name is b; npos if it is another tag.
std::size_t find_signature_value(std::string_view tag_spec) {
  const std::size_t equals = tag_spec.find('=');
  const bool is_signature =
      equals != std::string_view::npos &&
      mail::trimmed<mail::is_folding_white_space>(tag_spec.substr(0, equals)) == "b";
  return is_signature ? equals + 1 : std::string_view::npos;
}

}  // namespace

HeaderIndex::HeaderIndex(const mail::HeaderSection& header) {
  entries_.reserve(header.size());
  for (const mail::HeaderField& field : header) {
    entries_.push_back({without_blanks_behind(field.name), &field});
  }
  std::ranges::sort(entries_, [](const Entry& a, const Entry& b) {
    return comes_before(a.name, b.name) || (!comes_before(b.name, a.name) && a.field > b.field);
  });
}

std::span<const HeaderIndex::Entry> HeaderIndex::named(std::string_view name) const {
  return std::ranges::equal_range(entries_, without_blanks_behind(name), comes_before,
                                  &Entry::name);
}

std::size_t HeaderIndex::count(std::string_view name) const {
  return named(name).size();
}

std::vector<const mail::HeaderField*> HeaderIndex::select(std::span<const std::string> names,
                                                          const mail::HeaderField* excluded) const {
  std::vector<const mail::HeaderField*> selected;
  selected.reserve(names.size());
  std::vector<std::size_t> next(entries_.size());  // of each name, counted at its first entry
  for (const std::string& name : names) {
    const std::span<const Entry> candidates = named(name);
    if (candidates.empty()) {
      continue;
    }
    std::size_t& position = next[static_cast<std::size_t>(candidates.data() - entries_.data())];
    if (position < candidates.size() && candidates[position].field == excluded) {
      ++position;
    }
    if (position < candidates.size()) {
      selected.push_back(candidates[position].field);
      ++position;
    }
  }
  return selected;
}

mail::HeaderField without_signature_value(const mail::HeaderField& field) {
  const std::string_view value = field.value;
  for (std::size_t begin = 0; begin <= value.size();) {
    const std::size_t end = std::min(value.find(';', begin), value.size());
    const std::size_t start = find_signature_value(value.substr(begin, end - begin));
    if (start != std::string_view::npos) {
      return {field.name,
              std::string(value.substr(0, begin + start)) + std::string(value.substr(end))};
    }
    begin = end + 1;
  }
  return field;
}

void HeaderHash::add(const mail::HeaderField& field) {
  canonical_.clear();
  append_canonical_header(canonical_, field, canonicalization_);
  digest_.update(canonical_);
}

crypto::Bytes HeaderHash::ended_by(const mail::HeaderField& signature_field) const {
  std::string last = canonicalize_header(signature_field, canonicalization_);
  last.resize(last.size() - mail::crlf.size());
  crypto::Digest digest(digest_);
  digest.update(last);
  return digest.finish();
}

crypto::Bytes hash_header(std::span<const mail::HeaderField* const> fields,
                          const mail::HeaderField& signature_field,
                          Canonicalization canonicalization, crypto::HashAlgorithm algorithm) {
  HeaderHash hash(canonicalization, algorithm);
  for (const mail::HeaderField* field : fields) {
    hash.add(*field);
  }
  return hash.ended_by(signature_field);
}

}  // namespace sekisho::dkim
