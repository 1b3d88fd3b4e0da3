// Header fields, byte for byte (RFC 5322 §2.2, RFC 6532).
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace sekisho::mail {

/// `name` is what stands before the colon and `value` all that stands after it, as the MTA or the
/// file gave it: with the leading blank, folds as CRLF and a blank, without the CRLF at the end. So
/// `simple` canonicalisation holds (RFC 6376 §3.4.1). A name read from a file may end in blanks
/// (RFC 5322 §4.5.8, obs-optional).
struct HeaderField {
  std::string name;
  std::string value;

  bool operator==(const HeaderField&) const = default;
};

/// All header fields of a message, from the top.
using HeaderSection = std::vector<HeaderField>;

/// Whether the field has this name: case does not matter, nor do blanks before the colon.
[[nodiscard]] bool is_named(const HeaderField& field, std::string_view name);
/// The fields of this name from the top. The pointers live as long as `header` is not changed.
[[nodiscard]] std::vector<const HeaderField*> fields_named(const HeaderSection& header,
                                                           std::string_view name);

/// Whether a value holds printable ASCII, blanks, folds (CRLF before a blank) and well-formed UTF-8
/// alone: no control byte, no bare CR or LF. The parsers of structured values begin with this.
[[nodiscard]] bool is_clean_value(std::string_view value);
/// The value without its line breaks: each CRLF (or bare LF) before a blank is removed (RFC 5322
/// §2.2.3).
[[nodiscard]] std::string unfold(std::string_view value);
/// A value as libmilter gives it (bare LF at the folds) with CRLF restored; a CRLF that is there
/// stays.
[[nodiscard]] std::string restore_folds(std::string_view value);

}  // namespace sekisho::mail
