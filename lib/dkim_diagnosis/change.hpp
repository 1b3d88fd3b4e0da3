// What was changed in a message after it was signed.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sekisho::dkim_diagnosis {

/// A kind of change. format_change_id() has the words for output; sekisho-why(1) lists them.
enum class ChangeId : std::uint8_t {
  body_canon,        ///< The body fits the other canonicalization than c= says.
  body_tail,         ///< Lines were added at the end.
  body_tail_crlf,    ///< The end of the last line, or empty lines at the end.
  body_head,         ///< Lines were added at the beginning.
  body_block,        ///< Lines were added in the middle.
  body_part_tail,    ///< Lines were added at the end of MIME parts.
  body_unwrap_list,  ///< The body was put into a new multipart.
  body_cte,          ///< A part was encoded or decoded (Content-Transfer-Encoding).
  body_charset,      ///< The text was converted to another charset.
  body_ends,         ///< Line ends were changed.
  body_dots,         ///< Dots at the beginning of lines (RFC 5321 §4.5.2).
  body_from,         ///< `>` before `From ` at the beginning of lines.
  body_wrap,         ///< Long lines were cut.
  body_blanks,       ///< Spaces and tabs.
  body_boundary,     ///< The boundary of a multipart was renamed.
  body_urls,         ///< Links were rewritten.
  body_l,            ///< l= and the size of the body do not agree.
  body_empty,        ///< The body was lost.
  head_subject_tag,  ///< Text was added to Subject.
  head_word,         ///< Encoded words were written in another way (RFC 2047).
  head_from_munge,   ///< From was replaced with the address of a list.
  head_added,        ///< A field was added.
  head_gone,         ///< A field was removed or replaced.
  head_double,       ///< The order of several fields of the same name was changed.
  head_fold,         ///< Line breaks in a field.
  head_case,         ///< Upper and lower case.
  head_blanks,       ///< Spaces and tabs in a field.
  head_address,      ///< A list of addresses was written in another way.
  head_date,         ///< A date was written in another way.
  head_type,         ///< Content-Type was written in another way or replaced.
  head_cte,          ///< Content-Transfer-Encoding was changed.
  head_8bit,         ///< Raw octets were encoded, or encoded words decoded.
  sig_self,          ///< The DKIM-Signature field itself was changed.
  sig_length,        ///< b= was cut, or contains characters that do not belong there.
};
/// All of them, in the order of the enumeration.
[[nodiscard]] const std::vector<ChangeId>& all_change_ids();
/// `body.tail`, `head.subject-tag`.
[[nodiscard]] std::string_view format_change_id(ChangeId id);

/// Lines and parts are those of the message as it came.
struct BodyChange {
  ChangeId id = ChangeId::body_tail;
  std::size_t line = 0;   ///< First line that is concerned, from 1 on in the body; 0: no one line.
  std::size_t lines = 0;  ///< Number of lines concerned.
  std::size_t part = 0;   ///< Number of the leaf part, from 1 on; 0: the body as a whole.

  bool operator==(const BodyChange&) const = default;
};

struct HeaderChange {
  ChangeId id = ChangeId::head_added;
  std::string field;  ///< Name of the field, as it stands in the message.
  std::size_t instance =
      0;  ///< From 1 on among the fields of its name, from the top; 0: it is gone.
  std::optional<std::string> was;  ///< Value when it was signed; nullopt: there was no such field.
  std::optional<std::string> now;  ///< Value as it came; nullopt: there is no such field.

  bool operator==(const HeaderChange&) const = default;
};

}  // namespace sekisho::dkim_diagnosis
