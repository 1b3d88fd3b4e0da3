#include "mail/tag_list.hpp"

#include "mail/ascii.hpp"
#include "mail/header_field.hpp"

#include <algorithm>
#include <utility>

namespace sekisho::mail {
namespace {

constexpr std::size_t usual_tags = 12;

/// tag-name = ALPHA *ALNUMPUNC
bool is_tag_name(std::string_view name) {
  return !name.empty() && is_alpha(name.front()) &&
         std::ranges::all_of(name, [](char c) { return is_alphanumeric(c) || c == '_'; });
}

bool is_empty(std::string_view spec) {
  return trimmed<is_folding_white_space>(spec).empty();
}

/// tag-spec = [FWS] tag-name [FWS] "=" [FWS] tag-value [FWS]
std::optional<Tag> parse_tag(std::string_view spec) {
  const std::size_t equals_sign = spec.find('=');
  if (equals_sign == std::string_view::npos) {
    return std::nullopt;
  }
  const Tag tag{trimmed<is_folding_white_space>(spec.substr(0, equals_sign)),
                trimmed<is_folding_white_space>(spec.substr(equals_sign + 1))};
  if (!is_tag_name(tag.name)) {
    return std::nullopt;
  }
  return tag;
}

}  // namespace

std::string_view format_tag_list_error(TagListError error) {
  switch (error) {
    case TagListError::syntax:
      return "not a list of tag=value pairs";
    case TagListError::duplicate_tag:
      return "a tag occurs twice";
    case TagListError::bad_character:
      return "a control character or invalid UTF-8";
    case TagListError::too_many_tags:
      return "too many tags";
  }
  std::unreachable();
}

std::expected<TagList, TagListError> TagList::parse(std::string_view text, EmptyTags empty_tags) {
  // VCHAR, blanks and folds; UTF-8 too, as RFC 6376 §3.2 advises and RFC 8616 §4 needs.
  if (!is_clean_value(text)) {
    return std::unexpected(TagListError::bad_character);
  }
  TagList list;
  list.tags_.reserve(usual_tags);
  // Blanks after the last ";" are common in key records.
  for (bool is_first = true; is_first || !is_empty(text); is_first = false) {
    const std::string_view spec = text.substr(0, text.find(';'));
    text.remove_prefix(std::min(spec.size() + 1, text.size()));
    if (empty_tags == EmptyTags::skipped && is_empty(spec)) {
      continue;
    }
    if (list.tags_.size() == max_tags) {
      return std::unexpected(TagListError::too_many_tags);
    }
    const std::optional<Tag> tag = parse_tag(spec);
    if (!tag) {
      return std::unexpected(TagListError::syntax);
    }
    if (list.find(tag->name)) {
      return std::unexpected(TagListError::duplicate_tag);
    }
    list.tags_.push_back(*tag);
  }
  return list;
}

std::optional<std::string_view> TagList::find(std::string_view name) const {
  const auto tag = std::ranges::find(tags_, name, &Tag::name);
  if (tag == tags_.end()) {
    return std::nullopt;
  }
  return tag->value;
}

}  // namespace sekisho::mail
