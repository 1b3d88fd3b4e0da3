// Line ends: CRLF on the wire, LF in files and in what libmilter gives.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace sekisho::mail {

inline constexpr std::string_view crlf = "\r\n";  ///< Ends a line on the wire (RFC 5322 §2.1).

/// Appends `text` with a CR put before each LF that has none. `before` is the octet that precedes
/// `text`, NUL where nothing does: a line end may lie across two chunks.
void append_with_crlf(std::string& output, std::string_view text, char before = '\0');

/// The lines of a text whose lines LF ends, without it; the last one may lack it.
[[nodiscard]] std::vector<std::string> lines_of(std::string_view text);

}  // namespace sekisho::mail
