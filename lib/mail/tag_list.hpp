// The tag=value list of RFC 6376 §3.2, which DKIM, ARC and DMARC share.
#pragma once

#include <cstddef>
#include <cstdint>
#include <expected>
#include <optional>
#include <string_view>
#include <vector>

namespace sekisho::mail {

enum class TagListError {
  syntax,         ///< Not `tag-spec *( ";" tag-spec ) [ ";" ]`.
  duplicate_tag,  ///< RFC 6376 §3.2: the whole list is invalid.
  bad_character,  ///< A byte that no value may hold: NUL, other controls, invalid UTF-8.
  too_many_tags,
};
[[nodiscard]] std::string_view format_tag_list_error(TagListError error);

/// Views into the parsed text, without the white space (FWS) around name and value; folds inside a
/// value stay.
struct Tag {
  std::string_view name;
  std::string_view value;
};

/// What is made of two semicolons with nothing between them, which the grammar does not have.
enum class EmptyTags : std::uint8_t { refused, skipped };

class TagList {
 public:
  static constexpr std::size_t max_tags = 100;

  /// The views live as long as `text`.
  [[nodiscard]] static std::expected<TagList, TagListError> parse(
      std::string_view text, EmptyTags empty_tags = EmptyTags::refused);

  /// The value of a tag; names are case-sensitive (RFC 6376 §3.2).
  [[nodiscard]] std::optional<std::string_view> find(std::string_view name) const;
  /// In the order of the text.
  [[nodiscard]] const std::vector<Tag>& tags() const { return tags_; }

 private:
  std::vector<Tag> tags_;
};

}  // namespace sekisho::mail
