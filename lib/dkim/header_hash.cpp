#include "dkim/header_hash.hpp"

#include "mail/ascii.hpp"

#include <ranges>

namespace sekisho::dkim {

namespace {

constexpr std::string_view line_end = "\r\n";

std::string index_name(std::string_view name) {
  return mail::to_lower(name.substr(0, name.find_last_not_of(mail::blanks) + 1));
}

// Where the value of a tag-spec begins if its name is b; npos if it is another tag.
std::size_t find_signature_value(std::string_view tag_spec) {
  constexpr std::string_view white_space = " \t\r\n";
  const std::size_t name = tag_spec.find_first_not_of(white_space);
  if (name == std::string_view::npos || tag_spec[name] != 'b') {
    return std::string_view::npos;
  }
  const std::size_t equals = tag_spec.find_first_not_of(white_space, name + 1);
  if (equals == std::string_view::npos || tag_spec[equals] != '=') {
    return std::string_view::npos;
  }
  return equals + 1;
}

}  // namespace

HeaderIndex::HeaderIndex(const mail::HeaderSection& header) {
  for (const mail::HeaderField& field : header | std::views::reverse) {
    fields_[index_name(field.name)].push_back(&field);
  }
}

std::size_t HeaderIndex::count(std::string_view name) const {
  const auto found = fields_.find(index_name(name));
  return found == fields_.end() ? 0 : found->second.size();
}

std::vector<const mail::HeaderField*> HeaderIndex::select(std::span<const std::string> names,
                                                          const mail::HeaderField* excluded) const {
  std::vector<const mail::HeaderField*> selected;
  std::map<std::string_view, std::size_t> next;  // of each name, in its list
  for (const std::string& name : names) {
    const auto found = fields_.find(name);
    if (found == fields_.end()) {
      continue;
    }
    const auto& candidates = found->second;
    std::size_t& position = next[name];
    if (position < candidates.size() && candidates[position] == excluded) {
      ++position;
    }
    if (position < candidates.size()) {
      selected.push_back(candidates[position]);
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
  digest_.update(canonicalize_header(field, canonicalization_));
}

crypto::Bytes HeaderHash::ended_by(const mail::HeaderField& signature_field) const {
  std::string last = canonicalize_header(signature_field, canonicalization_);
  last.resize(last.size() - line_end.size());
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
